#include "experiments/runs/session.hpp"

namespace skein::experiments {

Session::Session(Options options, std::vector<std::string> arguments, ProgressListener listener,
                 std::function<void(std::string_view)> say)
    : options_(options),
      arguments_(std::move(arguments)),
      listener_(std::move(listener)),
      say_(std::move(say)) {}

void Session::refuse_existing(const std::filesystem::path& out) const {
  std::error_code error;
  if (!options_.force && std::filesystem::exists(out, error))
    throw ConfigError(out.string() + ": exists; --force overwrites it");
}

}  // namespace skein::experiments

#include "experiments/runs/session.hpp"

#include <limits>
#include <new>

#include "lib/base/file.hpp"

namespace skein::experiments {

Session::Session(Options options, std::vector<std::string> arguments, ProgressListener listener,
                 std::function<void(std::string_view)> say)
    : options_(options),
      arguments_(std::move(arguments)),
      listener_(std::move(listener)),
      say_(std::move(say)) {}

void Session::refuse_existing(const std::filesystem::path& out) const {
  std::error_code error;
  sweep_temporaries(out.has_parent_path() ? out.parent_path() : std::filesystem::path("."));
  if (!options_.force && std::filesystem::exists(out, error))
    throw ConfigError(out.string() + ": exists; --force overwrites it");
}

void require_seeds(std::uint64_t first, int count) {
  constexpr auto last = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (first > last || (count > 1 && last - first < static_cast<std::uint64_t>(count - 1)))
    throw ConfigError(std::to_string(count) + " seeds from " + std::to_string(first) + " on go beyond " +
                      std::to_string(last) + ", the last there may be");
}

void try_figure(const Session& session, const std::filesystem::path& file,
                const std::function<void()>& make) {
  const auto tell = [&](const char* cause) {
    session.say("note: " + file.string() + " is not drawn: " + cause);
  };
  try {
    make();
  } catch (const ConfigError& e) {
    tell(e.what());
  } catch (const std::bad_alloc&) {
    tell("out of memory");
  }
}

}  // namespace skein::experiments

#include "experiments/nets/bred_picture.hpp"

#include <charconv>
#include <filesystem>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/search/brood.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint32_t> counted(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number == 0) return std::nullopt;
  return number;
}

}  // namespace

std::optional<neat::AnnotatedGenome> bred_picture(const std::string& argument) {
  const auto mark = argument.rfind('#'), dot = argument.rfind('.');
  std::error_code error;
  if (mark == std::string::npos || dot == std::string::npos || dot < mark || fs::exists(argument, error))
    return std::nullopt;
  const auto generation = counted(std::string_view(argument).substr(mark + 1, dot - mark - 1)),
             picture = counted(std::string_view(argument).substr(dot + 1));
  const fs::path folder = argument.substr(0, mark);
  if (!generation || !picture || !fs::exists(folder / "session.jsonl", error)) return std::nullopt;
  const std::string number = std::to_string(*generation);
  const fs::path kept = folder / "generations" / (number + "." + std::to_string(*picture) + ".genome"),
                 bred = folder / "generations" / (number + ".brood");
  if (fs::exists(kept, error)) return neat::read_genome(kept);
  if (!fs::exists(bred, error)) throw ConfigError(argument + ": the session has no generation " + number);
  neat::Brood brood = neat::parse_brood(read_file(bred), bred.string());
  if (*picture > brood.size())
    throw ConfigError(argument + ": generation " + number + " has " + std::to_string(brood.size()) +
                      " pictures");
  return std::move(brood[*picture - 1].annotated);
}

}  // namespace skein::experiments

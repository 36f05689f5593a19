#include "experiments/cli/strict_values.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

namespace skein::experiments {
namespace {

/// What is wrong with a number as it was typed; nothing when it is one of the option's kind. The parser by itself
/// wraps -1 round, cuts what is too large to the largest there is, and reads 010 as 8.
std::string number_trouble(const std::string& kind, const std::string& text) {
  if (kind == "FLOAT") {
    const char* end = text.c_str();
    const double number = std::strtod(text.c_str(), const_cast<char**>(&end));
    if (end == text.c_str() || *end != '\0') return "'" + text + "' is not a number";
    return std::isfinite(number) ? "" : "'" + text + "' is not a finite number";
  }
  const bool negative = text.starts_with('-');
  const std::string digits = text.substr(negative || text.starts_with('+') ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos)
    return "'" + text + "' is not a whole number";
  if (digits.size() > 1 && digits[0] == '0') return "'" + text + "' begins with a nought";
  if (negative && kind == "UINT") return "'" + text + "' is below 0, the least there may be";
  std::int64_t number = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc())
    return "'" + text + "' is beyond " + std::to_string(std::numeric_limits<std::int64_t>::max()) +
           ", the most there may be";
  return "";
}

std::string value_trouble(const std::string& kind, const std::string& text) {
  if (kind == "INT" || kind == "UINT" || kind == "FLOAT") return number_trouble(kind, text);
  return text.empty() ? "an empty text says nothing" : "";
}

void make_strict(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_type_size() == 0) continue;  // a flag
    const std::string full = option->get_type_name();
    const std::string kind = full.substr(0, full.find(':'));
    option->check(
        CLI::Validator([kind](std::string& text) { return value_trouble(kind, text); }, "", "strict"));
  }
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) make_strict(*command);
}

}  // namespace

void read_values_strictly(CLI::App& app) { make_strict(app); }

}  // namespace skein::experiments

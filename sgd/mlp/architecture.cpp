#include "sgd/mlp/architecture.hpp"

#include <charconv>

#include "lib/base/error.hpp"

namespace skein::sgd {

namespace {

/// Text from the user for a message of one line: cut, and with blanks for what does not print.
std::string quoted(std::string_view text, std::size_t most) {
  std::string result(text.substr(0, most));
  for (char& c : result)
    if (c < ' ' || c > '~') c = ' ';
  return '"' + result + '"';
}

[[noreturn]] void refuse_architecture(std::string_view whole, const std::string& what) {
  throw ConfigError("architecture " + quoted(whole, 200) + ": " + what);
}

int parse_count(std::string_view text, const std::string& what, int limit, std::string_view whole) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > limit)
    refuse_architecture(whole, what + " is " + quoted(text, 40) + ", a whole number from 1 to " +
                                   std::to_string(limit) + " is needed");
  return count;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// One "kind:count".
std::pair<UnitKind, int> parse_column(std::string_view column, std::string_view whole) {
  const auto colon = column.find(':');
  const std::string_view kind = trimmed(column.substr(0, colon));
  const auto activation = parse_activation(kind);
  if (colon == std::string_view::npos || (!activation && kind != "cache")) {
    std::string kinds = "cache";
    for (const Activation known : all_activations) kinds += ", " + std::string(skein::name(known));
    refuse_architecture(whole, quoted(column, 40) + " is not kind:count with a kind of " + kinds);
  }
  return {UnitKind{activation.value_or(Activation::identity), !activation},
          parse_count(trimmed(column.substr(colon + 1)), "count of " + std::string(kind), widest_mlp, whole)};
}

}  // namespace

std::string_view name(UnitKind kind) { return kind.cache ? "cache" : skein::name(kind.activation); }

int Architecture::width() const {
  int sum = 0;
  for (const auto& [kind, count] : columns) sum += count;
  return sum;
}

std::vector<UnitKind> Architecture::kinds() const {
  std::vector<UnitKind> result;
  for (const auto& [kind, count] : columns)
    result.insert(result.end(), static_cast<std::size_t>(count), kind);
  return result;
}

std::string Architecture::text() const {
  std::string result = std::to_string(depth);
  char separator = ';';
  for (const auto& [kind, count] : columns) {
    result += separator;
    result += std::string(name(kind)) + ':' + std::to_string(count);
    separator = ',';
  }
  return result;
}

Architecture parse_architecture(std::string_view text) {
  const std::string_view whole = trimmed(text);
  const auto semicolon = whole.find(';');
  if (semicolon == std::string_view::npos)
    refuse_architecture(whole, "no ';' between depth and columns; for example 12;cache:15,gaussian:4");
  Architecture result;
  result.depth = parse_count(trimmed(whole.substr(0, semicolon)), "depth", deepest_mlp, whole);
  for (std::string_view rest = whole.substr(semicolon + 1);;) {
    const auto comma = rest.find(',');
    const auto [kind, count] = parse_column(trimmed(rest.substr(0, comma)), whole);
    for (const auto& [known, columns] : result.columns)
      if (known == kind) refuse_architecture(whole, std::string(name(kind)) + " is named twice");
    result.columns.emplace_back(kind, count);
    if (result.width() > widest_mlp)
      refuse_architecture(whole, "wider than " + std::to_string(widest_mlp) + " columns");
    if (comma == std::string_view::npos) return result;
    rest = rest.substr(comma + 1);
  }
}

}  // namespace skein::sgd

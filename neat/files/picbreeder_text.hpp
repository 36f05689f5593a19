#pragma once

#include <charconv>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "neat/genome/genome.hpp"

/// The small pieces of Picbreeder's format: numbers, markings, text.
namespace skein::neat {

/// Without white space at the ends.
std::string_view trimmed(std::string_view text);

/// The whole text as a number; nothing when it is none, or too large.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The branch (a whole number, or a word that gets its number) and the whole id of an element; nothing when one is
/// missing.
std::optional<Marking> marking_of(const pugi::xml_node& element);

/// A text for a message; a damaged file's may be long or hold anything.
std::string in_quotes(std::string_view text);

}  // namespace skein::neat

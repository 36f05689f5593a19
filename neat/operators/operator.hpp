#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace skein::neat {

/// What can happen to a genome on its way from parent to child.
enum class Operator : std::uint8_t {
  weights,
  add_link,
  add_node,
  enable,
  disable,
  activation,
  multipoint,
  averaging,
  interspecies,
  gradient,  ///< weights fitted and inherited
};

inline constexpr std::array<std::string_view, 10> operator_names{
    "weights",    "add-link",   "add-node",  "enable",       "disable",
    "activation", "multipoint", "averaging", "interspecies", "gradient"};

/// A set of operators.
class Operators {
 public:
  constexpr Operators() = default;
  constexpr explicit Operators(std::uint16_t bits) : bits_(bits) {}
  constexpr void insert(Operator op) {
    bits_ = static_cast<std::uint16_t>(bits_ | 1u << static_cast<unsigned>(op));
  }
  constexpr bool contains(Operator op) const { return (bits_ >> static_cast<unsigned>(op) & 1u) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint16_t bits() const { return bits_; }
  constexpr bool operator==(const Operators&) const = default;

 private:
  std::uint16_t bits_ = 0;
};

}  // namespace skein::neat

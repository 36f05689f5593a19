#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sgd/mlp/architecture.hpp"

namespace skein::experiments {

/// What stays the same when a dense network is made deeper or shallower: the columns of a layer, or the number of weights.
enum class WidthRule : std::uint8_t { equal, weights };

/// "equal" or "weights". Throws ConfigError.
WidthRule width_rule(std::string_view name);
std::string_view name(WidthRule rule);

/// The most hidden layers that a run may ask for by number.
inline constexpr int deepest_axis = 64;
/// The most layers more or less than its own that a target's networks may have.
inline constexpr int deepest_offset = 16;

/// The number of weights of the dense picture network of that architecture, without building it.
std::int64_t dense_weights(const sgd::Architecture& architecture);

/// The architecture with `offset` layers more. By `weights` its kinds of unit are widened or narrowed in proportion (each
/// keeps one column) until the dense network has as nearly as it can the number of weights of the original. Throws
/// ConfigError when no layer is left.
sgd::Architecture at_offset(const sgd::Architecture& own, int offset, WidthRule rule = WidthRule::equal);

/// The architecture with its kinds of unit widened or narrowed in proportion (each keeps one column) until its dense picture
/// network has as nearly as it can so many weights.
sgd::Architecture with_weights(sgd::Architecture architecture, std::int64_t wanted);

/// "2,3,8" or "2..8" to rising depths, each in 1..`deepest_axis`. Throws ConfigError for none, one that is out of range
/// or named twice, and an order that falls.
std::vector<int> parse_depths(const std::string& text);

/// "-2..2" or "-1,1,2" to the offsets other than 0. Throws ConfigError; at most 16 either way.
std::vector<int> parse_offsets(const std::string& text);

}  // namespace skein::experiments

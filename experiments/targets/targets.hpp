#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/network/grid.hpp"
#include "lib/picture/picture.hpp"
#include "neat/genome/genome.hpp"

namespace skein::experiments {

/// A picture that comes with the program.
struct BuiltInTarget {
  std::string name;         ///< written @name on the command line
  std::string description;  ///< one line: what it shows and where it comes from
  /// The genome that draws it, with a factor label on each link where it was written by hand. Empty for a
  /// picture made by a formula.
  std::function<neat::AnnotatedGenome()> genome;
  std::function<Picture(const Grid&)> draw;
};

/// All of them: by hand, by formula, evolved.
std::span<const BuiltInTarget> built_in_targets();

/// The one of that name, with or without the @. Throws ConfigError that lists the names.
const BuiltInTarget& built_in_target(std::string_view name);

}  // namespace skein::experiments

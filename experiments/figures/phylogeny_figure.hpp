#pragma once

#include <span>
#include <string>

#include "experiments/drawing/drawing.hpp"
#include "neat/search/lineage.hpp"

namespace skein::experiments {

/// The ancestry of the chosen: every birth a point at its generation (across) and fitness (up), joined to its
/// parents; the chosen and their lines of mothers stand out. Pointing at a birth tells its number (SVG).
Drawing phylogeny_figure(const neat::Lineage& lineage, std::span<const neat::BirthNumber> chosen,
                         const std::string& title);

}  // namespace skein::experiments

#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "experiments/compare/results.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

inline constexpr const char* cross_name = "cross_participation";

/// How the networks of a target judge each other: what is looked at of each, and by how many.
struct CrossSettings {
  int weights = 96;               ///< moved in each network, up and down; `quick` moves half as many
  std::size_t judges = 48;        ///< of more networks than these only some judge, by a hash of their keys
  std::size_t most_rows = 2'000;  ///< of a target with more networks it is not computed

  static CrossSettings of_budget(const std::string& budget);
};

/// One row's number, and of which network it is.
struct CrossValue {
  std::string digest;  ///< of the row's network
  double value = 0;
};
using CrossValues = std::map<RowKey, CrossValue>;

/// RUN/cross_participation.json: what is known of each network, and of which targets all networks have been judged.
struct CrossBook {
  CrossValues values;
  std::map<std::string, std::string> judged;  ///< by target: a digest of all that its numbers depend on
};

/// Nothing where there is no such file. Throws FormatError.
CrossBook read_cross_book(const std::filesystem::path& run);

/// Writes into RUN/cross_participation.json the `cross_participation` (cross_parts.hpp) of every row that has a network
/// and a visible step: the rivals are the other such rows of its target, the regions those of RUN/target.png or
/// RUN/targets/NAME.png. It needs all rows, so it is taken once they are made; it does not depend on their order.
/// Networks that are damaged or missing are passed over. The file is brought up to date after each target; a target
/// whose networks are those that it was judged by is left as it is. Throws Error when the listener asks to stop.
void measure_across(const std::filesystem::path& run, bool by_target, const RowSource& rows,
                    const CrossSettings& settings, const ProgressListener& listener);

/// The rows with this measure added where their network is the one that was judged; one that they had is replaced.
RowSource with_cross_values(RowSource rows, CrossValues values);
void add_cross_value(CompareRow& row, const CrossValues& values);
/// The same with the numbers that the run's file holds; without them where it is missing or damaged (they are made anew
/// at the end).
RowSource with_known_cross_values(RowSource rows, const std::filesystem::path& run);

}  // namespace skein::experiments

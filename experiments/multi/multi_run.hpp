#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/multi/several_pictures.hpp"
#include "experiments/multi/sharing.hpp"
#include "experiments/runs/run_folder.hpp"

namespace skein::experiments {

/// One of the pictures that are drawn together.
struct MultiTarget {
  std::string name;
  Picture picture;
};

/// Loads TARGET arguments at `size` pixels a side. Throws as `load_target`, ConfigError for fewer than two, two of one name,
/// pictures of different shapes and of one colour.
std::vector<MultiTarget> multi_targets(const std::vector<std::string>& arguments, int size);
/// The picture of a labelled genome ("whole") and of the same without each of its counted parts ("without mouth"): pictures
/// that do share. Throws as `load_parts`, ConfigError where fewer than two remain.
std::vector<MultiTarget> family_targets(const std::string& genome, int size);

struct MultiSettings {
  std::vector<MultiKind> kinds{MultiKind::heads, MultiKind::coded, MultiKind::separate_each,
                               MultiKind::separate_total};
  std::vector<int> offsets{0};  ///< of depth, from the architecture's
  sgd::Architecture architecture;
  int seeds = 3;
  std::uint64_t first_seed = 0;
  sgd::TrainSettings training;  ///< its seed is each row's own

  void validate() const;  ///< throws ConfigError
};

struct MultiKey {
  MultiKind kind = MultiKind::heads;
  int offset = 0;
  std::uint64_t seed = 0;
  std::string id() const;  ///< "heads-depth+1-s0"
};

/// All pictures drawn in one way.
struct MultiRow {
  MultiKey key;
  int depth = 0, width = 0;  ///< hidden layers and their columns
  std::int64_t numbers = 0, weights_each = 0;
  std::vector<double> losses;      ///< of each picture, in parts of the loss of its own mean colour
  std::optional<Sharing> sharing;  ///< nothing where no unit is shared by construction
  std::optional<double> d_abl;     ///< likewise; see `ablation_difference`
  std::string failed;              ///< why it has no numbers
};

/// Every row, seeds within depths within kinds. What the run's folder holds is not made again; each network is written to
/// networks/ID-TARGET.mlp. Throws Interrupted when the session's listener stops it.
std::vector<MultiRow> run_multi(const std::vector<MultiTarget>& targets, const MultiSettings& settings,
                                const RunFolder& run, const Session& session);

}  // namespace skein::experiments

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/jobs/recursion_arm.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/target_shelf.hpp"
#include "experiments/records/record_file.hpp"
#include "experiments/rows/compare_row.hpp"
#include "experiments/rows/row_options.hpp"
#include "lib/base/progress.hpp"
#include "sgd/mlp/mlp.hpp"
#include "sgd/train/train.hpp"

namespace skein::experiments {

/// The dense network that all cut rows of a seed start from, trained for the first half of the steps.
struct Parent {
  sgd::Mlp mlp;
  std::int64_t steps = 0;
  std::string trouble;  ///< the cause when its training diverged and was done at a tenth of the rate
};

/// What is handed to a method that makes its network.
struct RowWork {
  const RowKey& key;
  const RowTarget& target;
  const RowOptions& options;
  sgd::TrainSettings settings;  ///< of this attempt
  std::filesystem::path folder;
  std::function<Parent()> parent;  ///< of a cut row
  std::function<sgd::Mlp()> like;  ///< the network of the row that a control matches
  /// The state that a longer training of the same settings may go on from; empty: there is none.
  std::function<std::optional<sgd::TrainState>()> begun;
  RoundBook rounds;
  ProgressListener listener;
  std::function<bool()> may_write;
};

/// A network as its method leaves it.
struct MadeRow {
  Net network;  ///< layers, or rounds that share their weights: an MLP or a recursion
  double loss = 0, best_loss = 0;
  std::int64_t steps = 0;  ///< with the parent's; 0: untrained, the losses are those of the network
  std::string curve;       ///< of the losses, as CSV; empty: untrained
  std::string trouble;     ///< the parent's
  std::vector<RoundRecord> rounds;
};

/// A method of the comparison, one line of `row_methods`.
struct RowMethod {
  std::string name = {};   ///< in --methods
  std::string label = {};  ///< for people
  std::string note = {};   ///< how its networks come about, for reports
  RowFamily family = RowFamily::dense;
  std::string optimizer = {};  ///< "": what the options say
  bool in_quick = false;       ///< part of the budget `quick`
  bool needs_genome = false;
  bool transferred = false;  ///< its wiring is that of another genome, which the option `wiring` names
  bool seeded = true;        ///< whether chance plays a part
  bool at_depths = false;    ///< has rows at other depths too
  bool rectified = false;    ///< its dense start has rectified linear units only
  bool only_named = false;   ///< in no budget: made where --methods names it
  /// How a recursion is made of the option `recursion`; nothing where the network is layers.
  std::optional<RecursionArm> arm = {};
  bool is_cut = false;      ///< ends at a count of weights
  bool from_parent = true;  ///< of a cut row: starts from the dense parent, not from random weights
  bool in_rounds = false;   ///< of a cut row: the option `rounds` says how often it is cut and retrained
  bool trains = true;
  std::string like = {};  ///< the method whose row of the same count it matches; "": none
  std::vector<std::string> against =
      {};  ///< the methods that it is tested against, at its own count and depth
  /// Makes the network. Nothing when the listener asked to stop. Throws ConfigError for a row that cannot be,
  /// NumericError when the training leaves the finite numbers.
  std::function<std::optional<MadeRow>(const RowWork& work)> make = {};
};

/// Every method, in the order of tables. A new kind of row is a file with a function that gives a RowMethod and a
/// line of this table; a new way of pruning is a line of `sgd::prune_methods` and stands here by itself.
std::span<const RowMethod> row_methods();

/// Nothing for a name that is not in the table.
const RowMethod* find_method(std::string_view name);

/// "SP, 1404": the method's label and what the key adds. A method that the table has not stands by its name.
std::string label_of(const RowKey& key);
RowFamily family_of(const RowKey& key);

RowMethod evolved_row();
RowMethod dense_adam_row();
RowMethod dense_muon_row();
RowMethod dense_relu_row();
RowMethod retrained_row();
RowMethod retrained_frozen_row();
RowMethod shuffled_evolved_row();
RowMethod weight_sparse_row();
RowMethod transferred_row();
RowMethod shuffled_transferred_row();
/// The row of a recursion.
RowMethod recursion_row(RecursionArm arm);
/// The row of a way of pruning.
RowMethod cut_row(const sgd::PruneMethod& method);

/// Whether rows of the method differ by an option of rows: `recursion` is for recursions alone, and what is of layers
/// (`arch`, `widths`) or of cutting (`rewind-step`) or draws weights to 0 (`penalty`) is not for them; `wiring` is for
/// transferred rows, `rounds` and `parent-part` are for rows that are cut from a parent.
bool uses_option(const RowMethod& method, std::string_view option);
/// The options of a variant that the method uses.
Variant used_options(const RowMethod& method, const Variant& variant);

/// The wiring that the option `wiring` names. Throws ConfigError.
sgd::Wiring transferred_wiring(const RowOptions& options);

/// The network without its weights of exactly 0.
sgd::Mlp without_zeros(const sgd::Mlp& mlp);

/// Trains a start as the row is trained, to the end. Nothing when stopped.
std::optional<MadeRow> train_from(const RowWork& work, const sgd::Wiring& wiring, const Weights& start,
                                  bool freeze_copies = false);

/// The wiring and initial weights of a dense network of the row's architecture, of rectified linear units only
/// where `relu`.
sgd::Mlp dense_start(const RowTarget& target, const RowOptions& options, int depth, std::uint64_t seed,
                     bool relu = false);

}  // namespace skein::experiments

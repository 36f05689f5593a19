#include "experiments/multi/multi_run.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "experiments/multi/multi_rows.hpp"
#include "experiments/records/row_key.hpp"
#include "experiments/rows/depth_axis.hpp"
#include "experiments/runs/shared_work.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

std::vector<MultiKey> keys_of(const MultiSettings& settings) {
  std::vector<MultiKey> keys;
  for (const MultiKind kind : settings.kinds)
    for (const int offset : settings.offsets)
      for (int s = 0; s < settings.seeds; ++s)
        keys.push_back({kind, offset, settings.first_seed + static_cast<std::uint64_t>(s)});
  return keys;
}

fs::path network_file(const RunFolder& run, const MultiKey& key, const MultiTarget& target) {
  return run.file("networks") / (key.id() + "-" + file_name(target.name) + ".mlp");
}

/// The rows that metrics.jsonl holds and whose networks are there; what is torn or damaged is made again.
std::map<std::string, MultiRow> known_rows(const RunFolder& run, const std::vector<MultiTarget>& targets,
                                           const std::vector<MultiKey>& keys) {
  std::map<std::string, MultiRow> known;
  run.each_record([&](const nlohmann::ordered_json& json) {
    const auto id = json.find("row");
    if (id == json.end() || !id->is_string()) return;
    const auto key = std::ranges::find(keys, id->get<std::string>(), &MultiKey::id);
    if (key == keys.end()) return;
    auto row = multi_row_of(json, *key, targets.size());
    const bool there =
        row && (!row->failed.empty() || std::ranges::all_of(targets, [&](const MultiTarget& target) {
          return fs::exists(network_file(run, *key, target));
        }));
    if (there) known[key->id()] = std::move(*row);
  });
  return known;
}

/// Nothing when stopped.
std::optional<MultiRow> make_row(const std::vector<MultiTarget>& targets, const MultiKey& key,
                                 const MultiSettings& settings, const RunFolder& run, SharedWork& work) {
  const sgd::Architecture architecture = at_offset(settings.architecture, key.offset);
  std::vector<Picture> pictures;
  for (const MultiTarget& target : targets) pictures.push_back(target.picture);
  sgd::TrainSettings training = settings.training;
  training.seed = key.seed;
  MultiRow row;
  row.key = key;
  row.depth = architecture.depth;
  std::optional<SeveralPictures> drawn;
  try {
    drawn = draw_several(key.kind, architecture, pictures, training,
                         [&](const Progress&) { return work.go_on(); });
  } catch (const NumericError& error) {
    row.failed = error.what();
    return row;
  }
  if (!drawn) return std::nullopt;
  row.width = static_cast<int>(drawn->networks.front().wiring.hidden.front().size());
  row.numbers = drawn->numbers;
  row.weights_each = drawn->weights_each;
  for (std::size_t k = 0; k < pictures.size(); ++k)
    row.losses.push_back(drawn->losses[k] / mean_squared_error(mean_colour(pictures[k]), pictures[k]));
  if (key.kind == MultiKind::heads || key.kind == MultiKind::coded) {
    const UnitUse use = unit_use(drawn->networks, pictures);
    row.sharing = sharing_of(use);
    row.d_abl = ablation_difference(drawn->networks, pictures, use);
  }
  for (std::size_t k = 0; k < targets.size(); ++k)
    sgd::write_mlp(network_file(run, key, targets[k]), drawn->networks[k]);
  return row;
}

}  // namespace

void MultiSettings::validate() const {
  if (kinds.empty()) throw ConfigError("--kinds: names none");
  for (const MultiKind kind : kinds)
    if (std::ranges::count(kinds, kind) > 1)
      throw ConfigError("--kinds: " + std::string(name(kind)) + " is given twice");
  if (offsets.empty()) throw ConfigError("--offsets: there are none");
  if (seeds < 1 || seeds > 1000)
    throw ConfigError("--seeds " + std::to_string(seeds) + ": must be 1 to 1000");
  if (training.steps < 1) throw ConfigError("--steps: at least 1 is needed");
  for (const int offset : offsets) at_offset(architecture, offset);
  training.validate();
}

std::string MultiKey::id() const {
  std::string text(name(kind));
  if (offset != 0) text += "-depth" + std::string(offset > 0 ? "+" : "") + std::to_string(offset);
  return text + "-s" + std::to_string(seed);
}

std::vector<MultiRow> run_multi(const std::vector<MultiTarget>& targets, const MultiSettings& settings,
                                const RunFolder& run, const Session& session) {
  settings.validate();
  make_folder(run.file("networks"));
  const std::vector<MultiKey> keys = keys_of(settings);
  auto rows = known_rows(run, targets, keys);
  std::vector<MultiKey> missing;
  for (const MultiKey& key : keys)
    if (!rows.contains(key.id())) missing.push_back(key);
  SharedWork work("rows", std::ssize(keys), std::ssize(keys) - std::ssize(missing), session.listener());
  const bool ended = work.each(
      missing.size(), [&](std::size_t i) { return make_row(targets, missing[i], settings, run, work); },
      [&](std::size_t i, MultiRow row) {
        run.record(to_json(row));
        rows[missing[i].id()] = std::move(row);
      });
  if (!ended) throw Interrupted("stopped; the same command resumes " + run.path().string());
  std::vector<MultiRow> in_order;
  for (const MultiKey& key : keys) in_order.push_back(std::move(rows.at(key.id())));
  return in_order;
}

}  // namespace skein::experiments

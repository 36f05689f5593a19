#include "experiments/rows/row_context.hpp"

#include <utility>

#include "experiments/records/digest.hpp"
#include "experiments/records/record_file.hpp"
#include "experiments/rows/row_measures.hpp"
#include "experiments/rows/row_methods.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/train/checkpoint.hpp"

namespace skein::experiments {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

const RowTarget& RowContext::target_of(const PlannedRow& row) const {
  return targets->at(row.target, with_variant(settings.options, row.key.variant).size);
}

const PictureParts* RowContext::parts_of_row(const RowKey& key) const {
  const auto found = parts.find(key.target);
  return found == parts.end() ? nullptr : &found->second;
}

fs::path RowContext::record_of_row(const RowKey& key) const {
  return run / row_folder(key, by_target) / "row.json";
}

fs::path RowContext::record_of_parent(const RowKey& key) const {
  return run / parent_folder(key, by_target) / "row.json";
}

std::uint64_t content_of(const CompareSettings& settings, const RowTarget& target) {
  std::uint64_t content = fnv1a(settings.budget);
  for (const RowOption& option : row_option_table())
    if (!option.later || option.get(settings.options) != option.get(RowOptions{}))
      content = fnv1a(option.get(settings.options).dump() + ";", content);
  content = fnv1a(target.architecture + hex_text(sgd::fingerprint(target.picture)), content);
  return target.evolved ? fnv1a(sgd::encode_mlp(*target.evolved), content) : content;
}

RowContext context_of(CompareSettings settings, fs::path run, const TargetShelf& targets, bool by_target) {
  RowContext context{std::move(settings), std::move(run), &targets, by_target, {}, {}};
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const RowTarget& target = targets.at(t);
    context.contents[target.name] = content_of(context.settings, target);
    if (auto parts = parts_of_target(target)) context.parts.emplace(target.name, *std::move(parts));
  }
  return context;
}

std::string RowContext::hash_of_row(const RowKey& key) const {
  const auto content = contents.find(key.target);
  return hash_of(key, content == contents.end() ? 0 : content->second);
}

CompareRow blank_row(const RowContext& context, const RowPlan& plan, const PlannedRow& planned) {
  CompareRow row;
  row.key = planned.key;
  if (planned.like != no_row) row.parent = id_of(plan.rows[static_cast<std::size_t>(planned.like)].key);
  else if (planned.parent != no_row)
    row.parent = id_of(plan.parents[static_cast<std::size_t>(planned.parent)].key);
  const RowMethod* method = find_method(planned.key.method);
  if (!method || !method->trains) return row;
  const RowOptions options = options_of(context.settings, planned.key);
  row.optimizer = options.training.optimizer;
  row.learning_rate = options.training.rate;
  return row;
}

std::optional<CompareRow> finished_row(const RowContext& context, const RowKey& key) {
  const RecordFile record(context.record_of_row(key), context.hash_of_row(key));
  const auto json = record.read();
  if (!json) return std::nullopt;
  try {
    if (json->value("made", false) || !json->contains("status")) return std::nullopt;
    CompareRow row = row_from_json(*json, record.path().string());
    if (!is_finished(row.status)) return std::nullopt;
    return row;
  } catch (const FormatError&) {
    return std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

CompareRow record_failed(const RowContext& context, const RowPlan& plan, const PlannedRow& planned,
                         const std::string& cause) {
  CompareRow row = blank_row(context, plan, planned);
  row.status = RowStatus::failed;
  row.note = cause;
  Json members = to_json(row);
  members["state"] = name(row.status);
  RecordFile(context.record_of_row(planned.key), context.hash_of_row(planned.key)).write(members);
  return row;
}

}  // namespace skein::experiments

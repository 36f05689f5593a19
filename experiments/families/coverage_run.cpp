#include "experiments/families/coverage_run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "experiments/measures/cross_parts.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/statistics/rank_correlation.hpp"
#include "experiments/statistics/spread.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

constexpr int weights_moved = 96;  // for a student's participation

std::vector<std::string> key_fields(const CoverageRow& row) {
  return {std::string(name(row.key.support)), number_text(row.key.held_out), std::to_string(row.key.width),
          std::to_string(row.key.seed)};
}

double last_decodability(const CoverageRow& row) {
  return row.coverage.decodability.empty() ? std::nan("") : row.coverage.decodability.back().r2;
}

/// The share to hold out of connected supports so that they see as many combinations as this one does; nothing where so
/// few do not join all parts.
std::optional<double> share_as_small(const PictureFamily& family, const CoveragePlan& plan, Support support) {
  const CodeSplit split = split_of(family, support, 0.5, plan.first_seed);
  const double share =
      static_cast<double>(split.unseen.size()) / static_cast<double>(family.combinations().size());
  try {
    for (int s = 0; s < plan.seeds; ++s)
      split_of(family, Support::connected, share, plan.first_seed + static_cast<std::uint64_t>(s));
  } catch (const ConfigError&) {
    return std::nullopt;
  }
  return share;
}

}  // namespace

void CoveragePlan::validate() const {
  settings.validate();
  if (held_out.empty() || widths.empty()) throw ConfigError("--held-out and --widths need one value or more");
  for (const double share : held_out)
    if (!(share > 0 && share < 1))
      throw ConfigError("held out " + std::to_string(share) + ": must lie between 0 and 1");
  for (const int width : widths)
    if (width < 3 || width > 1024)
      throw ConfigError("width " + std::to_string(width) + ": must be 3 to 1024");
  if (seeds < 1 || seeds > 1000) throw ConfigError("seeds " + std::to_string(seeds) + ": must be 1 to 1000");
}

std::string CoverageKey::id() const {
  const std::string share = held_out > 0 ? "-" + number_text(held_out, 6) : "";
  return std::string(name(support)) + share + "-w" + std::to_string(width) + "-s" + std::to_string(seed);
}

std::vector<CoverageKey> students_of(const PictureFamily& family, const CoveragePlan& plan) {
  std::vector<CoverageKey> keys;
  const auto add = [&](Support support, double share, int width) {
    for (int s = 0; s < plan.seeds; ++s) {
      const CoverageKey key{support, share, width, plan.first_seed + static_cast<std::uint64_t>(s)};
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
  };
  for (const double share : plan.held_out)
    for (const int width : plan.widths) add(Support::connected, share, width);
  if (!plan.controls) return keys;
  const double share = plan.held_out[plan.held_out.size() / 2];
  const int width = plan.widths[plan.widths.size() / 2];
  for (const Support support : {Support::disconnected, Support::missing}) {
    add(support, 0, width);
    if (const auto held_out = share_as_small(family, plan, support))
      add(Support::connected, *held_out, width);
  }
  add(Support::shuffled, share, width);
  return keys;
}

std::optional<CoverageRow> make_student(const PictureFamily& family, const PartRegions& regions,
                                        const CoverageKey& key, const CoverageSettings& settings,
                                        const std::filesystem::path& network,
                                        const ProgressListener& listener) {
  // Supports that hold out what they must ask for no share.
  const CodeSplit split = split_of(family, key.support, key.held_out > 0 ? key.held_out : 0.5, key.seed);
  std::optional<sgd::Mlp> student;
  try {
    student = train_student(family, split, key.width, settings, key.seed, listener);
  } catch (const NumericError& error) {
    CoverageRow failed{key, split.seen.size(), split.unseen.size(), 0, {}, std::nan(""), error.what()};
    Coverage& c = failed.coverage;
    c.seen_error = c.seen_r2 = c.unseen_error = c.unseen_r2 = c.nearest_r2 = std::nan("");
    return failed;
  }
  if (!student) return std::nullopt;
  CoverageRow row{key, split.seen.size(), split.unseen.size(), student->wiring.weight_count(), {}, 0, {}};
  row.coverage = coverage_of_student(family, split, *student, settings, key.seed);
  const sgd::Mlp whole = folded(*student, family.code(family.combinations().back()));
  const ChangeMaps maps = change_maps_of(subject_of(whole), regions.width, weights_moved, key.seed);
  const auto touched = relative_participation(maps, regions);
  row.participation = touched ? *touched * static_cast<double>(regions.count()) : std::nan("");
  sgd::write_mlp(network, whole);
  return row;
}

Json to_json(const CoverageRow& row) {
  const Coverage& c = row.coverage;
  Json json{{"support", name(row.key.support)},
            {"held_out", row.key.held_out},
            {"width", row.key.width},
            {"seed", row.key.seed},
            {"seen", row.seen},
            {"unseen", row.unseen},
            {"weights", row.weights},
            {"seen_error", finite_or_null(c.seen_error)},
            {"seen_r2", finite_or_null(c.seen_r2)},
            {"unseen_error", finite_or_null(c.unseen_error)},
            {"unseen_r2", finite_or_null(c.unseen_r2)},
            {"nearest_r2", finite_or_null(c.nearest_r2)},
            {"participation", finite_or_null(row.participation)},
            {"decodability", Json::array()},
            {"composed", Json::array()}};
  for (const Decodability& d : c.decodability)
    json["decodability"].push_back(
        {{"layer", d.layer}, {"r2", finite_or_null(d.r2)}, {"shuffled", finite_or_null(d.shuffled)}});
  for (const CombinationError& e : c.composed)
    json["composed"].push_back({{"parts", e.parts},
                                {"count", e.count},
                                {"error", finite_or_null(e.error)},
                                {"r2", finite_or_null(e.r2)}});
  if (!row.failed.empty()) json["failed"] = row.failed;
  return json;
}

CoverageRow coverage_row_from_json(const Json& json, const std::string& file) {
  const auto real = [](const Json& in, const char* key) { return number_or_nan(in.at(key)); };
  try {
    CoverageRow row;
    row.key = {parse_support(json.at("support").get<std::string>()), json.at("held_out").get<double>(),
               json.at("width").get<int>(), json.at("seed").get<std::uint64_t>()};
    row.seen = json.at("seen").get<std::size_t>();
    row.unseen = json.at("unseen").get<std::size_t>();
    row.weights = json.at("weights").get<std::int64_t>();
    Coverage& c = row.coverage;
    c.seen_error = real(json, "seen_error"), c.seen_r2 = real(json, "seen_r2");
    c.unseen_error = real(json, "unseen_error"), c.unseen_r2 = real(json, "unseen_r2");
    c.nearest_r2 = real(json, "nearest_r2");
    row.participation = real(json, "participation");
    row.failed = json.value("failed", "");
    for (const Json& d : json.at("decodability"))
      c.decodability.push_back({d.at("layer").get<int>(), real(d, "r2"), real(d, "shuffled")});
    for (const Json& e : json.at("composed"))
      c.composed.push_back(
          {e.at("parts").get<int>(), e.at("count").get<std::size_t>(), real(e, "error"), real(e, "r2")});
    return row;
  } catch (const Json::exception&) {
    throw FormatError(file + ": is not the record of a student");
  } catch (const ConfigError& error) {
    throw FormatError(file + ": " + error.what());
  }
}

Json known_answers(const PictureFamily& family, const CoveragePlan& plan) {
  const double share = plan.held_out[plan.held_out.size() / 2];
  const CodeSplit split = split_of(family, Support::connected, share, plan.first_seed);
  Json answers = Json::object();
  const auto look = [&](const char* called, const FamilyNetwork& known) {
    const Coverage c = coverage_of(family, split, Plan(known.network, {.one_shot = true}), known.weights, {},
                                   plan.settings, plan.first_seed);
    answers[called] = {{"held_out", share},
                       {"seen_r2", finite_or_null(c.seen_r2)},
                       {"unseen_r2", finite_or_null(c.unseen_r2)}};
  };
  look("hand_gated", hand_gated(family));
  look("lookup", lookup_network(family, split.seen));
  return answers;
}

Json summary_of(const std::vector<CoverageRow>& rows) {
  std::vector<std::pair<CoverageKey, std::vector<const CoverageRow*>>> groups;
  for (const CoverageRow& row : rows) {
    CoverageKey key = row.key;
    key.seed = 0;
    auto group = std::ranges::find(groups, key, [](const auto& g) { return g.first; });
    if (group == groups.end()) group = groups.insert(groups.end(), {key, {}});
    group->second.push_back(&row);
  }
  Json list = Json::array();
  for (const auto& [key, members] : groups) {
    const auto over_seeds = [&](const auto& number) {
      std::vector<double> values;
      for (const CoverageRow* row : members)
        if (const double value = number(*row); std::isfinite(value)) values.push_back(value);
      return to_json(spread(std::move(values)));
    };
    list.push_back(
        {{"support", name(key.support)},
         {"held_out", key.held_out},
         {"width", key.width},
         {"seen", members.front()->seen},
         {"combinations", members.front()->seen + members.front()->unseen},
         {"failed", std::ranges::count_if(members, [](const auto* r) { return !r->failed.empty(); })},
         {"unseen_r2", over_seeds([](const CoverageRow& r) { return r.coverage.unseen_r2; })},
         {"seen_r2", over_seeds([](const CoverageRow& r) { return r.coverage.seen_r2; })},
         {"nearest_r2", over_seeds([](const CoverageRow& r) { return r.coverage.nearest_r2; })},
         {"decodability", over_seeds(last_decodability)},
         {"participation", over_seeds([](const CoverageRow& r) { return r.participation; })}});
  }
  std::vector<double> unseen, decodable, touched;
  for (const CoverageRow& row : rows) {
    const double r2 = row.coverage.unseen_r2, read = last_decodability(row), moved = row.participation;
    const bool known = std::isfinite(r2) && std::isfinite(read) && std::isfinite(moved);
    if (row.key.support != Support::connected || !known) continue;
    unseen.push_back(r2);
    decodable.push_back(read);
    touched.push_back(moved);
  }
  return {{"groups", list},
          {"rank_correlation",
           {{"students", unseen.size()},
            {"unseen_r2_and_decodability", finite_or_null(rank_correlation(unseen, decodable))},
            {"unseen_r2_and_participation", finite_or_null(rank_correlation(unseen, touched))},
            {"decodability_and_participation", finite_or_null(rank_correlation(decodable, touched))}}}};
}

std::string coverage_csv(const std::vector<CoverageRow>& rows) {
  Table table({"support", "held_out", "width", "seed", "seen", "unseen", "weights", "seen_error", "seen_r2",
               "unseen_error", "unseen_r2", "nearest_r2", "decodability", "participation", "failed"});
  for (const CoverageRow& row : rows) {
    const Coverage& c = row.coverage;
    auto fields = key_fields(row);
    for (const std::string& field :
         {std::to_string(row.seen), std::to_string(row.unseen), std::to_string(row.weights),
          number_text(c.seen_error), number_text(c.seen_r2), number_text(c.unseen_error),
          number_text(c.unseen_r2), number_text(c.nearest_r2), number_text(last_decodability(row)),
          number_text(row.participation), row.failed})
      fields.push_back(field);
    table.add(std::move(fields));
  }
  return table.csv();
}

std::string decodability_csv(const std::vector<CoverageRow>& rows) {
  Table table({"support", "held_out", "width", "seed", "layer", "r2", "shuffled"});
  for (const CoverageRow& row : rows)
    for (const Decodability& d : row.coverage.decodability) {
      auto fields = key_fields(row);
      for (const std::string& field : {std::to_string(d.layer), number_text(d.r2), number_text(d.shuffled)})
        fields.push_back(field);
      table.add(std::move(fields));
    }
  return table.csv();
}

std::string composed_csv(const std::vector<CoverageRow>& rows) {
  Table table({"support", "held_out", "width", "seed", "parts", "combinations", "error", "r2"});
  for (const CoverageRow& row : rows)
    for (const CombinationError& e : row.coverage.composed) {
      auto fields = key_fields(row);
      for (const std::string& field :
           {std::to_string(e.parts), std::to_string(e.count), number_text(e.error), number_text(e.r2)})
        fields.push_back(field);
      table.add(std::move(fields));
    }
  return table.csv();
}

}  // namespace skein::experiments

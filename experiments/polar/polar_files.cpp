// Rows of a polar run as records and tables.
#include <algorithm>
#include <cmath>
#include <utility>

#include "experiments/polar/polar_run.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/statistics/spread.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
using Member = std::pair<const char*, double ProbeScore::*>;

constexpr std::array score_members{Member{"tree", &ProbeScore::tree},
                                   Member{"tree_chance", &ProbeScore::tree_chance},
                                   Member{"distance", &ProbeScore::distance},
                                   Member{"type", &ProbeScore::type},
                                   Member{"type_majority", &ProbeScore::type_majority},
                                   Member{"type_balanced", &ProbeScore::type_balanced},
                                   Member{"type_chance", &ProbeScore::type_chance},
                                   Member{"tree_new", &ProbeScore::tree_new},
                                   Member{"tree_new_chance", &ProbeScore::tree_new_chance},
                                   Member{"type_new", &ProbeScore::type_new},
                                   Member{"type_new_majority", &ProbeScore::type_new_majority}};

}  // namespace

Json to_json(const PolarRow& row) {
  Json json{{"source", name(row.source)},
            {"seed", row.seed},
            {"fit_r2", finite_or_null(row.fit_r2)},
            {"probes", Json::array()}};
  for (const PolarProbe& probe : row.probes) {
    Json one{{"layer", probe.layer},
             {"units", probe.units},
             {"rank", probe.rank},
             {"relations", probe.relations},
             {"cases", probe.score.cases},
             {"edges", probe.score.edges},
             {"new_edges", probe.score.new_edges}};
    for (const auto& [key, member] : score_members) one[key] = finite_or_null(probe.score.*member);
    json["probes"].push_back(std::move(one));
  }
  if (!row.failed.empty()) json["failed"] = row.failed;
  return json;
}

PolarRow polar_row_from_json(const Json& json, const std::string& file) {
  try {
    PolarRow row;
    const auto called = json.at("source").get<std::string>();
    const auto source =
        std::ranges::find(all_polar_sources, called, [](PolarSource s) { return std::string(name(s)); });
    if (source == std::end(all_polar_sources)) throw FormatError(file + ": is not the record of a probe");
    row.source = *source;
    row.seed = json.at("seed").get<std::uint64_t>();
    row.fit_r2 = number_or_nan(json.at("fit_r2"));
    row.failed = json.value("failed", "");
    for (const Json& one : json.at("probes")) {
      PolarProbe probe{one.at("layer").get<std::string>(),
                       one.at("units").get<std::int64_t>(),
                       one.at("rank").get<int>(),
                       one.at("relations").get<std::string>(),
                       {}};
      probe.score.cases = one.at("cases").get<std::size_t>();
      probe.score.edges = one.at("edges").get<std::size_t>();
      probe.score.new_edges = one.at("new_edges").get<std::size_t>();
      for (const auto& [key, member] : score_members) probe.score.*member = number_or_nan(one.at(key));
      row.probes.push_back(std::move(probe));
    }
    return row;
  } catch (const Json::exception&) {
    throw FormatError(file + ": is not the record of a probe");
  }
}

Json polar_summary(const std::vector<PolarRow>& rows) {
  struct Group {
    PolarSource source;
    PolarProbe probe;
    std::vector<ProbeScore> scores;
    std::vector<double> fits;
  };
  std::vector<Group> groups;
  std::size_t failed = 0;
  for (const PolarRow& row : rows) {
    failed += !row.failed.empty();
    for (const PolarProbe& probe : row.probes) {
      auto group = std::ranges::find_if(groups, [&](const Group& g) {
        return g.source == row.source && g.probe.layer == probe.layer && g.probe.rank == probe.rank &&
               g.probe.relations == probe.relations;
      });
      if (group == groups.end()) group = groups.insert(groups.end(), {row.source, probe, {}, {}});
      group->scores.push_back(probe.score);
      group->fits.push_back(row.fit_r2);
    }
  }
  Json list = Json::array();
  for (const Group& group : groups) {
    Json one{{"source", name(group.source)},
             {"layer", group.probe.layer},
             {"units", group.probe.units},
             {"rank", group.probe.rank},
             {"relations", group.probe.relations}};
    const auto finite_spread = [](std::vector<double> values) {
      std::erase_if(values, [](double value) { return !std::isfinite(value); });
      return to_json(spread(std::move(values)));
    };
    one["fit_r2"] = finite_spread(group.fits);
    for (const auto& [key, member] : score_members) {
      std::vector<double> values;
      for (const ProbeScore& score : group.scores) values.push_back(score.*member);
      one[key] = finite_spread(std::move(values));
    }
    list.push_back(std::move(one));
  }
  return {{"groups", std::move(list)}, {"failed", failed}};
}

Json whole_tree(const PolarCases& cases) {
  const PartTree& tree = cases.cases.back().tree;
  Json list = Json::array();
  std::vector<Json> nodes;
  for (const PartNode& node : tree.nodes)
    nodes.push_back({{"node", node_name(node.name, cases.parts)},
                     {"pixels", node.pixels.size()},
                     {"head", nullptr},
                     {"relation", nullptr}});
  for (const TreeEdge& edge : tree.edges) {
    nodes[edge.dependent]["head"] = node_name(tree.nodes[edge.head].name, cases.parts);
    nodes[edge.dependent]["relation"] = name(edge.relation);
  }
  for (Json& node : nodes) list.push_back(std::move(node));
  return list;
}

Json relation_counts(const PolarCases& cases) {
  RelationCounts counts{};
  for (const ProbeCase& one : cases.cases)
    for (const TreeEdge& edge : one.tree.edges) ++counts[static_cast<std::size_t>(edge.relation)];
  Json json = Json::object();
  for (std::size_t t = 0; t < relation_count; ++t)
    json[std::string(name(static_cast<Relation>(t)))] = counts[t];
  return json;
}

std::string polar_csv(const std::vector<PolarRow>& rows) {
  std::vector<std::string> columns{"source", "seed",      "fit_r2", "layer", "units",
                                   "rank",   "relations", "cases",  "edges", "new_edges"};
  for (const auto& [key, member] : score_members) columns.emplace_back(key);
  columns.emplace_back("failed");
  Table table(columns);
  for (const PolarRow& row : rows) {
    std::vector<PolarProbe> probes = row.probes;
    if (probes.empty()) {  // failed: one line that says so
      probes.push_back({"", 0, 0, "", {}});
      for (const auto& [key, member] : score_members) probes.back().score.*member = std::nan("");
    }
    for (const PolarProbe& probe : probes) {
      std::vector<std::string> fields{std::string(name(row.source)),
                                      std::to_string(row.seed),
                                      number_text(row.fit_r2),
                                      probe.layer,
                                      std::to_string(probe.units),
                                      std::to_string(probe.rank),
                                      probe.relations,
                                      std::to_string(probe.score.cases),
                                      std::to_string(probe.score.edges),
                                      std::to_string(probe.score.new_edges)};
      for (const auto& [key, member] : score_members) fields.push_back(number_text(probe.score.*member));
      fields.push_back(row.failed);
      table.add(std::move(fields));
    }
  }
  return table.csv();
}

}  // namespace skein::experiments

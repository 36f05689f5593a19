// The student's units held against its controls, seed by seed: within a seed all are judged on the same pictures.
#include <algorithm>
#include <cmath>

#include "experiments/polar/polar_run.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/statistics/spread.hpp"
#include "experiments/statistics/statistics.hpp"

namespace skein::experiments {
namespace {

/// The probe of a layer at the greatest rank, told the true relations; none where a row has failed.
const PolarProbe* greatest_of(const std::vector<PolarRow>& rows, PolarSource source, std::uint64_t seed,
                              const std::string& layer) {
  const PolarProbe* found = nullptr;
  for (const PolarRow& row : rows)
    if (row.source == source && row.seed == seed)
      for (const PolarProbe& probe : row.probes)
        if (probe.layer == layer && probe.relations == "true" && (!found || probe.rank > found->rank))
          found = &probe;
  return found;
}

}  // namespace

nlohmann::ordered_json polar_paired(const std::vector<PolarRow>& rows) {
  struct Other {
    const char* called;
    PolarSource source;
    const char* layer;
  };
  constexpr Other others[] = {{"untrained", PolarSource::untrained, "all"},
                              {"inputs", PolarSource::trained, "inputs"},
                              {"names", PolarSource::names, "names"},
                              {"table", PolarSource::table, "names"},
                              {"genome", PolarSource::genome, "all"}};
  constexpr std::pair<const char*, double ProbeScore::*> numbers[] = {
      {"tree", &ProbeScore::tree},
      {"distance", &ProbeScore::distance},
      {"type_balanced", &ProbeScore::type_balanced},
      {"tree_new", &ProbeScore::tree_new},
      {"type_new", &ProbeScore::type_new}};
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Other& other : others)
    for (const auto& [number, member] : numbers) {
      std::vector<double> differences;
      for (const PolarRow& row : rows) {
        if (row.source != PolarSource::trained) continue;
        const PolarProbe* own = greatest_of(rows, PolarSource::trained, row.seed, "all");
        const PolarProbe* against = greatest_of(rows, other.source, row.seed, other.layer);
        if (!own || !against) continue;
        if (const double by = own->score.*member - against->score.*member; std::isfinite(by))
          differences.push_back(by);
      }
      const auto higher = std::ranges::count_if(differences, [](double by) { return by > 0; });
      const auto lower = std::ranges::count_if(differences, [](double by) { return by < 0; });
      list.push_back({{"than", other.called},
                      {"number", number},
                      {"difference", to_json(spread(differences))},
                      {"higher", higher},
                      {"lower", lower},
                      {"p", finite_or_null(sign_flip_p(differences))}});
    }
  return list;
}

}  // namespace skein::experiments

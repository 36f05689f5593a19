#include "experiments/rows/row_circuits.hpp"

#include <charconv>
#include <cmath>
#include <sstream>

#include "bridge/layerize.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/parts/circuits.hpp"
#include "experiments/parts/masked_net.hpp"
#include "experiments/parts/piece_statistics.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

const std::vector<std::string> circuit_columns{"part",  "units",      "edges",     "reached",
                                               "error", "sufficient", "necessary", "random_sufficient"};

std::string csv_of(const Circuits& circuits) {
  Table table(circuit_columns);
  for (const Circuit& one : circuits.parts)
    table.add({one.name, std::to_string(one.units), std::to_string(one.edges), one.reached ? "1" : "0",
               number_text(one.error), number_text(one.sufficient), number_text(one.necessary),
               number_text(one.random_sufficient)});
  return table.csv();
}

}  // namespace

std::optional<RowCircuits> circuits_of_row(const sgd::Mlp& mlp, const neat::Genome& target,
                                           const PictureParts& parts, bool pieces, std::uint64_t seed,
                                           const ProgressListener& listener) {
  const PartPictures pictures = part_pictures(target, parts, parts_size);
  if (pictures.count() < 2) return {};
  const MaskedNet net = masked_net(net_of(bridge::lift(mlp), "row", NetSource::mlp_file), {}, parts);
  CircuitSettings settings;
  settings.seed = seed;
  const Circuits circuits = find_circuits(net, parts, pictures.whole, settings, listener);
  std::vector<double> necessary;
  for (const Circuit& one : circuits.parts)
    if (one.reached) necessary.push_back(one.necessary);
  RowCircuits result;
  const double reached = static_cast<double>(necessary.size()) / static_cast<double>(circuits.parts.size());
  result.measures = {{.name = "circuit_edges", .value = circuits.edges, .unit = "weights"},
                     {.name = "circuit_parts", .value = reached, .unit = "share"},
                     {.name = "circuit_necessary", .value = mean_of_finite(necessary), .unit = "share"}};
  if (pieces) {
    SubnetworkSettings once;
    once.seeds = 1;
    once.seed = seed;
    const Subnetworks found = find_subnetworks(net, parts, pictures, once, listener);
    for (const auto& [name, value] : {std::pair("d_abl", found.d_abl), {"d_abl_none", found.d_abl_none}}) {
      RowMeasure measure{.name = name, .unit = "accuracy"};
      if (std::isfinite(value)) measure.value = value;
      else measure.reason = "no part shows with the others switched off";
      result.measures.push_back(std::move(measure));
    }
  }
  result.csv = csv_of(circuits);
  return result;
}

std::vector<RowMeasure> absent_circuits(bool pieces, const std::string& reason) {
  std::vector<RowMeasure> measures{
      {.name = "circuit_edges", .unit = "weights", .reason = reason},
      {.name = "circuit_parts", .unit = "share", .reason = reason},
      {.name = "circuit_necessary", .unit = "share", .reason = reason},
  };
  if (pieces)
    for (const char* name : {"d_abl", "d_abl_none"})
      measures.push_back({.name = name, .unit = "accuracy", .reason = reason});
  return measures;
}

std::map<std::string, int> read_circuit_edges(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  std::istringstream lines(read_file(file));
  std::string line;
  std::getline(lines, line);
  if (csv_fields(line) != circuit_columns) throw FormatError(file.string() + ": not the circuits of a row");
  std::map<std::string, int> edges;
  while (std::getline(lines, line)) {
    const std::vector<std::string> fields = csv_fields(line);
    int count = 0;
    if (fields.size() != circuit_columns.size() ||
        std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), count).ec != std::errc{})
      throw FormatError(file.string() + ": a line has no number of edges: " + line);
    if (fields[3] == "1") edges[fields[0]] = count;
  }
  return edges;
}

}  // namespace skein::experiments

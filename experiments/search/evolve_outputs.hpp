#pragma once

#include "experiments/search/evolve_plan.hpp"

namespace skein::experiments {

/// Writes what a finished run leaves: best.genome and, where genomes draw, best.png, network.mlp, a contact
/// sheet with the genome of every picture in it; statistics.png from metrics.jsonl; phylogeny.json, .dot and
/// .svg. Genomes come before pictures, and a picture that cannot be made is a note on the session. Returns the
/// result.
nlohmann::ordered_json write_evolution(const RunFolder& run, const EvolvePlan& plan,
                                       const neat::Evolution& evolution, const Session& session);
nlohmann::ordered_json write_map(const RunFolder& run, const EvolvePlan& plan, const neat::MapElites& map,
                                 const Session& session);

/// One line of metrics.jsonl.
nlohmann::ordered_json metrics_line(const neat::GenerationStatistics& statistics);
nlohmann::ordered_json metrics_line(const neat::MapStatistics& statistics);

}  // namespace skein::experiments

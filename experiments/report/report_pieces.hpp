#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/parts/parts_target.hpp"
#include "experiments/parts/subnetworks.hpp"
#include "experiments/report/report_run.hpp"
#include "lib/base/progress.hpp"

namespace skein::experiments {

/// The pieces of a run's networks, one for each part of its target: what the page takes out when a part is switched off.
/// They are learned once (`find_subnetworks`, one mask a part; what is base is learned too, so that evolved and trained
/// networks are treated alike) and kept in RUN/pieces/ROW: pieces.json, whole.png, without-1.png, ..., wanted-1.png, ...

/// Whose pieces are to be learned.
struct PiecesRequest {
  PartsArguments parts;              ///< an empty target: the run's own
  std::vector<std::string> methods;  ///< as results.csv has them; the network of each that the page shows
  SubnetworkSettings settings;
};

/// Learns and writes what is not there yet of these settings. Returns the rows that have pieces now. Throws ConfigError for a
/// method that the run does not have, a run of several targets, and as `load_parts`; Error when the listener stops it, what is
/// done being kept.
std::vector<std::string> learn_pieces(const std::filesystem::path& run, const PiecesRequest& request,
                                      const ProgressListener& listener = {});

/// What the page needs of a row's pieces: [{"name", "weights" (numbers of slots), "d_abl", "d_sub", "wanted" (PNG as a data
/// address)}]; nothing when there are none of this network. Damaged ones become a trouble of the run.
std::optional<nlohmann::ordered_json> pieces_of(ReportRun& run, const CompareRow& row);

}  // namespace skein::experiments

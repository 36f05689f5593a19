#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "experiments/records/json_file.hpp"
#include "experiments/runs/run_folder.hpp"
#include "lib/base/file.hpp"
#include "lib/base/parallel.hpp"

namespace skein::experiments {

/// The rows of a run, in the order of their ids and many at once: each is kept as rows/ID.json, its network as
/// networks/ID.mlp, and what an earlier start left is read back instead of made. Progress counts rows as `counted`.
///
///   read(json, file)                  a row from its record; throws FormatError naming the file
///   has_network(row)                  whether its network is needed too; where that is gone, the row is made again
///   make(i, network_file, listener)   an optional row, with its network written; nothing when the listener says stop
///
/// A row's record is what `to_json` makes of it. Throws Interrupted when the session's listener stopped it.
template <class Row, class Read, class HasNetwork, class Make>
std::vector<Row> recorded_rows(const RunFolder& run, const Session& session, const std::string& counted,
                               const std::vector<std::string>& ids, const Read& read,
                               const HasNetwork& has_network, const Make& make) {
  std::vector<std::optional<Row>> rows(ids.size());
  std::atomic<std::int64_t> done = 0;
  std::atomic<bool> stopped = false;
  const ProgressListener listener = [&](const Progress&) {
    if (!session.listener()({counted, done.load(), std::ssize(ids), {}})) stopped = true;
    return !stopped.load();
  };
  make_folder(run.file("rows"));
  make_folder(run.file("networks"));
  parallel_for(ids.size(), [&](std::size_t i) {
    const std::filesystem::path record = run.file("rows") / (ids[i] + ".json");
    const std::filesystem::path network = run.file("networks") / (ids[i] + ".mlp");
    std::error_code ignored;
    if (std::filesystem::exists(record, ignored)) rows[i] = read(read_json(record), record.string());
    if (rows[i] && has_network(*rows[i]) && !std::filesystem::exists(network, ignored)) rows[i].reset();
    if (!rows[i] && !stopped) {
      rows[i] = make(i, network, listener);
      if (rows[i]) write_file(record, json_text(to_json(*rows[i]), 1) + "\n");
    }
    ++done;
  });
  std::vector<Row> made;
  for (auto& row : rows) {
    if (!row) throw Interrupted("stopped; the same command resumes " + run.path().string());
    made.push_back(std::move(*row));
  }
  return made;
}

}  // namespace skein::experiments

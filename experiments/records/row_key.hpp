#pragma once

#include <compare>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace skein::experiments {

/// Options of a row's own, by name and value, in the order in which they were asked for: {{"lr", "1e-3"}}.
using Variant = std::vector<std::pair<std::string, std::string>>;

/// Which network a row is: made once, in the plan, and carried to everything that speaks of the row. Names,
/// labels, folders and hashes are derived from it, here and nowhere else, and nothing is read back from them.
struct RowKey {
  std::string target;                 ///< the target's name in the run
  std::string method;                 ///< by its name in the table of methods: "sp"
  std::int64_t count = 0;             ///< weights to be left; 0: the row is not cut
  int depth = 0;                      ///< layers more than the target's architecture has
  Variant variant;                    ///< options other than the run's
  std::optional<std::uint64_t> seed;  ///< nothing where chance plays no part

  auto operator<=>(const RowKey&) const = default;
};

/// "lr=1e-3:schedule=cosine".
std::string variant_text(const Variant& variant);

/// The same row of every seed.
RowKey without_seed(RowKey key);

/// METHOD[-COUNT][-depthN][:VARIANT], without target and seed: "sp-1404-depth+1:lr=1e-3".
std::string name_of(const RowKey& key);

/// NAME[-sSEED]: one row of a target.
std::string id_of(const RowKey& key);

/// What follows a method's label: ", 1404, depth +1, lr=1e-3".
std::string label_end(const RowKey& key);

/// A text as a name of a file: without what may not stand in one, and no longer than one may be. What had to be
/// changed is made up for by a hash, so that different texts stay different.
std::string file_name(const std::string& text);

/// The folder of a row relative to its run: rows/ID, or rows/TARGET/ID in a run of several targets.
std::string row_folder(const RowKey& key, bool by_target);
/// Where the dense parent of cut rows lies, likewise: parents/ID.
std::string parent_folder(const RowKey& key, bool by_target);

/// A number for the key and for what else decides the row's content, `context`; the same on every platform.
std::uint64_t number_of(const RowKey& key, std::uint64_t context);
/// The same in sixteen hexadecimal digits.
std::string hash_of(const RowKey& key, std::uint64_t context);

nlohmann::ordered_json to_json(const RowKey& key);
/// Throws FormatError naming `file`.
RowKey row_key_from_json(const nlohmann::ordered_json& json, const std::string& file);

}  // namespace skein::experiments

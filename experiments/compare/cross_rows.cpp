#include "experiments/compare/cross_rows.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "experiments/measures/cross_parts.hpp"
#include "experiments/nets/net_subject.hpp"
#include "experiments/records/digest.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/rows/json_reader.hpp"
#include "experiments/rows/row_network.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/parallel.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* file_of_values = "cross_participation.json";
constexpr const char* values_format = "skein-cross-participation";
constexpr int values_version = 2;

struct Rival {
  RowKey key;
  std::string file, digest;
};

/// Tells of progress from any thread, and remembers a stop.
class Judging {
 public:
  Judging(std::size_t total, const ProgressListener& listener) : total_(total), listener_(listener) {}
  bool go_on() {
    if (!stopped_ && listener_ &&
        !listener_({"networks judge each other", done_.load(), static_cast<std::int64_t>(total_), {}}))
      stopped_ = true;
    return !stopped_;
  }
  void finish() { ++done_; }

 private:
  std::size_t total_;
  std::atomic<std::int64_t> done_ = 0;
  std::atomic<bool> stopped_ = false;
  const ProgressListener& listener_;
};

/// The networks of one target, in the order of their keys, and what is known of each.
class Rivals {
 public:
  Rivals(const fs::path& run, std::vector<Rival> networks, const CrossSettings& settings, Judging& judging)
      : run_(run),
        networks_(std::move(networks)),
        settings_(settings),
        judging_(judging),
        kept_(networks_.size()),
        parts_(networks_.size()) {
    choose();
  }

  /// Adds the numbers of those that have one. Returns whether every network could be read.
  bool judge(const std::optional<PartRegions>& of_picture, CrossValues& values) {
    parallel_for(networks_.size(), [&](std::size_t i) {
      if (!is_judge_[i]) return;
      kept_[i] = maps_of(i);
      if (kept_[i]) parts_[i] = clustered_parts(*kept_[i]);
    });
    std::vector<std::optional<double>> found(networks_.size());
    std::vector<std::uint8_t> is_read(networks_.size(), 0);
    parallel_for(networks_.size(), [&](std::size_t i) {
      std::vector<const PartRegions*> judges;
      for (std::size_t k = 0; k < networks_.size(); ++k)
        if (k != i && parts_[k]) judges.push_back(&*parts_[k]);
      if (of_picture) judges.push_back(&*of_picture);
      const auto maps = is_judge_[i] ? std::move(kept_[i]) : maps_of(i);
      is_read[i] = maps.has_value() ? 1 : 0;
      if (maps) found[i] = cross_participation(*maps, judges);
      judging_.finish();
    });
    for (std::size_t i = 0; i < networks_.size(); ++i)
      if (found[i]) values[networks_[i].key] = {networks_[i].digest, *found[i]};
    return std::ranges::count(is_read, 0) == 0;
  }

 private:
  /// All judge, or of too many those of the least hashes.
  void choose() {
    is_judge_.assign(networks_.size(), 1);
    if (networks_.size() <= settings_.judges + 1) return;
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (std::size_t i = 0; i < networks_.size(); ++i) order.emplace_back(number_of(networks_[i].key, 0), i);
    std::ranges::sort(order);
    for (std::size_t i = settings_.judges; i < order.size(); ++i) is_judge_[order[i].second] = 0;
  }

  std::optional<ChangeMaps> maps_of(std::size_t i) {
    const fs::path file = run_ / networks_[i].file;
    const auto bytes = bytes_of_digest(file, networks_[i].digest);
    if (!bytes) return {};
    return change_maps_of(subject_of(decode_row_network(*bytes, file.string())), cross_size,
                          settings_.weights, 0, [&] { return judging_.go_on(); });
  }

  const fs::path& run_;
  std::vector<Rival> networks_;
  const CrossSettings& settings_;
  Judging& judging_;
  std::vector<std::uint8_t> is_judge_;
  std::vector<std::optional<ChangeMaps>> kept_;  ///< of those that judge
  std::vector<std::optional<PartRegions>> parts_;
};

fs::path picture_of(const fs::path& run, bool by_target, const std::string& target) {
  return by_target ? run / "targets" / (file_name(target) + ".png") : run / "target.png";
}

/// Of everything that a target's numbers depend on: the networks, the picture, and how closely they are looked at.
std::string digest_of_judging(const std::vector<Rival>& networks, const fs::path& picture,
                              const CrossSettings& settings) {
  std::error_code ignored;
  std::string all = std::to_string(settings.weights) + " " + std::to_string(settings.judges) + "\n" +
                    (fs::exists(picture, ignored) ? digest_of(read_file(picture)) : "") + "\n";
  for (const Rival& network : networks) all += to_json(network.key).dump() + " " + network.digest + "\n";
  return digest_of(all);
}

/// What networks of one target are judged by.
struct RivalTarget {
  std::vector<Rival> networks;  ///< in the order of their keys
  fs::path picture;
  std::string digest;  ///< of all that the target's numbers depend on
};

std::map<std::string, RivalTarget> rival_targets(const fs::path& run, bool by_target, const RowSource& rows,
                                                 const CrossSettings& settings) {
  std::map<std::string, RivalTarget> targets;
  rows([&](const CompareRow& row) {
    if (!row.network.empty() && row.status != RowStatus::blank)
      targets[row.key.target].networks.push_back({row.key, row.network, row.network_digest});
  });
  std::erase_if(targets,
                [&](const auto& target) { return target.second.networks.size() > settings.most_rows; });
  for (auto& [name, target] : targets) {
    std::ranges::sort(target.networks, {}, &Rival::key);
    target.picture = picture_of(run, by_target, name);
    target.digest = digest_of_judging(target.networks, target.picture, settings);
  }
  return targets;
}

/// What the run's file holds; nothing where it is missing or damaged (it is then made anew at the end).
CrossBook known_book(const fs::path& run) {
  try {
    return read_cross_book(run);
  } catch (const FormatError&) {
    return {};
  }
}

void write_book(const fs::path& run, const CrossBook& book) {
  Json json{{"format", values_format},
            {"version", values_version},
            {"judged", Json::object()},
            {"rows", Json::array()}};
  for (const auto& [target, digest] : book.judged) json["judged"][target] = digest;
  for (const auto& [key, value] : book.values)
    json["rows"].push_back(
        {{"key", to_json(key)}, {"network_digest", value.digest}, {cross_name, value.value}});
  write_file(run / file_of_values, json_text(json, 1) + "\n");
}

std::optional<PartRegions> regions_of(const fs::path& picture) {
  std::error_code ignored;
  if (!fs::exists(picture, ignored)) return {};
  return regions_as_parts(to_picture(read_image(picture)), cross_size);
}

}  // namespace

CrossSettings CrossSettings::of_budget(const std::string& budget) {
  CrossSettings settings;
  if (budget == "quick") settings.weights /= 2;
  return settings;
}

void measure_across(const fs::path& run, bool by_target, const RowSource& rows, const CrossSettings& settings,
                    const ProgressListener& listener) {
  std::map<std::string, RivalTarget> targets = rival_targets(run, by_target, rows, settings);
  const CrossBook known = known_book(run);
  CrossBook book;
  std::size_t total = 0;
  for (const auto& [name, target] : targets) {
    const auto before = known.judged.find(name);
    if (before == known.judged.end() || before->second != target.digest) {
      total += target.networks.size();
      continue;
    }
    for (const Rival& network : target.networks)
      if (const auto value = known.values.find(network.key); value != known.values.end())
        book.values.insert(*value);
    book.judged.insert(*before);
  }
  write_book(run, book);
  Judging judging(total, listener);
  for (auto& [name, target] : targets) {
    if (book.judged.contains(name)) continue;  // from before
    if (Rivals(run, std::move(target.networks), settings, judging)
            .judge(regions_of(target.picture), book.values))
      book.judged.emplace(name, target.digest);
    write_book(run, book);
  }
}

void add_cross_value(CompareRow& row, const CrossValues& values) {
  const auto found = values.find(row.key);
  if (found == values.end() || found->second.digest != row.network_digest) return;
  std::erase_if(row.measures, [](const RowMeasure& measure) { return measure.name == cross_name; });
  row.measures.push_back({.name = cross_name, .value = found->second.value, .unit = "share"});
}

RowSource with_cross_values(RowSource rows, CrossValues values) {
  return [rows = std::move(rows),
          values = std::move(values)](const std::function<void(const CompareRow&)>& each) {
    rows([&](const CompareRow& row) {
      CompareRow judged = row;
      add_cross_value(judged, values);
      each(judged);
    });
  };
}

RowSource with_known_cross_values(RowSource rows, const fs::path& run) {
  return with_cross_values(std::move(rows), known_book(run).values);
}

CrossBook read_cross_book(const fs::path& run) {
  const fs::path path = run / file_of_values;
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {};
  const std::string file = path.string();
  const Json json = read_json(path);
  const JsonReader read{json, file};
  if (read.text("format") != values_format || read.whole("version") != values_version)
    throw FormatError(file + ": not numbers of networks that judged each other, or of another version");
  if (!read.at("rows").is_array()) read.refuse("rows", "a list");
  if (!read.at("judged").is_object()) read.refuse("judged", "an object");
  CrossBook book;
  for (const auto& [target, digest] : read.at("judged").items()) {
    if (!digest.is_string()) read.refuse("judged", "an object of texts");
    book.judged[target] = digest.get<std::string>();
  }
  for (const Json& row : read.at("rows")) {
    const JsonReader one{row, file};
    book.values[row_key_from_json(one.at("key"), file)] = {one.text("network_digest"), one.real(cross_name)};
  }
  return book;
}

}  // namespace skein::experiments

#include "experiments/report/report_pieces.hpp"

#include <algorithm>

#include "experiments/parts/masked_net.hpp"
#include "experiments/records/digest.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/report/method_rows.hpp"
#include "lib/base/base64.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

constexpr const char* pieces_format = "skein pieces";
constexpr int drawn_size = 128;  // side of the pictures that are kept

fs::path pieces_folder(const fs::path& run, const CompareRow& row) { return run / "pieces" / row.id(); }

std::string numbered(const char* what, std::size_t part) {
  return std::string(what) + "-" + std::to_string(part + 1) + ".png";
}

/// What a row's pieces depend on.
nlohmann::ordered_json origin_of(const CompareRow& row, const PiecesRequest& request,
                                 const PartsTarget& target) {
  auto names = nlohmann::ordered_json::array();
  for (const Part& part : target.parts.parts) names.push_back(part.name);
  const auto& owner = target.parts.regions.owner;
  return {{"format", pieces_format},
          {"version", 1},
          {"row", row.id()},
          {"network_digest", row.network_digest},
          {"target", target.title},
          {"labels", request.parts.labels},
          {"regions", request.parts.regions},
          {"parts_of_target", std::move(names)},
          {"regions_digest", digest_of(std::string(owner.begin(), owner.end()))},
          {"seed", request.settings.seed},
          {"steps", request.settings.mask.steps}};
}

bool is_kept(const fs::path& file, const nlohmann::ordered_json& origin) {
  std::error_code error;
  if (!fs::exists(file, error)) return false;
  try {
    const auto kept = read_json(file);
    return std::ranges::all_of(origin.items(), [&](const auto& member) {
      return kept.is_object() && kept.contains(member.key()) && kept[member.key()] == member.value();
    });
  } catch (const Error&) {
    return false;
  }
}

void write_pieces_of(const fs::path& folder, nlohmann::ordered_json json, const MaskedNet& net,
                     const Subnetworks& found, const PartsTarget& target) {
  make_folder(folder);
  const Plan plan(net.network);
  const Grid grid{drawn_size, drawn_size};
  write_png(folder / "whole.png", to_image(draw(plan, net.weights, grid)));
  auto parts = nlohmann::ordered_json::array();
  for (std::size_t p = 0; p < found.parts.size(); ++p) {
    const LearnedPart& learned = found.parts[p].masks.front();
    Weights rest = net.weights;
    auto slots = nlohmann::ordered_json::array();
    for (std::size_t s = 0; s < learned.mask.size(); ++s) {
      if (!learned.mask[s]) continue;
      rest[s] = 0;
      slots.push_back(s);
    }
    write_png(folder / numbered("without", p), to_image(draw(plan, rest, grid)));
    write_png(folder / numbered("wanted", p), to_image(target.pictures.absent[p]));
    parts.push_back({{"name", found.parts[p].name},
                     {"shows_alone", found.parts[p].shows_alone},
                     {"d_abl", finite_or_null(learned.d_abl[0])},
                     {"d_abl_none", finite_or_null(learned.d_abl[static_cast<std::size_t>(Ablation::none)])},
                     {"d_sub", finite_or_null(learned.d_sub)},
                     {"without", numbered("without", p)},
                     {"wanted", numbered("wanted", p)},
                     {"weights", std::move(slots)}});
  }
  json["weights"] = net.weights.size();
  json["d_abl"] = finite_or_null(found.d_abl);
  json["d_abl_none"] = finite_or_null(found.d_abl_none);
  json["d_sub"] = finite_or_null(found.d_sub);
  json["parts"] = std::move(parts);
  write_file(folder / "pieces.json", json_text(json, 1) + "\n");
}

}  // namespace

std::vector<std::string> learn_pieces(const fs::path& folder, const PiecesRequest& request,
                                      const ProgressListener& listener) {
  request.settings.validate();
  auto runs = read_report_runs(folder);
  if (runs.size() != 1 || runs.front().results.about.by_target)
    throw ConfigError(folder.string() +
                      ": a run of several targets; parts are switched in the report of one");
  ReportRun& run = runs.front();
  PartsArguments arguments = request.parts;
  if (arguments.target.empty()) arguments.target = run.results.about.title;
  const PartsTarget target = load_parts(arguments);
  const auto methods = methods_of(run.results.rows);
  std::vector<const CompareRow*> rows;
  for (const std::string& name : request.methods) {
    const std::size_t before = rows.size();
    for (const MethodRows& method : methods)
      if (method.shown && method.key.method == name) rows.push_back(method.shown);
    if (rows.size() == before) throw ConfigError(folder.string() + ": no network of a method '" + name + "'");
  }
  std::vector<std::string> done;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const fs::path here = pieces_folder(folder, *rows[r]);
    const auto origin = origin_of(*rows[r], request, target);
    done.push_back(rows[r]->id());
    if (is_kept(here / "pieces.json", origin)) continue;
    const auto network = network_of(run, *rows[r]);
    if (!network) throw FormatError(run.troubles.back());
    const MaskedNet net =
        masked_net(net_of(as_mlp(*network), rows[r]->id(), NetSource::run), {}, target.parts);
    const auto found = find_subnetworks(net, target.parts, target.pictures, request.settings, listener);
    write_pieces_of(here, origin, net, found, target);
  }
  return done;
}

std::optional<nlohmann::ordered_json> pieces_of(ReportRun& run, const CompareRow& row) {
  const fs::path folder = pieces_folder(run.folder, row);
  std::error_code error;
  if (!fs::exists(folder / "pieces.json", error)) return {};
  try {
    const auto kept = read_json(folder / "pieces.json");
    if (kept.at("format") != pieces_format || kept.at("row") != row.id())
      throw FormatError((folder / "pieces.json").string() + ": holds no pieces of this row");
    if (kept.at("network_digest") != row.network_digest)
      throw FormatError((folder / "pieces.json").string() +
                        ": of another network than the row's; skein report --parts learns them anew");
    const auto weights = kept.at("weights").get<std::size_t>();
    auto parts = nlohmann::ordered_json::array();
    for (std::size_t p = 0; p < kept.at("parts").size(); ++p) {
      const auto& part = kept.at("parts")[p];
      for (const auto& slot : part.at("weights"))
        if (slot.get<std::size_t>() >= weights)
          throw FormatError((folder / "pieces.json").string() +
                            ": names a weight that the network does not have");
      parts.push_back({{"name", part.at("name").get<std::string>()},
                       {"weights", part.at("weights")},
                       {"shows_alone", part.value("shows_alone", true)},
                       {"d_abl", part.at("d_abl")},
                       {"d_abl_none", part.value("d_abl_none", nlohmann::ordered_json())},
                       {"d_sub", part.at("d_sub")},
                       {"wanted", "data:image/png;base64," +
                                      base64(encode_png(read_image(folder / numbered("wanted", p))))}});
    }
    return parts;
  } catch (const nlohmann::json::exception&) {
    run.troubles.push_back((folder / "pieces.json").string() + ": damaged; its parts cannot be switched");
  } catch (const Error& problem) {
    run.troubles.emplace_back(problem.what());
  }
  return {};
}

}  // namespace skein::experiments

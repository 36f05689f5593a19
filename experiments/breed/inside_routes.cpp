// What the page asks for to look inside a picture, to save it, and to have it trained, scored or compared.
#include <algorithm>
#include <charconv>

#include "experiments/breed/page_state.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/wiring_figure.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/report/report_network.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/engine/stream_render.hpp"
#include "lib/files/zip_file.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/files/genome_json.hpp"
#include "neat/files/picbreeder_export.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

constexpr int largest_saved_side = 8192;      // pixels; the file then still fits into one answer
constexpr std::size_t largest_wiring = 3000;  // links; beyond, a drawing shows nothing and takes long
constexpr std::size_t most_thumbnails = 300;
constexpr int thumbnail_side = 64;

neat::AnnotatedGenome picture_asked(BreedingPage::State& state, const WebRequest& request) {
  return state.session().picture(asked_number(request, "generation"), asked_number(request, "place"));
}

/// Letters, digits and dashes of a name, for a file; never a path.
std::string file_stem(const neat::AnnotatedGenome& annotated, const WebRequest& request) {
  std::string stem;
  for (const char c : annotated.notes.name.substr(0, 60))
    stem += std::isalnum(static_cast<unsigned char>(c)) ? c : '-';
  if (stem.find_first_not_of('-') != std::string::npos) return stem;
  return "picture-" + std::to_string(asked_number(request, "generation")) + "-" +
         std::to_string(asked_number(request, "place") + 1);
}

WebReply attachment(std::string bytes, const std::string& type, const std::string& file) {
  return {200, type, std::move(bytes), {{"Content-Disposition", "attachment; filename=\"" + file + "\""}}};
}

std::string png_of(const neat::AnnotatedGenome& annotated, std::uint32_t size,
                   const std::filesystem::path& folder) {
  if (size < 1 || size > static_cast<std::uint32_t>(largest_saved_side))
    throw ConfigError("a side of " + std::to_string(size) + " pixels; allowed: 1 to " +
                      std::to_string(largest_saved_side));
  const neat::Phenotype phenotype = neat::express(annotated.genome);
  const std::filesystem::path file = folder / "saving.png";
  stream_render(Plan(phenotype.network), phenotype.weights,
                Grid{static_cast<int>(size), static_cast<int>(size)}, file);
  std::string bytes = read_file(file);
  std::filesystem::remove(file);
  return bytes;
}

WebReply save(BreedingPage::State& state, const WebRequest& request) {
  const auto found = request.query.find("format");
  const std::string format = found == request.query.end() ? "" : found->second;
  const neat::AnnotatedGenome annotated = picture_asked(state, request);
  const std::string stem = file_stem(annotated, request);
  if (format == "zip")
    return attachment(zip(std::vector<ZipMember>{{"a", neat::picbreeder_xml(std::span(&annotated, 1))}}),
                      "application/zip", stem + ".zip");
  if (format == "genome")
    return attachment(neat::genome_bytes(annotated), "application/octet-stream", stem + ".genome");
  if (format == "json") return attachment(neat::genome_json(annotated), "application/json", stem + ".json");
  if (format == "png")
    return attachment(png_of(annotated, asked_number(request, "size"), state.session().folder()), "image/png",
                      stem + ".png");
  if (format == "svg")
    return attachment(
        to_svg(wiring_figure(view_of(neat::express(annotated.genome)), {.title = annotated.notes.name})),
        "image/svg+xml", stem + ".svg");
  throw ConfigError("saved as zip, genome, json, png or svg");
}

std::string facts_of(const neat::Genome& genome) {
  const auto enabled = std::ranges::count(genome.links, true, &neat::Link::enabled);
  const std::size_t fixed = genome.signature.inputs.size() + genome.signature.outputs.size();
  return std::to_string(genome.nodes.size() - fixed) + " hidden nodes, " + std::to_string(enabled) +
         " links" +
         (static_cast<std::size_t>(enabled) < genome.links.size()
              ? ", " + std::to_string(genome.links.size() - static_cast<std::size_t>(enabled)) +
                    " switched off"
              : "");
}

WebReply network(BreedingPage::State& state, const WebRequest& request) {
  const neat::AnnotatedGenome annotated = picture_asked(state, request);
  const neat::Phenotype phenotype = neat::express(annotated.genome);
  const NetworkView view = view_of(phenotype);
  Json links = Json::array();
  for (const std::uint32_t index : phenotype.link_of_slot) {
    const neat::Link& link = annotated.genome.links[index];
    links.push_back({link.id.branch, link.id.id});
  }
  std::string wiring;
  if (phenotype.link_of_slot.size() <= largest_wiring)
    wiring = to_svg(wiring_figure(view), {.follow_page = true, .label = "the wiring of this picture"});
  return json_reply({{"network", network_json(view)},
                     {"links", std::move(links)},
                     {"facts", facts_of(annotated.genome)},
                     {"wiring", std::move(wiring)}});
}

/// Small pictures: a length, as much JSON that names their places, and one string of RGB bytes.
WebReply thumbnails_of(BreedingPage::State& state, const std::vector<PicturePlace>& line) {
  std::vector<neat::AnnotatedGenome> genomes;
  Json places = Json::array();
  for (const auto& [number, place] : line) {
    genomes.push_back(state.session().picture(number, place));
    places.push_back({number, place});
  }
  const std::string head = Json{{"line", places}, {"size", thumbnail_side}}.dump();
  const auto length = static_cast<std::uint32_t>(head.size());
  return {200,
          "application/octet-stream",
          std::string(reinterpret_cast<const char*>(&length), sizeof length) + head +
              drawn_bytes(genomes, thumbnail_side),
          {}};
}

WebReply lineage(BreedingPage::State& state, const WebRequest& request) {
  auto line = state.session().ancestors(asked_number(request, "generation"), asked_number(request, "place"));
  if (line.size() > most_thumbnails) line.erase(line.begin(), line.end() - most_thumbnails);
  return thumbnails_of(state, line);
}

/// Of pictures listed as GENERATION.PLACE with commas between, places counted from 0.
WebReply thumbnails(BreedingPage::State& state, const WebRequest& request) {
  const auto found = request.query.find("list");
  const std::string_view text = found == request.query.end() ? std::string_view() : found->second;
  std::vector<PicturePlace> line;
  const char* at = text.data();
  for (const char* const end = at + text.size(); at < end;) {
    PicturePlace place;
    const auto number = std::from_chars(at, end, place.first);
    if (number.ec != std::errc{} || number.ptr == end || *number.ptr != '.')
      throw ConfigError("pictures are listed as 12.3,14.0");
    const auto of = std::from_chars(number.ptr + 1, end, place.second);
    if (of.ec != std::errc{} || (of.ptr != end && *of.ptr != ','))
      throw ConfigError("pictures are listed as 12.3,14.0");
    at = of.ptr == end ? end : of.ptr + 1;
    line.push_back(place);
  }
  if (line.size() > most_thumbnails)
    throw ConfigError("at most " + std::to_string(most_thumbnails) + " small pictures are drawn at once");
  return thumbnails_of(state, line);
}

WebReply trained(BreedingPage::State& state, const WebRequest& request) {
  const Net net = load_net(state.open->jobs.network_of(asked_number(request, "job")).string());
  return json_reply({{"network", network_json(view_of(*net.mlp))},
                     {"facts", std::to_string(net.weights.size()) + " weights, trained by gradient"}});
}

/// The report runs its own scripts, so it gets an origin of its own: it can ask nothing of this server.
WebReply report(BreedingPage::State& state, const WebRequest& request) {
  return {
      200,
      "text/html; charset=utf-8",
      read_file(state.open->jobs.report_of(asked_number(request, "job"))),
      {{"Content-Security-Policy",
        "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        "img-src data: blob:; frame-ancestors 'none'"}}};
}

WebRoute get(BreedingPage::State& state, const std::string& path,
             WebReply (*answer)(BreedingPage::State&, const WebRequest&)) {
  return {"GET", path, [&state, answer](const WebRequest& request) {
            const std::scoped_lock lock(state.mutex);
            return answer(state, request);
          }};
}

}  // namespace

std::vector<WebRoute> inside_routes(BreedingPage::State& state) {
  return {
      get(state, "/api/network", network),
      get(state, "/api/lineage", lineage),
      get(state, "/api/thumbnails", thumbnails),
      get(state, "/api/save", save),
      get(state, "/api/trained", trained),
      get(state, "/report", report),
      post_route(state, "/api/job",
                 [](BreedingPage::State& s, const Json& asked) {
                   const auto number = asked.at("generation").get<std::uint32_t>(),
                              place = asked.at("place").get<std::uint32_t>();
                   s.session().picture(number, place);
                   return json_reply({{"job", s.open->jobs.start(asked.at("kind").get<std::string>(), number,
                                                                 place, asked.at("steps").get<int>())}});
                 }),
      post_route(state, "/api/stop", [](BreedingPage::State& s, const Json& asked) {
        s.open->jobs.stop(asked.at("job").get<std::size_t>());
        return json_reply(Json::object());
      })};
}

}  // namespace skein::experiments

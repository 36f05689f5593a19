// The sessions beside the one that is open: a list with thumbnails, opening one, beginning a new one.
#include <algorithm>

#include "experiments/breed/page_state.hpp"
#include "lib/base/base64.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t most_sessions = 60;
constexpr int session_thumbnail = 64;

fs::path shelf_of(const BreedingPage::State& state) {
  return fs::absolute(state.settings.folder).parent_path();
}

/// The sessions in the folder that holds the open one, by name.
std::vector<fs::path> sessions_beside(const BreedingPage::State& state) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(shelf_of(state), error))
    if (fs::exists(entry.path() / "session.jsonl", error)) found.push_back(entry.path());
  std::ranges::sort(found);
  if (found.size() > most_sessions) found.resize(most_sessions);
  return found;
}

/// Its newest generation's number, and the first of its pictures as RGB in base64.
Json told(const fs::path& folder) {
  std::uint32_t newest = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder / "generations", error))
    if (entry.path().extension() == ".brood")
      newest = std::max(newest,
                        static_cast<std::uint32_t>(std::strtoul(entry.path().stem().c_str(), nullptr, 10)));
  Json json{{"name", folder.filename().string()}, {"generations", newest}, {"size", session_thumbnail}};
  const fs::path file = folder / "generations" / (std::to_string(newest) + ".brood");
  if (newest == 0) return json;
  try {
    const neat::Brood brood = neat::parse_brood(read_file(file), file.string());
    json["rgb"] = base64(drawn_bytes(std::span(&brood.front().annotated, 1), session_thumbnail));
  } catch (const Error& damaged) {
    json["error"] = damaged.what();
  }
  return json;
}

void switch_to(BreedingPage::State& state, const fs::path& folder) {
  if (fs::absolute(state.settings.folder) == folder) return;
  auto opened = std::make_unique<BreedingPage::State::Opened>(folder, state.settings.program, *state.asked);
  if (opened->session.generations().empty()) opened->session.begin(opened->session.settings());
  state.open = std::move(opened);
  state.settings.folder = folder;
  state.gallery = Gallery();
}

/// breeding-2 beside breeding, and so on.
fs::path new_name(const BreedingPage::State& state) {
  std::string stem = state.settings.folder.filename().string();
  const auto dash = stem.rfind('-');
  if (dash != std::string::npos && dash + 1 < stem.size() &&
      stem.find_first_not_of("0123456789", dash + 1) == std::string::npos)
    stem.resize(dash);
  for (int number = 2;; ++number)
    if (const fs::path path = shelf_of(state) / (stem + "-" + std::to_string(number)); !fs::exists(path))
      return path;
}

}  // namespace

std::vector<WebRoute> session_routes(BreedingPage::State& state) {
  return {{"GET", "/api/sessions",
           [&state](const WebRequest&) {
             const std::scoped_lock lock(state.mutex);
             Json list = Json::array();
             for (const fs::path& folder : sessions_beside(state)) list.push_back(told(folder));
             return json_reply({{"sessions", list}, {"open", state.settings.folder.filename().string()}});
           }},
          {"POST", "/api/open",
           [&state](const WebRequest& request) {
             const auto name = Json::parse(request.body).at("name").get<std::string>();
             const std::scoped_lock lock(state.mutex);
             for (const fs::path& folder : sessions_beside(state))
               if (folder.filename() == name) {
                 switch_to(state, folder);
                 return json_reply(Json::object());
               }
             throw ConfigError("there is no session of that name here");
           }},
          {"POST", "/api/new", [&state](const WebRequest&) {
             const std::scoped_lock lock(state.mutex);
             switch_to(state, new_name(state));
             return json_reply(Json::object());
           }}};
}

}  // namespace skein::experiments

#include <algorithm>

#include "experiments/breed/breed_assets.hpp"
#include "experiments/breed/founders.hpp"
#include "experiments/breed/page_state.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

std::string media_type(std::string_view name) {
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  return "text/html; charset=utf-8";
}

bool has_line(const BreedingSession& session, const std::string& source) {
  return std::ranges::any_of(session.generations(), [&](const Generation& generation) {
    return generation.parent == 0 && generation.source == source;
  });
}

}  // namespace

BreedingPage::State::Opened::Opened(const std::filesystem::path& folder, const std::filesystem::path& program,
                                    const Session& asked)
    : run(folder, RunRequest{.command = "breed"}, asked),
      session(folder, asked.seed()),
      jobs(program, folder) {}

BreedingPage::BreedingPage(BreedingPageSettings settings, const Session& session)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  if (session.force() && std::filesystem::exists(settings.folder / "session.jsonl"))
    throw ConfigError(settings.folder.string() +
                      ": a session of breeding is never overwritten; give another folder, or no --force");
  std::vector<neat::AnnotatedGenome> founders;
  if (!settings.start.empty()) founders = founders_named(settings.start);
  state.settings = std::move(settings);
  state.asked = &session;
  state.open = std::make_unique<State::Opened>(state.settings.folder, state.settings.program, session);
  BreedingSession& opened = state.session();
  if (!founders.empty() && !has_line(opened, state.settings.start))
    opened.begin(founders, state.settings.start, opened.settings());
  else if (opened.generations().empty()) opened.begin(opened.settings());
}

BreedingPage::~BreedingPage() = default;

std::string BreedingPage::greeting() const {
  const BreedingSession& session = state_->session();
  const std::size_t count = session.generations().size();
  std::string text = state_->settings.folder.string() + ": " + std::to_string(count) +
                     (count == 1 ? " generation" : " generations");
  if (session.was_torn()) text += "; the click under way when it was last ended is lost, nothing else";
  return text;
}

std::vector<WebRoute> BreedingPage::routes(const std::string& token) {
  std::vector<WebRoute> all;
  for (const PageAsset& asset : breed_assets()) {
    std::string text(asset.text);
    if (asset.name == "page.html")
      if (const auto place = text.find("{{token}}"); place != std::string::npos)
        text.replace(place, 9, token);
    const std::string path = asset.name == "page.html" ? "/" : "/page/" + std::string(asset.name);
    all.push_back({"GET", path, [text, type = media_type(asset.name)](const WebRequest&) {
                     return WebReply{200, type, text, {}};
                   }});
  }
  for (auto routes : {breeding_routes(*state_), inside_routes(*state_), session_routes(*state_)})
    all.insert(all.end(), std::make_move_iterator(routes.begin()), std::make_move_iterator(routes.end()));
  return all;
}

}  // namespace skein::experiments

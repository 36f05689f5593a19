// What the page asks for while one breeds.
#include <algorithm>
#include <chrono>

#include "experiments/breed/founders.hpp"
#include "experiments/breed/page_state.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t longest_file_name = 100;

/// The name of a dropped file as it may stand in a message.
std::string shown_name(const WebRequest& request) {
  const auto found = request.query.find("name");
  std::string name = found == request.query.end() ? "the file" : found->second.substr(0, longest_file_name);
  std::ranges::replace_if(
      name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; }, ' ');
  return name;
}

Json state_json(BreedingPage::State& state) {
  BreedingSession& session = state.session();
  Json generations = Json::array(), notes = Json::array(), built_in = Json::array(),
       activations = Json::array();
  for (const Generation& made : session.generations()) generations.push_back(generation_json(made));
  for (const auto& [place, note] : session.notes())
    notes.push_back({place.first, place.second, note.name, note.note, note.favourite});
  for (const BuiltInTarget& target : built_in_targets())
    if (target.genome) built_in.push_back("@" + target.name);
  for (const Activation activation : all_activations) activations.push_back(name(activation));
  return {{"name", session.folder().filename().string()},
          {"folder", told_folder(state)},
          {"seed", session.seed()},
          {"revision", session.revision()},
          {"torn", session.was_torn()},
          {"shown", session.shown()},
          {"settings", to_json(session.settings())},
          {"defaults", to_json(neat::BreedingSettings{})},
          {"generations", generations},
          {"notes", notes},
          {"builtIn", built_in},
          {"activations", activations},
          {"operators", neat::operator_names},
          {"jobs", state.open->jobs.list()}};
}

/// The folder that a request without a body names; empty for none.
std::string asked_folder(const WebRequest& request) {
  const auto found = request.query.find("folder");
  return found == request.query.end() ? std::string() : found->second;
}

std::vector<std::uint32_t> places_of(const Json& json) { return json.get<std::vector<std::uint32_t>>(); }

/// The generation that was just made, with how long the server took for all of it, for the children, for drawing them and for
/// the disk beyond that. It is drawn while its record is on the way to the disk, and answered when it is there.
template <class Make>
WebReply made(BreedingPage::State& state, const Make& make) {
  using Clock = std::chrono::steady_clock;
  std::string timing, drawn;
  const auto tell = [&](const char* what, Clock::time_point since) {
    const double ms = std::chrono::duration<double, std::milli>(Clock::now() - since).count();
    timing += (timing.empty() ? "" : ", ") + std::string(what) + ";dur=" + std::to_string(ms);
    return Clock::now();
  };
  const auto start = Clock::now();
  auto then = start;
  const std::uint32_t number = make([&](const std::vector<neat::AnnotatedGenome>& genomes) {
    then = tell("children", start);
    drawn = drawn_bytes(genomes, picture_side);
    then = tell("draw", then);
  });
  tell("disk", then);
  state.gallery.keep({number, state.session().generation(number).origins.size(), picture_side},
                     std::move(drawn));
  WebReply reply = generation_reply(state, number);
  tell("breed", start);
  reply.headers.emplace_back("Server-Timing", timing);
  return reply;
}

/// What was on screen, where the page tells it.
void leave(BreedingSession& session, std::uint32_t previous) {
  if (previous != 0) session.show(previous);
}

/// Makes a small change, and tells whether there was anything to change: else the revision is another window's.
template <class Change>
WebReply changed(BreedingPage::State& state, const Change& change) {
  const std::uint64_t before = state.session().revision();
  change(state.session());
  const std::uint64_t now = state.session().revision();
  return json_reply({{"revision", now}, {"changed", now != before}});
}

}  // namespace

std::vector<WebRoute> breeding_routes(BreedingPage::State& state) {
  using State = BreedingPage::State;
  return {
      {"GET", "/api/state",
       [&state](const WebRequest&) {
         const std::scoped_lock lock(state.mutex);
         return json_reply(state_json(state));
       }},
      {"GET", "/api/changes",
       [&state](const WebRequest&) {
         const std::scoped_lock lock(state.mutex);
         return json_reply({{"revision", state.session().revision()},
                            {"folder", told_folder(state)},
                            {"jobs", state.open->jobs.list()}});
       }},
      {"GET", "/api/pictures",
       [&state](const WebRequest& request) {
         const std::scoped_lock lock(state.mutex);
         require_open(state, asked_folder(request));
         return generation_reply(state, asked_number(request, "generation"));
       }},
      post_route(state, "/api/evolve",
                 [](State& s, const Json& asked) {
                   return made(s, [&](const auto& meanwhile) {
                     return s.session().evolve(asked.at("from").get<std::uint32_t>(),
                                               places_of(asked.at("picks")),
                                               breeding_settings(asked.at("settings")),
                                               asked.at("previous").get<std::uint32_t>(), meanwhile);
                   });
                 }),
      post_route(state, "/api/begin",
                 [](State& s, const Json& asked) {
                   const neat::BreedingSettings settings = breeding_settings(asked.at("settings"));
                   BreedingSession& session = s.session();
                   leave(session, asked.value("previous", std::uint32_t{0}));
                   if (asked.contains("like"))
                     return made(s, [&](const auto& meanwhile) {
                       return session.begin_like(asked["like"].get<std::uint32_t>(), settings, meanwhile);
                     });
                   const auto source = asked.at("source").get<std::string>();
                   return made(s, [&](const auto& meanwhile) {
                     if (source == "nothing") return session.begin(settings, meanwhile);
                     if (!source.starts_with('@'))
                       throw ConfigError("a line begins with nothing, a built-in or a dropped file");
                     return session.begin(founders_named(source), source, settings, meanwhile);
                   });
                 }),
      {"POST", "/api/drop",
       [&state](const WebRequest& request) {
         const std::string name = shown_name(request);
         const auto founders = founders_in(request.body, name);
         const std::scoped_lock lock(state.mutex);
         require_open(state, asked_folder(request));
         BreedingSession& session = state.session();
         if (request.query.contains("previous")) leave(session, asked_number(request, "previous"));
         return made(state, [&](const auto& meanwhile) {
           return session.begin(founders, name, neat::BreedingSettings(session.settings()), meanwhile);
         });
       }},
      post_route(state, "/api/pick",
                 [](State& s, const Json& asked) {
                   return changed(s, [&](BreedingSession& session) {
                     session.pick(asked.at("generation").get<std::uint32_t>(), places_of(asked.at("picks")));
                   });
                 }),
      post_route(state, "/api/show",
                 [](State& s, const Json& asked) {
                   return changed(s, [&](BreedingSession& session) {
                     session.show(asked.at("generation").get<std::uint32_t>());
                   });
                 }),
      post_route(state, "/api/settings",
                 [](State& s, const Json& asked) {
                   return changed(s, [&](BreedingSession& session) {
                     session.set(breeding_settings(asked.at("settings")));
                   });
                 }),
      post_route(state, "/api/note",
                 [](State& s, const Json& asked) {
                   return changed(s, [&](BreedingSession& session) {
                     session.annotate(
                         asked.at("generation").get<std::uint32_t>(), asked.at("place").get<std::uint32_t>(),
                         {asked.at("name").get<std::string>(), asked.at("note").get<std::string>(),
                          asked.at("favourite").get<bool>()});
                   });
                 }),
      post_route(state, "/api/keep",
                 [](State& s, const Json& asked) {
                   std::vector<WeightChange> changes;
                   for (const Json& change : asked.at("changes"))
                     changes.push_back({{change.at(0).get<std::int32_t>(), change.at(1).get<std::int32_t>()},
                                        change.at(2).get<double>()});
                   const auto number = asked.at("generation").get<std::uint32_t>();
                   s.session().keep(number, asked.at("place").get<std::uint32_t>(), changes);
                   return generation_reply(s, number);
                 }),
  };
}

}  // namespace skein::experiments

// What each event of a session does to what is known of it. Everything is checked: a file may say anything.
#include <algorithm>

#include "experiments/breed/breeding_session.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t most_generations = 1'000'000;

[[noreturn]] void refuse(const std::string& why) { throw FormatError(why); }

std::vector<std::uint32_t> places(const nlohmann::ordered_json& json, std::size_t count) {
  auto list = json.get<std::vector<std::uint32_t>>();
  for (const std::uint32_t place : list)
    if (place >= count) refuse("a picture that is not there");
  return list;
}

}  // namespace

nlohmann::ordered_json to_json(const neat::BreedingSettings& s) {
  auto hidden = nlohmann::ordered_json::array();
  for (const Activation activation : s.hidden) hidden.push_back(name(activation));
  return {{"strength", s.strength},
          {"structure", s.structure},
          {"weights", s.weights},
          {"colour", s.colour},
          {"activations", s.activations},
          {"link_rate", s.link_rate},
          {"node_rate", s.node_rate},
          {"weight_rate", s.weight_rate},
          {"activation_rate", s.activation_rate},
          {"weight_chance", s.weight_chance},
          {"crossover", s.crossover},
          {"hidden", hidden}};
}

neat::BreedingSettings breeding_settings(const nlohmann::ordered_json& json) {
  neat::BreedingSettings s;
  try {
    s.strength = json.at("strength").get<double>();
    s.structure = json.at("structure").get<bool>();
    s.weights = json.at("weights").get<bool>();
    s.colour = json.at("colour").get<bool>();
    s.activations = json.at("activations").get<bool>();
    s.link_rate = json.at("link_rate").get<double>();
    s.node_rate = json.at("node_rate").get<double>();
    s.weight_rate = json.at("weight_rate").get<double>();
    s.activation_rate = json.at("activation_rate").get<double>();
    s.weight_chance = json.at("weight_chance").get<double>();
    s.crossover = json.at("crossover").get<double>();
    s.hidden.clear();
    for (const auto& word : json.at("hidden")) {
      const auto activation = parse_activation(word.get<std::string>());
      if (!activation || std::ranges::find(s.hidden, *activation) != s.hidden.end())
        throw ConfigError("settings with an activation that is not known, or twice");
      s.hidden.push_back(*activation);
    }
  } catch (const nlohmann::json::exception&) {
    throw ConfigError("settings that are not complete");
  }
  neat::validate(s);
  return s;
}

void BreedingSession::record(Event event, bool durable) {
  log_->append(event, durable);
  apply(event);
}

void BreedingSession::apply(const Event& event) {
  const auto kind = event.at("event").get<std::string>();
  if ((revision_ == 0) != (kind == "session")) refuse("its first line is not that of a session");
  if (kind == "session") {
    if (event.at("format") != "skein-breeding") refuse("not a session of breeding");
    if (event.at("version").get<int>() > 1) refuse("made by a newer version of skein");
    seed_ = event.at("seed").get<std::uint64_t>();
  } else if (kind == "generation") {
    apply_generation(event);
  } else if (kind == "kept") {
    apply_kept(event);
  } else if (kind == "picks") {
    const auto number = generation(event.at("generation").get<std::uint32_t>()).number;
    Generation& made = generations_[number - 1];
    made.picks = places(event.at("picks"), made.origins.size());
  } else if (kind == "note") {
    const auto number = event.at("generation").get<std::uint32_t>();
    const auto place = check_place(number, event.at("place").get<std::uint32_t>());
    notes_[{number, place}] = {event.at("name").get<std::string>(), event.at("note").get<std::string>(),
                               event.at("favourite").get<bool>()};
  } else if (kind == "shown") {
    shown_ = generation(event.at("generation").get<std::uint32_t>()).number;
  } else if (kind == "settings") {
    settings_ = breeding_settings(event.at("settings"));
  } else {
    refuse("an event of a newer version, \"" + kind.substr(0, 40) + "\"");
  }
  ++revision_;
}

void BreedingSession::apply_generation(const Event& event) {
  Generation made;
  made.number = event.at("number").get<std::uint32_t>();
  made.parent = event.at("parent").get<std::uint32_t>();
  made.previous = event.at("previous").get<std::uint32_t>();
  if (made.number != generations_.size() + 1 || made.number > most_generations ||
      made.parent >= made.number || made.previous >= made.number)
    refuse("generations out of order");
  if (made.parent != 0) made.parents = places(event.at("parents"), generation(made.parent).origins.size());
  else made.source = event.at("source").get<std::string>();
  made.settings = breeding_settings(event.at("settings"));
  made.hash = event.at("hash").get<std::uint64_t>();
  const Event& origins = event.at("origins");
  const std::size_t mothers = made.parent != 0 ? generation(made.parent).origins.size() : origins.size();
  for (const Event& origin : origins) {
    const PictureOrigin from{origin.at(0).get<std::int32_t>(), origin.at(1).get<std::int32_t>(),
                             neat::Operators(origin.at(2).get<std::uint16_t>())};
    const auto exists = [&](std::int32_t place) {
      return place < 0 || static_cast<std::size_t>(place) < mothers;
    };
    const bool endless = made.parent == 0 && !from.operators.empty() &&
                         from.mother >= static_cast<std::int32_t>(made.origins.size());
    if (!exists(from.mother) || !exists(from.father) || endless) refuse("a parent that is not there");
    made.origins.push_back(from);
  }
  made.bred = made.origins.size();
  if (made.bred == 0 || made.bred > 1000) refuse("a generation without pictures");
  settings_ = made.settings;
  shown_ = made.number;
  generations_.push_back(std::move(made));
}

void BreedingSession::apply_kept(const Event& event) {
  const auto number = event.at("generation").get<std::uint32_t>();
  const auto base = check_place(number, event.at("base").get<std::uint32_t>());
  std::vector<WeightChange> changes;
  for (const Event& change : event.at("changes"))
    changes.push_back(
        {{change.at(0).get<std::int32_t>(), change.at(1).get<std::int32_t>()}, change.at(2).get<double>()});
  Generation& made = generations_[number - 1];
  made.changes[static_cast<std::uint32_t>(made.origins.size())] = std::move(changes);
  made.origins.push_back({static_cast<std::int32_t>(base), -1, neat::Operators(std::uint16_t{0})});
}

}  // namespace skein::experiments

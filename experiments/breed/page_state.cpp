// What the routes have in common: answers as JSON and with pictures, and that what is asked is asked of the open session.
#include "experiments/breed/page_state.hpp"

#include <bit>
#include <charconv>
#include <cstring>

#include "lib/base/error.hpp"

namespace skein::experiments {

using Json = nlohmann::ordered_json;

Json generation_json(const Generation& made) {
  Json origins = Json::array();
  for (const PictureOrigin& origin : made.origins)
    origins.push_back({origin.mother, origin.father, origin.operators.bits()});
  return {{"number", made.number},   {"parent", made.parent}, {"previous", made.previous},
          {"parents", made.parents}, {"picks", made.picks},   {"source", made.source},
          {"bred", made.bred},       {"origins", origins},    {"strength", made.settings.strength}};
}

WebReply json_reply(const Json& json) {
  return {200, "application/json", json.dump(-1, ' ', false, Json::error_handler_t::replace), {}};
}

std::uint32_t asked_number(const WebRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  std::uint32_t number = 0;
  const std::string text = found == request.query.end() ? std::string() : found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    throw ConfigError(name + " must be a number");
  return number;
}

WebReply generation_reply(BreedingPage::State& state, std::uint32_t number) {
  BreedingSession& session = state.session();
  const Generation& made = session.generation(number);
  const Gallery::Key key{number, made.origins.size(), picture_side};
  Gallery::Bytes pictures = state.gallery.find(key);
  if (!pictures) pictures = state.gallery.keep(key, drawn_bytes(session.pictures(number), picture_side));
  const std::string head = Json{
      {"generation", generation_json(made)},
      {"revision", session.revision()},
      {"size", picture_side}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto length = static_cast<std::uint32_t>(head.size());
  static_assert(std::endian::native == std::endian::little);
  std::string body(sizeof length, '\0');
  std::memcpy(body.data(), &length, sizeof length);
  body.reserve(body.size() + head.size() + pictures->size());
  body += head;
  body += *pictures;
  return {200, "application/octet-stream", std::move(body), {}};
}

std::string told_folder(BreedingPage::State& state) {
  return std::filesystem::absolute(state.session().folder()).string();
}

void require_open(BreedingPage::State& state, const std::string& folder) {
  // Names that are not UTF-8 reach the page with replacement characters.
  const auto replaced = [](const std::string& name) {
    return Json(name).dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  if (!folder.empty() && replaced(folder) != replaced(told_folder(state)))
    throw ConfigError("another window has opened other pictures");
}

WebRoute post_route(BreedingPage::State& state, const std::string& path,
                    std::function<WebReply(BreedingPage::State&, const Json&)> answer) {
  return {"POST", path, [&state, answer = std::move(answer)](const WebRequest& request) {
            const Json asked = Json::parse(request.body);
            const std::scoped_lock lock(state.mutex);
            require_open(state, asked.value("folder", std::string()));
            return answer(state, asked);
          }};
}

}  // namespace skein::experiments

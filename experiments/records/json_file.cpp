#include "experiments/records/json_file.hpp"

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t largest_json = std::size_t{64} << 20;
constexpr int deepest_json = 64;

}  // namespace

Json read_json(const std::filesystem::path& file) {
  return json_of_text(read_file(file, largest_json), file.string());
}

Json json_of_text(std::string_view bytes, const std::string& name) {
  const auto shallow = [](int depth, Json::parse_event_t, Json&) -> bool {
    if (depth > deepest_json) throw FormatError("nested too deeply");
    return true;
  };
  try {
    return Json::parse(bytes, shallow);
  } catch (const Error& e) {
    throw FormatError(name + ": damaged JSON (" + e.what() + ")");
  } catch (const Json::exception&) {
    throw FormatError(name + ": damaged JSON");
  }
}

std::string json_text(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace skein::experiments

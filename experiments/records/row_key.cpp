#include "experiments/records/row_key.hpp"

#include "experiments/records/digest.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

std::string signed_text(int offset) { return (offset > 0 ? "+" : "") + std::to_string(offset); }

/// Every part with its length before it, so that no two keys run together to the same text.
std::string canonical_text(const RowKey& key) {
  std::string text;
  const auto add = [&](const std::string& part) { text += std::to_string(part.size()) + ":" + part; };
  add(key.target);
  add(key.method);
  add(std::to_string(key.count));
  add(std::to_string(key.depth));
  for (const auto& [name, value] : key.variant) add(name), add(value);
  add(key.seed ? std::to_string(*key.seed) : "");
  return text;
}

std::string folder_in(const char* where, const RowKey& key, bool by_target) {
  return std::string(where) + "/" + (by_target ? file_name(key.target) + "/" : "") + file_name(id_of(key));
}

}  // namespace

std::string variant_text(const Variant& variant) {
  std::string text;
  for (const auto& [name, value] : variant) text += (text.empty() ? "" : ":") + name + "=" + value;
  return text;
}

RowKey without_seed(RowKey key) {
  key.seed.reset();
  return key;
}

std::string name_of(const RowKey& key) {
  std::string name = key.method;
  if (key.count > 0) name += "-" + std::to_string(key.count);
  if (key.depth != 0) name += "-depth" + signed_text(key.depth);
  if (!key.variant.empty()) name += ":" + variant_text(key.variant);
  return name;
}

std::string id_of(const RowKey& key) {
  return key.seed ? name_of(key) + "-s" + std::to_string(*key.seed) : name_of(key);
}

std::string label_end(const RowKey& key) {
  std::string end;
  if (key.count > 0) end += ", " + std::to_string(key.count);
  if (key.depth != 0) end += ", depth " + signed_text(key.depth);
  if (!key.variant.empty()) end += ", " + variant_text(key.variant);
  return end;
}

std::string file_name(const std::string& text) {
  constexpr std::size_t longest = 180;
  std::string name;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    name += byte < 32 || byte == 127 || c == '/' || c == '\\' ? '_' : c;
  }
  if (name.starts_with('.') || name.empty()) name.insert(name.begin(), '_');
  if (name == text && name.size() <= longest) return name;
  return name.substr(0, longest) + "." + digest_of(text).substr(0, 8);
}

std::string row_folder(const RowKey& key, bool by_target) { return folder_in("rows", key, by_target); }

std::string parent_folder(const RowKey& key, bool by_target) { return folder_in("parents", key, by_target); }

std::uint64_t number_of(const RowKey& key, std::uint64_t context) {
  return fnv1a(canonical_text(key), context);
}

std::string hash_of(const RowKey& key, std::uint64_t context) { return hex_text(number_of(key, context)); }

nlohmann::ordered_json to_json(const RowKey& key) {
  nlohmann::ordered_json json{
      {"target", key.target}, {"method", key.method}, {"count", key.count}, {"depth", key.depth}};
  json["variant"] = nlohmann::ordered_json::object();
  for (const auto& [name, value] : key.variant) json["variant"][name] = value;
  json["seed"] = key.seed ? nlohmann::ordered_json(*key.seed) : nlohmann::ordered_json(nullptr);
  return json;
}

RowKey row_key_from_json(const nlohmann::ordered_json& json, const std::string& file) try {
  RowKey key{json.at("target").get<std::string>(),
             json.at("method").get<std::string>(),
             json.at("count").get<std::int64_t>(),
             json.at("depth").get<int>(),
             {},
             {}};
  if (!json.at("variant").is_object()) throw FormatError(file + ": 'variant' must be an object");
  for (const auto& [name, value] : json.at("variant").items())
    key.variant.emplace_back(name, value.get<std::string>());
  if (!json.at("seed").is_null()) {
    if (!json.at("seed").is_number_unsigned()) throw FormatError(file + ": 'seed' must be a whole number");
    key.seed = json.at("seed").get<std::uint64_t>();
  }
  return key;
} catch (const nlohmann::json::exception&) {
  throw FormatError(file + ": 'key' is not the key of a row");
}

}  // namespace skein::experiments

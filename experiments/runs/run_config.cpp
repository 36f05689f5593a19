#include "experiments/runs/run_config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <sstream>
#include <string_view>

#include "experiments/records/json_file.hpp"
#include "experiments/runs/toml_config.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* run_format = "skein-run";
constexpr int run_version = 1;
constexpr std::array<std::string_view, 5> every_run{"metrics.jsonl", "result.json", "DONE", "report.html",
                                                    "checkpoint"};
/// What skein writes into folders of its runs; other files there are somebody else's.
constexpr std::array<std::string_view, 17> made_suffixes{
    ".png", ".svg", ".pdf", ".csv", ".json", ".jsonl",      ".toml",    ".mlp", ".genome",
    ".map", ".npz", ".npy", ".dot", ".html", ".checkpoint", ".parquet", ".onnx"};
constexpr std::array<std::string_view, 4> made_names{"checkpoint", "DONE", "arch.txt", lock_name};

/// Whether `text` is `pattern`, in which one '*' stands for any text.
bool fits_pattern(std::string_view text, std::string_view pattern) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return text == pattern;
  const auto head = pattern.substr(0, star), tail = pattern.substr(star + 1);
  return text.size() >= head.size() + tail.size() && text.starts_with(head) && text.ends_with(tail);
}

bool is_made_by_skein(const std::string& name) {
  return std::ranges::find(made_names, name) != made_names.end() || is_temporary_name(name) ||
         std::ranges::any_of(made_suffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
}

void remove_one(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error)
    throw FormatError(path.string() + ": what an earlier run left cannot be removed (" + error.message() +
                      ")");
}

/// Removes what skein made inside, and folders that are empty then.
void remove_made(const fs::path& folder, const fs::path& root, std::vector<std::string>& kept) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  for (const fs::path& entry : entries) {
    if (fs::is_directory(fs::symlink_status(entry))) remove_made(entry, root, kept);
    else if (is_made_by_skein(entry.filename().string())) remove_one(entry);
    else kept.push_back(entry.lexically_relative(root).string());
  }
  if (fs::is_empty(folder)) remove_one(folder);
}

toml::table parsed_config(const std::string& text, const fs::path& file) {
  refuse_deep_keys(text, file.string());
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& e) {
    throw FormatError(file.string() + ": damaged at line " + std::to_string(e.source().begin.line));
  }
}

/// The table's value as the text that `toml_lines` would have written, by writing it out and reading it
/// again.
std::string node_text(const toml::node_view<const toml::node>& node) {
  if (!node) return "nothing";
  std::ostringstream out;
  if (const auto* text = node.as_string()) return json_text(Json(text->get()));
  if (const auto* number = node.as_floating_point()) return Json(number->get()).dump();
  node.visit([&out](const auto& value) { out << value; });
  return out.str();
}

/// A JSON value as TOML: the same text but for what JSON cannot say and TOML does not allow.
std::string toml_value(const Json& value) {
  if (value.is_number_float() && !std::isfinite(value.get<double>())) {
    const double number = value.get<double>();
    return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
  }
  std::string text;
  for (const char c : json_text(value)) text += c == '\x7f' ? std::string("\\u007f") : std::string(1, c);
  return text;
}

/// TOML's whole numbers end at 2^63 - 1.
void require_writable(const std::string& key, const Json& value) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > most)
    throw ConfigError(key + " is " + value.dump() + "; the most is " + std::to_string(most));
  if (value.is_array())
    for (const Json& item : value) require_writable(key, item);
}

std::string config_header(const std::string& command) {
  return toml_lines({{"format", run_format}, {"version", run_version}, {"command", command}});
}

/// The file names that a setting may stand for: itself, what follows "NAME=" or "kind:", without "#number".
std::vector<std::string> file_names_in(const std::string& text) {
  std::vector<std::string> names{text};
  for (const char mark : {'=', ':'})
    if (const auto at = text.find(mark); at != std::string::npos) names.push_back(text.substr(at + 1));
  for (std::size_t i = 0, count = names.size(); i < count; ++i)
    if (const auto at = names[i].rfind('#'); at != std::string::npos) names.push_back(names[i].substr(0, at));
  return names;
}

bool lies_in(const fs::path& folder, const std::string& name) {
  std::error_code error;
  if (name.empty() || !fs::exists(name, error)) return false;
  const fs::path inside = fs::canonical(name, error), outside = fs::canonical(folder, error);
  return !error &&
         std::mismatch(outside.begin(), outside.end(), inside.begin(), inside.end()).first == outside.end();
}

}  // namespace

std::string toml_lines(const Json& settings) {
  std::string text;
  for (const auto& [key, value] : settings.items())
    if (!value.is_null()) text += key + " = " + toml_value(value) + "\n";
  return text;
}

FolderState state_of(const fs::path& folder) {
  FolderState state;
  std::error_code error;
  bool has_lock = false, has_content = false;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    has_lock |= name == lock_name;
    has_content |= name != lock_name && !is_temporary_name(name);
  }
  if (error && error != std::errc::no_such_file_or_directory)
    throw FormatError(folder.string() + ": cannot be looked into (" + error.message() + ")");
  if (!has_content) return state;
  state.kind = FolderState::Kind::foreign;
  const fs::path file = folder / config_name;
  if (!fs::exists(file, error)) return state;
  try {
    state.config.text = read_file(file);
    const toml::table table = parsed_config(state.config.text, file);
    if (table["format"].value_or(std::string()) != run_format) return state;
    state.config.command = table["command"].value_or(std::string());
    state.config.given_up = table["folder"]["given-up"].value_or(false);
    if (const auto* files = table["folder"]["files"].as_array())
      for (const auto& name : *files) state.config.files.push_back(name.value_or(std::string()));
    state.kind = FolderState::Kind::run;
  } catch (const FormatError& e) {
    // Somebody else's folder may hold a config.toml too; only runs have a lock beside it.
    if (has_lock) state.kind = FolderState::Kind::damaged;
    state.trouble = e.what();
  }
  return state;
}

std::string config_text(const std::string& command, const std::vector<std::string>& files,
                        const Json& settings, const Json& origin) {
  for (const auto& [key, value] : settings.items()) require_writable(key, value);
  const std::string text = config_header(command) + "\n[" + command + "]\n" + toml_lines(settings) +
                           (files.empty() ? "" : "\n[folder]\n" + toml_lines({{"files", files}})) +
                           "\n[origin]\n" + toml_lines(origin);
  try {
    if (toml::parse(text)["format"].value_or(std::string()) == run_format) return text;
  } catch (const toml::parse_error&) {
  }
  throw ConfigError("the settings of this run cannot be written down so that they read back the same");
}

std::string given_up_text(const std::string& command, const std::vector<std::string>& files) {
  return config_header(command) + "\n[folder]\n" + toml_lines({{"given-up", true}}) +
         (files.empty() ? "" : toml_lines({{"files", files}}));
}

std::optional<std::string> difference(const RunConfig& old, const std::string& command,
                                      const Json& settings) {
  const toml::table before = toml::parse(old.text);
  const toml::table wanted = toml::parse("[" + command + "]\n" + toml_lines(settings));
  for (const auto& [key, value] : settings.items()) {
    const std::string then = node_text(std::as_const(before)[command][key]),
                      now = node_text(std::as_const(wanted)[command][key]);
    if (then != now) return key + " = " + then + " there, " + now + " now";
  }
  return std::nullopt;
}

std::vector<std::string> remove_run_files(const fs::path& folder, const std::vector<std::string>& files) {
  std::vector<std::string> kept;
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  for (const fs::path& entry : entries) {
    const std::string name = entry.filename().string();
    if (name == config_name || name == lock_name) continue;
    const auto is = [&](std::string_view pattern) { return fits_pattern(name, pattern); };
    const bool own = files.empty() || is_temporary_name(name) || std::ranges::any_of(every_run, is) ||
                     std::ranges::any_of(files, is);
    if (!own) kept.push_back(name);
    else if (!files.empty() && fs::is_directory(fs::symlink_status(entry))) remove_made(entry, folder, kept);
    else remove_one(entry);
  }
  return kept;
}

std::optional<std::string> input_inside(const fs::path& folder, const Json& settings) {
  for (const auto& [key, value] : settings.items()) {
    const Json items = value.is_array() ? value : Json::array({value});
    for (const Json& item : items) {
      if (!item.is_string()) continue;
      const auto text = item.get<std::string>();
      if (std::ranges::any_of(file_names_in(text),
                              [&](const std::string& name) { return lies_in(folder, name); }))
        return key + " " + text;
    }
  }
  return std::nullopt;
}

}  // namespace skein::experiments

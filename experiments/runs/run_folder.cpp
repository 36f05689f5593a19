#include "experiments/runs/run_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <sstream>

#include "experiments/runs/json_file.hpp"
#include "experiments/runs/version.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* run_format = "skein-run";
constexpr int run_version = 1;
constexpr const char *config_name = "config.toml", *done_name = "DONE", *metrics_name = "metrics.jsonl",
                     *result_name = "result.json", *lock_name = ".lock";

toml::table read_config(const fs::path& folder) {
  const fs::path file = folder / config_name;
  try {
    toml::table table = toml::parse(read_file(file));
    if (table["format"].value_or(std::string()) != run_format)
      throw FormatError(file.string() + ": not the configuration of a run of skein");
    return table;
  } catch (const toml::parse_error& e) {
    throw FormatError(file.string() + ": damaged at line " + std::to_string(e.source().begin.line));
  }
}

bool holds_run(const fs::path& folder) {
  try {
    read_config(folder);
    return true;
  } catch (const FormatError&) {
    return false;
  }
}

/// The table's value as the text that `toml_lines` would have written, by writing it out and reading it
/// again.
std::string node_text(const toml::node_view<const toml::node>& node) {
  if (!node) return "nothing";
  std::ostringstream out;
  if (const auto* text = node.as_string()) return Json(text->get()).dump();
  if (const auto* number = node.as_floating_point()) return Json(number->get()).dump();
  node.visit([&out](const auto& value) { out << value; });
  return out.str();
}

/// The first setting that differs between the run on disk and the one asked for, as a sentence; nothing when
/// they agree.
std::optional<std::string> difference(const toml::table& old, const std::string& table,
                                      const Json& settings) {
  const toml::table wanted = toml::parse("[" + table + "]\n" + toml_lines(settings));
  for (const auto& [key, value] : settings.items()) {
    const std::string before = node_text(std::as_const(old)[table][key]),
                      now = node_text(std::as_const(wanted)[table][key]);
    if (before != now) return key + " = " + before + " there, " + now + " now";
  }
  return std::nullopt;
}

int take_lock(const fs::path& folder) {
  const int lock = ::open((folder / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) throw FormatError(folder.string() + ": cannot be written to (" + std::strerror(errno) + ")");
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    throw ConfigError(folder.string() + ": another skein is at work in this folder");
  }
  return lock;
}

void empty_folder(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().filename() != lock_name) fs::remove_all(entry.path(), error);
  if (error)
    throw FormatError(folder.string() + ": what an earlier run left cannot be removed (" + error.message() +
                      ")");
}

}  // namespace

std::string toml_lines(const Json& settings) {
  std::string text;
  for (const auto& [key, value] : settings.items())
    if (!value.is_null()) text += key + " = " + value.dump() + "\n";
  return text;
}

std::string shell_text(const std::vector<std::string>& arguments) {
  std::string text = "skein";
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const bool plain = !word.empty() && word.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789_-./:=,@%+") == std::string::npos;
    text += ' ';
    if (plain) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += '\'';
  }
  return text;
}

RunFolder::RunFolder(fs::path folder, const RunRequest& request, const Session& session)
    : folder_(std::move(folder)) {
  std::error_code error;
  if (fs::exists(folder_, error) && !fs::is_directory(folder_, error))
    throw ConfigError(folder_.string() + ": is a file, a run needs a folder");
  make_folder(folder_);
  lock_ = take_lock(folder_);
  try {
    start(request, session);
  } catch (...) {
    ::close(lock_);
    throw;
  }
}

RunFolder::~RunFolder() { ::close(lock_); }

void RunFolder::start(const RunRequest& request, const Session& session) {
  const bool is_run = holds_run(folder_);
  bool has_content = false;
  for (const auto& entry : fs::directory_iterator(folder_))
    has_content |= entry.path().filename() != lock_name;
  if (has_content && !is_run)
    throw ConfigError(folder_.string() + ": holds files but no run of skein; give an empty or a new folder");
  const std::string place = folder_.string();
  if (is_run && session.force()) {
    empty_folder(folder_);
  } else if (is_run) {
    const toml::table old = read_config(folder_);
    const std::string command = old["command"].value_or(std::string());
    if (command != request.command)
      throw ConfigError(place + ": holds a run of `skein " + command +
                        "`; give another folder, or --force to replace it");
    if (const auto what = difference(old, request.command, request.settings))
      throw ConfigError(place + ": holds a run with other settings (" + *what +
                        "); give another folder, or --force to replace it");
    if (fs::exists(file(done_name)) && !difference(old, request.command, request.extendable)) {
      finished_result_ = read_json(file(result_name));
      return;
    }
    resumed_ = true;
    fs::remove(file(done_name));
    fs::remove(file(result_name));
  }
  Json about{{"format", run_format}, {"version", run_version}, {"command", request.command}};
  const Json origin{{"command_line", shell_text(session.arguments())},
                    {"skein", version},
                    {"build", build_text()},
                    {"instruction_set", instruction_set_text()}};
  write_file(file(config_name), toml_lines(about) + "\n[" + request.command + "]\n" +
                                    toml_lines(request.settings) + toml_lines(request.extendable) +
                                    "\n[origin]\n" + toml_lines(origin));
}

void RunFolder::record(const Json& line) const { append_to_file(file(metrics_name), line.dump() + "\n"); }

void RunFolder::forget_after(const std::string& key, std::int64_t last) const {
  if (!fs::exists(file(metrics_name))) return;
  std::istringstream lines(read_file(file(metrics_name)));
  std::string line, kept;
  while (std::getline(lines, line)) {
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) continue;
    if (json.contains(key) && json[key].is_number_integer() && json[key].get<std::int64_t>() > last) continue;
    kept += line + "\n";
  }
  write_file(file(metrics_name), kept);
}

void RunFolder::keep_result(const Json& result) const {
  write_file(file(result_name), result.dump(1) + "\n");
}

void RunFolder::finish() const { write_file(file(done_name), ""); }

bool is_finished_run(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / done_name, error) && holds_run(folder);
}

std::optional<std::string> command_of_run(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder / config_name, error) || !holds_run(folder)) return std::nullopt;
  return read_config(folder)["command"].value_or(std::string());
}

}  // namespace skein::experiments

#include "experiments/runs/run_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sstream>

#include "experiments/records/json_file.hpp"
#include "experiments/runs/run_config.hpp"
#include "experiments/runs/version.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char *done_name = "DONE", *metrics_name = "metrics.jsonl", *result_name = "result.json";
constexpr std::size_t longest_metrics = std::size_t{8} << 30;  // bytes; our own file, a line per step of work

int take_lock(const fs::path& folder) {
  const int lock = ::open((folder / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock < 0) throw FormatError(folder.string() + ": cannot be written to (" + std::strerror(errno) + ")");
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    throw ConfigError(folder.string() + ": another skein is at work in this folder");
  }
  return lock;
}

void refuse_foreign(const fs::path& folder) {
  const FolderState state = state_of(folder);
  if (state.kind == FolderState::Kind::foreign)
    throw ConfigError(folder.string() + ": holds files but no run of skein; give an empty or a new folder");
}

void refuse_own_input(const fs::path& folder, const Json& settings) {
  if (const auto input = input_inside(folder, settings))
    throw ConfigError(folder.string() + ": --force would remove what this run reads (" + *input +
                      "); give another folder");
}

/// Leaves the folder with a configuration that is given up and nothing else of the old run, from any point at
/// which a process is killed: what is given up stays so until a new configuration takes its place.
void give_up(const fs::path& folder, const RunConfig& old, const RunRequest& request,
             const Session& session) {
  refuse_own_input(folder, request.settings);
  refuse_own_input(folder, request.extendable);
  if (!old.given_up) write_file(folder / config_name, given_up_text(request.command, old.files));
  for (const std::string& kept : remove_run_files(folder, old.files))
    session.say("note: " + (folder / kept).string() + " is not of the earlier run and is kept");
}

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw FormatError(file.string() + ": cannot be removed (" + error.message() + ")");
}

}  // namespace

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
  refuse_foreign(folder_);
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

bool is_at_work(const fs::path& folder) {
  const int lock = ::open((folder / lock_name).c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return false;
  const bool taken = ::flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(lock);
  return taken;
}

void RunFolder::start(const RunRequest& request, const Session& session) {
  refuse_foreign(folder_);
  const FolderState state = state_of(folder_);
  const RunConfig& old = state.config;
  const std::string place = folder_.string();
  if (state.kind == FolderState::Kind::damaged) {
    if (!session.force()) throw FormatError(state.trouble + "; --force starts this run anew");
    give_up(folder_, {.files = request.files}, request, session);
  } else if (state.kind == FolderState::Kind::run && (session.force() || old.given_up)) {
    give_up(folder_, old, request, session);
  } else if (state.kind == FolderState::Kind::run) {
    if (old.command != request.command)
      throw ConfigError(place + ": holds a run of `skein " + old.command +
                        "`; give another folder, or --force to replace it");
    if (const auto what = difference(old, request.command, request.settings))
      throw ConfigError(place + ": holds a run with other settings (" + *what +
                        "); give another folder, or --force to replace it");
    sweep_temporaries(folder_, true);
    if (fs::exists(file(done_name)) && fs::exists(file(result_name)) &&
        !difference(old, request.command, request.extendable)) {
      finished_result_ = read_json(file(result_name));
      return;
    }
    resumed_ = true;
    remove_file(file(done_name));
    remove_file(file(result_name));
  }
  sweep_temporaries(folder_, true);
  write_config(request, session);
}

void RunFolder::write_config(const RunRequest& request, const Session& session) const {
  Json settings = request.settings;
  if (request.extendable.is_object()) settings.update(request.extendable);
  const Json origin{{"command_line", shell_text(session.arguments())},
                    {"skein", version},
                    {"build", build_text()},
                    {"instruction_set", instruction_set_text()}};
  write_file(file(config_name), config_text(request.command, request.files, settings, origin));
}

const std::optional<nlohmann::ordered_json>& RunFolder::done_before(const Session& session) const {
  if (finished_result_) session.say(folder_.string() + ": already done; --force does it again");
  else if (resumed_) session.say(folder_.string() + ": resuming");
  return finished_result_;
}

void RunFolder::each_record(const std::function<void(const nlohmann::ordered_json&)>& visit) const {
  constexpr std::size_t longest = std::size_t{8} << 30;  // bytes; our own file
  const fs::path metrics = file(metrics_name);
  if (!fs::exists(metrics)) return;
  const std::string all = read_file(metrics, longest);
  std::istringstream lines(all);
  for (std::string text; std::getline(lines, text);)
    if (const auto line = nlohmann::ordered_json::parse(text, nullptr, false); line.is_object()) visit(line);
  if (!all.empty() && all.back() != '\n') append_to_file(metrics, "\n");
}

void RunFolder::record(const Json& line) const { append_to_file(file(metrics_name), json_text(line) + "\n"); }

void RunFolder::forget_after(const std::string& key, std::int64_t last) const {
  if (!fs::exists(file(metrics_name))) return;
  std::istringstream lines(read_file(file(metrics_name), longest_metrics));
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
  write_file(file(result_name), json_text(result, 1) + "\n");
}

void RunFolder::finish() const { write_file(file(done_name), ""); }

bool is_finished_run(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / done_name, error) && command_of_run(folder).has_value();
}

std::optional<std::string> command_of_run(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_regular_file(folder / config_name, error)) return std::nullopt;
  const FolderState state = state_of(folder);
  if (state.kind != FolderState::Kind::run || state.config.given_up) return std::nullopt;
  return state.config.command;
}

}  // namespace skein::experiments

#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/error.hpp"

namespace skein::experiments {

/// Thrown where something was to be written by one who may no longer write, because another process has taken
/// the work over.
class Overtaken : public Error {
 public:
  using Error::Error;
};

/// The one record of a piece of work (`row.json` in a row's folder): written whole, and known by the hash of what
/// it is about, so that a record that came from elsewhere is never taken for its own.
class RecordFile {
 public:
  /// `may_write` is asked before every write; empty: yes.
  RecordFile(std::filesystem::path file, std::string hash, std::function<bool()> may_write = {})
      : file_(std::move(file)), hash_(std::move(hash)), may_write_(std::move(may_write)) {}

  /// The record's members; nothing when there is no file, it is damaged, or it is about something else.
  std::optional<nlohmann::ordered_json> read() const;
  /// Writes format, version and hash, then these members. Throws Overtaken, and FormatError as `write_file`.
  void write(const nlohmann::ordered_json& members) const;
  /// Makes the work's folder. Whoever had the right before may lie there asleep in the middle of writing: what it has
  /// under way is taken from it, so that it cannot be finished when it wakes.
  void begin() const;
  /// Writes a file of the work's folder, whole. Throws Overtaken, and FormatError as `write_file`.
  void keep(const std::string& name, std::string_view bytes) const;
  /// Throws Overtaken when nothing may be written.
  void require_right_to_write() const;

  const std::filesystem::path& path() const { return file_; }
  std::filesystem::path folder() const { return file_.parent_path(); }
  const std::function<bool()>& may_write() const { return may_write_; }

 private:
  std::filesystem::path file_;
  std::string hash_;
  std::function<bool()> may_write_;
};

}  // namespace skein::experiments

#include "experiments/records/record_file.hpp"

#include "experiments/records/json_file.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

constexpr const char* record_format = "skein-row";
constexpr int record_version = 2;

}  // namespace

std::optional<nlohmann::ordered_json> RecordFile::read() const {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file_, ignored)) return std::nullopt;
  try {
    auto json = read_json(file_);
    if (!json.is_object() || json.value("format", "") != record_format ||
        json.value("version", 0) != record_version || json.value("hash", "") != hash_)
      return std::nullopt;
    return json;
  } catch (const FormatError&) {
    return std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

void RecordFile::begin() const {
  make_folder(folder());
  require_right_to_write();
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder(), ignored))
    if (is_temporary_name(entry.path().filename().string())) std::filesystem::remove(entry.path(), ignored);
}

void RecordFile::keep(const std::string& name, std::string_view bytes) const {
  require_right_to_write();
  write_file(folder() / name, bytes);
}

void RecordFile::require_right_to_write() const {
  if (may_write_ && !may_write_())
    throw Overtaken(file_.string() + ": another process has taken this row over");
}

void RecordFile::write(const nlohmann::ordered_json& members) const {
  nlohmann::ordered_json json{{"format", record_format}, {"version", record_version}, {"hash", hash_}};
  for (const auto& [name, value] : members.items()) json[name] = value;
  make_folder(folder());
  require_right_to_write();
  write_file(file_, json_text(json, 1) + "\n");
}

}  // namespace skein::experiments

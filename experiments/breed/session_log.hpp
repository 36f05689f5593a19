#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

namespace skein::experiments {

/// An append-only file of events, one JSON object a line. Each line ends with a checksum over itself and all before it, so a
/// changed, missing or exchanged line is noticed. A last line that a crash or a full disk tore is cut off.
class SessionLog {
 public:
  using Event = nlohmann::ordered_json;

  /// Reads the events that are there. Throws FormatError naming the line that is damaged.
  SessionLog(std::filesystem::path file, const std::function<void(const Event&)>& reader);

  /// Writes an event; `durable`: it is on the disk when this returns. Throws FormatError when it cannot be written; the
  /// file is then as before.
  void append(const Event& event, bool durable = true);

  bool was_torn() const { return torn_; }

 private:
  std::uint64_t read(const std::function<void(const Event&)>& reader);

  std::filesystem::path file_;
  std::uint64_t check_ = 0;
  std::uintmax_t size_ = 0;
  bool torn_ = false;
};

}  // namespace skein::experiments

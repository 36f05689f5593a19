#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "lib/picture/picture.hpp"
#include "sgd/train/train.hpp"

namespace skein::sgd {

/// A training between two steps, with what is needed to know that it is the same one when it goes on.
struct Checkpoint {
  Wiring wiring;
  bool freeze_copies = false;
  TrainSettings settings;
  std::uint64_t target = 0;  ///< `fingerprint` of what it is fitted to
  std::string
      instruction_set;  ///< what the numbers were computed with; other instructions may round otherwise
  TrainState state;
  bool operator==(const Checkpoint&) const = default;
};

/// FNV-1a of what a network is fitted to: of a picture on its own grid its size and numbers, of anything else
/// the samples and what is wanted of them. A loss of one's own counts by its name.
std::uint64_t fingerprint(const Examples& examples);

/// Framed files (lib/files/framed_file.hpp) of this kind.
inline constexpr std::string_view checkpoint_kind = "checkpoint";
inline constexpr std::uint32_t checkpoint_version = 3;

std::string encode_checkpoint(const Checkpoint& checkpoint);
/// Throws FormatError, naming the file `name`: foreign, torn, damaged, or parts that do not belong together.
Checkpoint decode_checkpoint(std::string_view bytes, const std::string& name);
void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint);
Checkpoint read_checkpoint(const std::filesystem::path& file);

/// Throws ConfigError naming the first thing in which the training asked for differs from the saved one: the
/// wiring, the target, a setting, the instruction set. With a constant rate the number of steps may differ.
void require_same_training(const Checkpoint& saved, const Checkpoint& wanted);

}  // namespace skein::sgd

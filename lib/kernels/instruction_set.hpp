#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace skein {

/// The machine instructions the engine's kernels are compiled for, all in one binary. Results agree to
/// rounding between them and bit for bit within one.
enum class InstructionSet : std::uint8_t {
  baseline,  ///< whatever the compiler's default is: four lanes, no fused multiply-add on x86-64; on arm64 NEON with it
  avx2,   ///< AVX2 and FMA: eight lanes
  avx512  ///< AVX-512 F, VL, BW, DQ: sixteen lanes
};

/// "baseline", "avx2", "avx512".
std::string_view name(InstructionSet set);

/// The inverse of `name`; nothing when no instruction set is called so.
std::optional<InstructionSet> parse_instruction_set(std::string_view text);

/// What this machine can run, narrowest first; never empty.
std::vector<InstructionSet> supported_instruction_sets();

/// The widest of them: what a `Plan` uses unless told otherwise.
InstructionSet best_instruction_set();

}  // namespace skein

#include "lib/kernels/instruction_set.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "lib/base/error.hpp"
#include "lib/kernels/kernels.hpp"

namespace skein {

namespace {

constexpr std::array<std::string_view, 3> names{"baseline", "avx2", "avx512"};

bool supported(InstructionSet set) {
#if defined(__x86_64__)
  switch (set) {
    case InstructionSet::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    case InstructionSet::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case InstructionSet::baseline:
      return true;
  }
#endif
  return set == InstructionSet::baseline;
}

}  // namespace

std::string_view name(InstructionSet set) { return names[static_cast<std::size_t>(set)]; }

std::optional<InstructionSet> parse_instruction_set(std::string_view text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) return std::nullopt;
  return static_cast<InstructionSet>(found - names.begin());
}

std::vector<InstructionSet> supported_instruction_sets() {
  std::vector<InstructionSet> sets;
  for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512})
    if (supported(set)) sets.push_back(set);
  return sets;
}

InstructionSet best_instruction_set() { return supported_instruction_sets().back(); }

const Kernels& kernels(InstructionSet set) {
  if (!supported(set))
    throw ConfigError("instruction set " + std::string(name(set)) + ": this machine has not got it");
#if defined(__x86_64__)
  if (set == InstructionSet::avx512) return avx512_kernels();
  if (set == InstructionSet::avx2) return avx2_kernels();
#endif
  return baseline_kernels();
}

}  // namespace skein


#define SKEIN_KERNELS baseline
#include "lib/kernels/kernel_edges.hpp"
#include "lib/kernels/kernel_heads.hpp"
#include "lib/kernels/kernel_products.hpp"

namespace skein {

const Kernels& baseline_kernels() {
  static constexpr Kernels table{InstructionSet::baseline, baseline::lanes,    baseline::forward,
                                 baseline::backward,       baseline::edges,    baseline::row_sums,
                                 baseline::drain,          baseline::colour,   baseline::colour_errors,
                                 baseline::errors,         baseline::distance, baseline::fold,
                                 baseline::unfold,         baseline::products, baseline::map_sums,
                                 baseline::activate_row,   baseline::spin};
  return table;
}

}  // namespace skein

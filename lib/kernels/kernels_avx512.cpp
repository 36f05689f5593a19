#if defined(__x86_64__)
#define SKEIN_KERNELS avx512
#include "lib/kernels/kernel_edges.hpp"
#include "lib/kernels/kernel_heads.hpp"
#include "lib/kernels/kernel_products.hpp"

namespace skein {

const Kernels& avx512_kernels() {
  static constexpr Kernels table{
      InstructionSet::avx512, avx512::lanes, avx512::forward, avx512::backward,      avx512::edges,
      avx512::row_sums,       avx512::drain, avx512::colour,  avx512::colour_errors, avx512::errors,
      avx512::distance,       avx512::fold,  avx512::unfold,  avx512::products,      avx512::map_sums,
      avx512::activate_row,   avx512::spin};
  return table;
}

}  // namespace skein
#endif

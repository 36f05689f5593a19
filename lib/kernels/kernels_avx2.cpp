#if defined(__x86_64__)
#define SKEIN_KERNELS avx2
#include "lib/kernels/kernel_edges.hpp"
#include "lib/kernels/kernel_heads.hpp"
#include "lib/kernels/kernel_products.hpp"

namespace skein {

const Kernels& avx2_kernels() {
  static constexpr Kernels table{
      InstructionSet::avx2, avx2::lanes, avx2::forward, avx2::backward,      avx2::edges,
      avx2::row_sums,       avx2::drain, avx2::colour,  avx2::colour_errors, avx2::errors,
      avx2::distance,       avx2::fold,  avx2::unfold,  avx2::products,      avx2::map_sums,
      avx2::activate_row,   avx2::spin};
  return table;
}

}  // namespace skein
#endif

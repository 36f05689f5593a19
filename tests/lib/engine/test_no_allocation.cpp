// The sanitizers bring an allocator of their own, which must not be replaced.
#ifndef __SANITIZE_ADDRESS__

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "lib/base/parallel.hpp"
#include "lib/engine/canvas.hpp"
#include "lib/engine/engine.hpp"
#include "tests/support/random_network.hpp"

// Every allocation by `new` in this program is counted, on all threads. What TBB keeps for its own tasks
// comes from its own pools and not from `new`.

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  const std::size_t rounded = (size + alignment) / alignment * alignment;
  if (void* memory = std::aligned_alloc(alignment, rounded)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size);
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept {
  return operator new(size, nothrow);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

using namespace skein;
using test::layered_network;
using test::random_weights;

namespace {

/// Allocations by `work` after it has run often enough for every thread to have had its share.
template <class Work>
std::size_t allocations_when_warm(const Work& work) {
  for (int i = 0; i < 20; ++i) work();
  const std::size_t before = allocations.load();
  for (int i = 0; i < 5; ++i) work();
  return allocations.load() - before;
}

struct Prepared {
  Network network = layered_network(
      6, {Activation::identity, Activation::gaussian, Activation::sin, Activation::identity}, 0.7, 3);
  Weights weights = random_weights(network, 3, 0.5);
  Grid grid{64, 48};
};

}  // namespace

TEST_CASE("the counter of allocations counts") {
  CHECK(allocations_when_warm([] { const std::vector<int> some(100); }) == 5);
}

TEST_CASE("steps of training allocate nothing once warm, on one thread and on several") {
  const Prepared made;
  for (const int threads : {1, 2}) {
    const ThreadLimit limit(threads);
    Loss loss(Plan(made.network), made.grid, Picture(made.grid.width, made.grid.height));
    std::vector<float> gradient(made.weights.size());
    const auto counted_step = [&] {
      return allocations_when_warm([&] {
        loss.value_and_gradient(made.weights, gradient);
        loss.value(made.weights);
      });
    };
    // A thread that comes late gets its working memory late.
    std::size_t last = counted_step();
    for (int tries = 0; last != 0 && tries < 20; ++tries) last = counted_step();
    CHECK(last == 0);
  }
}

TEST_CASE("drawing on a canvas allocates nothing once warm") {
  const Prepared made;
  const ThreadLimit limit(1);
  Canvas canvas(Plan(made.network), made.grid);
  Picture picture(made.grid.width, made.grid.height);
  CHECK(allocations_when_warm([&] {
          canvas.set_weights(made.weights);
          canvas.draw(picture);
        }) == 0);
}

TEST_CASE("evaluating allocates only for the folded weights and the grid's coordinates, whatever its size") {
  const Prepared made;
  const ThreadLimit limit(1);
  const Plan plan(made.network);
  const auto evaluating = [&](const Grid& grid) {
    std::vector<float> outputs(3 * grid.pixels());
    return allocations_when_warm([&] { evaluate(plan, made.weights, grid, outputs); });
  };
  CHECK(evaluating({32, 32}) == evaluating({32, 1024}));
}

#endif

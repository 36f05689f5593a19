#include "lib/base/scratch.hpp"

#include <memory>
#include <new>
#include <vector>

namespace skein {

namespace {

constexpr std::align_val_t alignment{64};

struct Release {
  void operator()(float* p) const { ::operator delete[](p, alignment); }
};

struct Buffer {
  std::unique_ptr<float[], Release> memory;
  std::size_t floats = 0;
};

struct Stack {
  std::vector<Buffer> buffers;
  std::size_t used = 0;
};

thread_local Stack stack;

}  // namespace

Scratch::Scratch(std::size_t floats) {
  if (stack.used == stack.buffers.size()) stack.buffers.emplace_back();
  Buffer& buffer = stack.buffers[stack.used];
  if (buffer.floats < floats) {
    buffer = {};
    buffer.memory.reset(new (alignment) float[floats]);
    buffer.floats = floats;
  }
  data_ = buffer.memory.get();
  ++stack.used;
}

Scratch::~Scratch() { --stack.used; }

}  // namespace skein

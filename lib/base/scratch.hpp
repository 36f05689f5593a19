#pragma once

#include <cstddef>

namespace skein {

/// Working memory of the calling thread, 64-byte aligned and not cleared. Kept and used again by whatever
/// runs next on the same thread, so in the steady state nothing is allocated and the memory stays warm in the
/// cache. Nested scratches are different memory.
class Scratch {
 public:
  explicit Scratch(std::size_t floats);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  float* data() const { return data_; }

 private:
  float* data_ = nullptr;
};

}  // namespace skein

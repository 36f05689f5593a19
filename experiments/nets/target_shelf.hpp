#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lib/picture/picture.hpp"
#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"

namespace skein::experiments {

/// What rows are to draw, at one size.
struct RowTarget {
  std::string name;  ///< for people, one of a kind in the run
  Picture picture;
  std::optional<sgd::Mlp> evolved;  ///< the network that the target is the picture of, layerised
  /// Of which it is the picture, with what people call its links.
  std::optional<neat::AnnotatedGenome> genome;
  std::string architecture;  ///< of dense networks for it
  bool has_genome() const { return genome.has_value(); }
};

/// The targets of a run, loaded when they are first asked for and kept.
class TargetShelf {
 public:
  /// A size of 0 takes `most` pixels along the longer side, or a smaller picture's own.
  TargetShelf(int size, int most) : size_(size), most_(most) {}

  /// Adds what a TARGET argument names, with a name for it in the run; "" takes its title. Bytes that are not UTF-8
  /// become U+FFFD in it, control characters go, so that it is the same in every file that is written and read back.
  /// Throws as `load_target`, and ConfigError when the name is taken.
  std::size_t add(const std::string& argument, std::string name = {});

  std::size_t size() const { return arguments_.size(); }
  const std::string& argument(std::size_t index) const { return arguments_[index]; }
  /// At the run's size, or at the size of a row's own. Any thread may ask.
  const RowTarget& at(std::size_t index, int size = 0) const;

 private:
  std::unique_ptr<RowTarget> load(const std::string& argument, int size) const;

  int size_, most_;
  std::vector<std::string> arguments_, names_;
  mutable std::mutex mutex_;
  mutable std::map<std::pair<std::size_t, int>, std::unique_ptr<RowTarget>> loaded_;
};

}  // namespace skein::experiments

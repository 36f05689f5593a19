#pragma once

#include <memory>
#include <span>

#include "lib/engine/engine.hpp"

namespace skein {

/// Draws one network on one grid as often as wanted, with whatever weights. Owns the working memory, so that
/// after the first drawing nothing is allocated.
class Canvas {
 public:
  /// Throws ConfigError unless the network has three outputs and takes a grid's inputs.
  Canvas(Plan plan, const Grid& grid);
  ~Canvas();
  Canvas(Canvas&&) noexcept;
  Canvas& operator=(Canvas&&) noexcept;

  const Grid& grid() const;
  /// What is drawn next. Throws ConfigError unless there is one weight per slot.
  void set_weights(std::span<const float> weights);
  /// The grid's rows [first_row, first_row + rows) into the first rows of `picture`, which is as wide as the
  /// grid and at least `rows` high.
  void draw_rows(int first_row, int rows, Picture& picture);
  /// The whole grid into a picture of its size.
  void draw(Picture& picture) { draw_rows(0, grid().height, picture); }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace skein

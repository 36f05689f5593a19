#include "experiments/parts/role_swap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

double largest_difference(const Picture& a, const Picture& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(a.rgb[i]) - static_cast<double>(b.rgb[i])));
  return largest;
}

struct Face {
  neat::AnnotatedGenome made = face();
  neat::Phenotype own = neat::express(made.genome);
  std::vector<std::uint8_t> piece(const std::string& label) const {
    std::vector<std::uint8_t> marked(own.weights.size());
    for (std::size_t slot = 0; slot < marked.size(); ++slot)
      for (const neat::LinkLabel& one : made.notes.labels)
        if (one.label == label && made.genome.links[own.link_of_slot[slot]].id == one.link) marked[slot] = 1;
    return marked;
  }
};

}  // namespace

TEST_CASE("a piece that is not moved leaves the picture as it was, the whole moved is the picture shifted") {
  const Face face;
  const Picture drawn = draw(Plan(face.own.network), face.own.weights, {33, 33});
  const auto eyes = face.piece("eyes");
  CHECK(std::ranges::count(eyes, 1) > 10);
  CHECK(largest_difference(with_piece_moved({face.own.network, face.own.weights, eyes}, 0, 0, 33), drawn) <
        1e-5);
  const std::vector<std::uint8_t> all(face.own.weights.size(), 1);
  // 0.125 are two of 32 steps over a range of 2.
  const Picture moved = with_piece_moved({face.own.network, face.own.weights, all}, 0.125, 0, 33);
  for (int c = 0; c < 3; ++c)
    for (int row = 0; row < 33; ++row)
      for (int column = 2; column < 33; ++column)
        CHECK(std::abs(moved.channel(c)[static_cast<std::size_t>(row * 33 + column)] -
                       drawn.channel(c)[static_cast<std::size_t>(row * 33 + column - 2)]) < 1e-4f);
}

TEST_CASE("the mouth's own piece moves the mouth whole, another part's does not, nor does none") {
  const Face face;
  const auto mouth = face.piece("mouth"), brows = face.piece("brows");
  const Pieced genome{face.own.network, face.own.weights, mouth};
  const auto same = role_swap(genome, genome, 48);
  REQUIRE(same.has_value());
  CHECK(same->moved == 1);
  CHECK(same->outside < 0.05);
  const auto other = role_swap({face.own.network, face.own.weights, brows}, genome, 48);
  REQUIRE(other.has_value());
  CHECK(other->moved < 0.1);
  CHECK(other->outside > same->outside);
  const std::vector<std::uint8_t> nothing(face.own.weights.size(), 0);
  const auto none = role_swap({face.own.network, face.own.weights, nothing}, genome, 48);
  CHECK(none->moved < 0.01);
  CHECK(none->outside == 0);
  CHECK_FALSE(role_swap(genome, {face.own.network, face.own.weights, nothing}, 48).has_value());
  const std::vector<std::uint8_t> too_short(3, 1);
  CHECK_THROWS_AS(with_piece_moved({face.own.network, face.own.weights, too_short}, 0, 0, 8), ConfigError);
}

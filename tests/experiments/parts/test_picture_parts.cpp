#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/parts/picture_parts.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

const Part& part_called(const PictureParts& parts, const std::string& name) {
  const auto found = std::ranges::find(parts.parts, name, &Part::name);
  REQUIRE(found != parts.parts.end());
  return *found;
}

std::set<std::string> names_of(const std::vector<Part>& parts) {
  std::set<std::string> names;
  for (const Part& part : parts) names.insert(part.name);
  return names;
}

/// A ground with one square of a colour, and a blended line along its edge.
Image drawn_regions() {
  Image image(100, 50, 0);
  for (int row = 10; row < 30; ++row)
    for (int column = 20; column < 70; ++column) {
      image.pixel(row, column)[0] = 200;
      if (row == 10) image.pixel(row, column)[0] = static_cast<std::uint8_t>(100 + column);
    }
  return image;
}

}  // namespace

TEST_CASE("the parts of a face are those it was built of, its lights and walls are base") {
  const auto genome = face();
  const PictureParts parts = parts_of(genome.genome, genome.notes.labels);
  CHECK(names_of(parts.parts) ==
        std::set<std::string>{"brows", "eyes", "mouth", "nose", "outline", outside_name});
  CHECK(names_of(parts.base) == std::set<std::string>{"light", "tint", "wall"});
  CHECK(parts.parts.back().name == outside_name);
  CHECK(parts.unseen.empty());
  for (const char* pair : {"eyes", "brows"}) CHECK(part_called(parts, pair).mirrored);
  for (const char* single : {"mouth", "nose", "outline"}) CHECK(!part_called(parts, single).mirrored);
  double sum = 0;
  for (const Part& part : parts.parts) sum += part.share;
  CHECK(sum == doctest::Approx(1.0));
  CHECK(part_called(parts, "eyes").left == doctest::Approx(part_called(parts, "eyes").right));
  CHECK_NOTHROW(parts.regions.validate());
}

TEST_CASE("a part's region is where switching it off changes the picture, small parts first") {
  for (const auto& genome : {face()}) {
    const PictureParts parts = parts_of(genome.genome, genome.notes.labels);
    const PartPictures pictures = part_pictures(genome.genome, parts, parts_size);
    for (std::size_t p = 0; p < pictures.count(); ++p) {
      INFO(genome.notes.name, " ", parts.parts[p].name);
      double inside = 0, outside = 0;
      for (std::size_t i = 0; i < pictures.whole.rgb.size(); ++i) {
        const double change = std::abs(static_cast<double>(pictures.whole.rgb[i]) -
                                       static_cast<double>(pictures.absent[p].rgb[i]));
        const std::size_t owner = parts.regions.owner[i % parts.regions.pixels()];
        (owner == p ? inside : outside) += change;
      }
      // What is changed elsewhere is smaller parts that stand before it.
      if (parts.parts[p].share < 0.15) CHECK(inside > 0.75 * (inside + outside));
      else CHECK(inside > 0.5 * (inside + outside));
    }
  }
}

TEST_CASE("a part alone and the picture without it add up to the whole") {
  const auto genome = face();
  const PictureParts parts = parts_of(genome.genome, genome.notes.labels);
  const PartPictures pictures = part_pictures(genome.genome, parts, 32);
  REQUIRE(pictures.count() == 5);
  CHECK(pictures.both_absent[1 * 5 + 1] == pictures.absent[1]);
  CHECK(pictures.both_absent[1 * 5 + 3] == pictures.both_absent[3 * 5 + 1]);
  for (std::size_t p = 0; p < 5; ++p) {
    CHECK(mean_squared_error(pictures.alone[p], pictures.ground) > 1e-5);
    CHECK(mean_squared_error(pictures.absent[p], pictures.whole) > 1e-5);
  }
}

TEST_CASE("labels that name nothing are refused or passed over in words") {
  auto genome = face();
  auto labels = genome.notes.labels;
  CHECK_THROWS_AS(parts_of(genome.genome, {}), ConfigError);
  for (auto& label : labels) label.link.branch = 77;
  CHECK_THROWS_AS(parts_of(genome.genome, labels), ConfigError);
  labels = genome.notes.labels;
  labels.push_back({{77, 1}, "eyes"});
  CHECK(parts_of(genome.genome, labels).warnings.size() == 1);
}

TEST_CASE("a label that shows nowhere is listed and has no region") {
  auto genome = face();
  // A link from the bias into a node of its own that nothing reads.
  const neat::Marking idle{0, 900};
  genome.genome.nodes.push_back({idle, neat::NodeRole::hidden, Activation::gaussian});
  genome.genome.links.push_back({{0, 901}, {0, 3}, idle, 1.0});
  genome.notes.labels.push_back({{0, 901}, "ghost"});
  const PictureParts parts = parts_of(genome.genome, genome.notes.labels);
  CHECK(names_of(parts.unseen) == std::set<std::string>{"ghost"});
  CHECK(!names_of(parts.parts).contains("ghost"));
  CHECK(parts.warnings.size() == 1);
}

TEST_CASE("labels that all cover the picture leave one part, the outside") {
  auto genome = face();
  std::erase_if(genome.notes.labels,
                [](const auto& label) { return label.label != "tint" && label.label != "wall"; });
  const PictureParts parts = parts_of(genome.genome, genome.notes.labels);
  CHECK(names_of(parts.parts) == std::set<std::string>{outside_name});
  CHECK(parts.base.size() == 2);
  CHECK(!parts.warnings.empty());
  CHECK(part_pictures(genome.genome, parts, 16).count() == 0);
}

TEST_CASE("drawn regions: flat colours are parts, the border's colour is outside, blends join the nearest") {
  const PictureParts parts = parts_of_regions(drawn_regions());
  REQUIRE(parts.parts.size() == 2);
  CHECK(parts.parts[0].name == "#c80000");
  CHECK(parts.parts[0].share == doctest::Approx(0.2).epsilon(0.1));
  CHECK(parts.parts[1].name == outside_name);
  CHECK_THROWS_AS(parts_of_regions(Image(40, 40, 7)), ConfigError);
}

TEST_CASE("a drawn part that is off is filled with the mean of what is outside") {
  const PictureParts parts = parts_of_regions(drawn_regions());
  Picture whole(64, 64);
  for (std::size_t p = 0; p < whole.pixels(); ++p)
    whole.channel(0)[p] = parts.regions.owner[p] == 0 ? 1.0f : 0.25f;
  const PartPictures pictures = part_pictures(whole, parts);
  REQUIRE(pictures.count() == 1);
  CHECK(pictures.alone[0] == whole);
  for (const float value : pictures.absent[0].channel(0)) CHECK(value == doctest::Approx(0.25));
  CHECK(pictures.ground == pictures.absent[0]);
}

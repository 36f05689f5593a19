#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "experiments/judges/vlm_judge.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/error.hpp"
#include "lib/base/random.hpp"

namespace skein::experiments {
namespace {

/// A picture whose pixel (row, column) is what `source` makes of it: the original's colours, looked up at
/// places in [0, 1) and clamped to the border.
template <class Place>
Picture redrawn(const Picture& original, Place&& place) {
  Picture result(original.width, original.height);
  for (int row = 0; row < original.height; ++row)
    for (int column = 0; column < original.width; ++column) {
      const auto [r, c] = place(row, column);
      const auto from = static_cast<std::size_t>(std::clamp(r, 0, original.height - 1)) *
                            static_cast<std::size_t>(original.width) +
                        static_cast<std::size_t>(std::clamp(c, 0, original.width - 1));
      const auto to = static_cast<std::size_t>(row) * static_cast<std::size_t>(original.width) +
                      static_cast<std::size_t>(column);
      for (int channel = 0; channel < 3; ++channel)
        result.channel(channel)[to] = original.channel(channel)[from];
    }
  return result;
}

using RowColumn = std::pair<int, int>;

Picture moved_aside(const Picture& original) {
  const int by = original.width / 12;
  return redrawn(original, [&](int row, int column) { return RowColumn{row, column - by}; });
}

Picture enlarged(const Picture& original) {
  const auto toward = [](int at, int side) {
    return static_cast<int>(std::lround(side / 2.0 + (at - side / 2.0) / 1.2));
  };
  return redrawn(original, [&](int row, int column) {
    return RowColumn{toward(row, original.height), toward(column, original.width)};
  });
}

Picture brightened(const Picture& original) {
  Picture result = original;
  for (float& value : result.rgb) value = std::pow(std::clamp(value, 0.0f, 1.0f), 0.6f);
  return result;
}

Picture mirrored(const Picture& original) {
  return redrawn(original, [&](int row, int column) { return RowColumn{row, original.width - 1 - column}; });
}

Picture with_blots(const Picture& original) {
  Picture result = original;
  RandomStream stream(0, "blots on a known picture");
  for (int blot = 0; blot < 24; ++blot) {
    const double y = stream.uniform() * original.height, x = stream.uniform() * original.width;
    const double radius = original.width * stream.uniform(0.02, 0.06);
    const std::array<float, 3> colour{static_cast<float>(stream.uniform()),
                                      static_cast<float>(stream.uniform()),
                                      static_cast<float>(stream.uniform())};
    for (std::size_t p = 0; p < result.pixels(); ++p) {
      const double dy = static_cast<double>(p / static_cast<std::size_t>(original.width)) - y;
      const double dx = static_cast<double>(p % static_cast<std::size_t>(original.width)) - x;
      if (dx * dx + 4 * dy * dy > radius * radius) continue;
      for (int channel = 0; channel < 3; ++channel)
        result.channel(channel)[p] = colour[static_cast<std::size_t>(channel)];
    }
  }
  return result;
}

Picture torn(const Picture& original) {
  const int band = std::max(1, original.height / 12);
  return redrawn(original, [&](int row, int column) {
    const int shift = (row / band % 3 - 1) * original.width / 9;
    return RowColumn{row, (column + shift + original.width) % original.width};
  });
}

Picture shuffled_tiles(const Picture& original) {
  constexpr int tiles = 6;
  std::array<int, tiles * tiles> order{};
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
  RandomStream stream(0, "tiles of a known picture");
  stream.shuffle(std::span<int>(order));
  const int side = std::max(1, original.width / tiles), tall = std::max(1, original.height / tiles);
  return redrawn(original, [&](int row, int column) {
    const int r = std::min(tiles - 1, row / tall), c = std::min(tiles - 1, column / side);
    const int from = order[static_cast<std::size_t>(r * tiles + c)];
    return RowColumn{from / tiles * tall + row % tall, from % tiles * side + column % side};
  });
}

/// Scraps of another picture laid over a third of the squares of a grid.
Picture with_scraps(const Picture& original, const Picture& other) {
  constexpr int tiles = 8;
  Picture result = original;
  RandomStream stream(0, "scraps on a known picture");
  std::array<bool, tiles * tiles> covered{};
  for (bool& square : covered) square = stream.chance(1.0 / 3);
  for (std::size_t p = 0; p < result.pixels(); ++p) {
    const auto row = p / static_cast<std::size_t>(original.width),
               column = p % static_cast<std::size_t>(original.width);
    const auto square = row * tiles / static_cast<std::size_t>(original.height) * tiles +
                        column * tiles / static_cast<std::size_t>(original.width);
    if (!covered[square]) continue;
    for (int channel = 0; channel < 3; ++channel) result.channel(channel)[p] = other.channel(channel)[p];
  }
  return result;
}

}  // namespace

std::vector<KnownPicture> known_pictures(int size) {
  constexpr std::array<std::string_view, 6> names{"@face", "@flower", "@sunset", "@mask", "@candle", "@idol"};
  std::vector<Picture> originals;
  for (const auto name : names) originals.push_back(built_in_target(name).draw(Grid{size, size}));
  using Change = Picture (*)(const Picture&);
  constexpr std::array<std::pair<const char*, Change>, 4> whole{
      {{"moved", moved_aside}, {"enlarged", enlarged}, {"brightened", brightened}, {"mirrored", mirrored}}};
  constexpr std::array<std::pair<const char*, Change>, 3> broken{
      {{"blots", with_blots}, {"torn", torn}, {"tiles", shuffled_tiles}}};
  std::vector<KnownPicture> known;
  for (std::size_t i = 0; i < originals.size(); ++i) {
    const Picture& original = originals[i];
    const int number = static_cast<int>(i);
    for (const auto& [family, change] : whole)
      known.push_back({original, change(original), true, family, number});
    for (const auto& [family, change] : broken)
      known.push_back({original, change(original), false, family, number});
    known.push_back(
        {original, with_scraps(original, originals[(i + 1) % originals.size()]), false, "scraps", number});
  }
  return known;
}

VlmCalibration agreement_with(const std::vector<bool>& whole, const std::vector<Verdict>& verdicts) {
  if (whole.size() != verdicts.size()) throw ConfigError("as many verdicts as pictures are needed");
  VlmCalibration result{.pictures = whole.size()};
  if (whole.empty()) return result;
  const auto count = static_cast<double>(whole.size());
  double right = 0, truly = 0, said = 0, said_broken = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const bool answered = verdicts[i] == Verdict::whole || verdicts[i] == Verdict::broken;
    result.unanswered += !answered;
    right += answered && (verdicts[i] == Verdict::whole) == whole[i];
    truly += whole[i];
    said += verdicts[i] == Verdict::whole;
    said_broken += verdicts[i] == Verdict::broken;
  }
  result.accuracy = right / count;
  const double by_chance = (truly * said + (count - truly) * said_broken) / (count * count);
  result.kappa = by_chance < 1 ? (result.accuracy - by_chance) / (1 - by_chance) : 0;
  return result;
}

VlmCalibration calibrate_vlm(const VlmSettings& settings, const ProgressListener& listener) {
  const auto known = known_pictures();
  std::vector<bool> whole;
  std::vector<Verdict> verdicts;
  for (std::size_t i = 0; i < known.size();) {
    std::size_t end = i;
    std::vector<Picture> changed;
    for (; end < known.size() && known[end].original == known[i].original; ++end) {
      changed.push_back(known[end].changed);
      whole.push_back(known[end].whole);
    }
    for (const Verdict verdict : ask_vlm(settings, known[i].original, changed, listener))
      verdicts.push_back(verdict);
    i = end;
  }
  return agreement_with(whole, verdicts);
}

}  // namespace skein::experiments

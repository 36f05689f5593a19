#include "experiments/figures/contact_sheet.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/drawing/font.hpp"
#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

Image coloured(int width, int height, std::uint8_t red) {
  Image image(width, height);
  for (int r = 0; r < height; ++r)
    for (int c = 0; c < width; ++c) image.pixel(r, c)[0] = red;
  return image;
}

}  // namespace

TEST_CASE("a contact sheet shows every picture, in reading order") {
  std::vector<SheetEntry> entries;
  for (int i = 0; i < 7; ++i)
    entries.push_back({coloured(20, 20, static_cast<std::uint8_t>(30 * (i + 1))), ""});
  const Image sheet = rasterise(contact_sheet(entries, {.columns = 3, .cell = 32}));
  std::vector<int> seen;
  for (int r = 0; r < sheet.height; ++r)
    for (int c = 0; c < sheet.width; ++c)
      if (sheet.pixel(r, c)[1] == 0 && std::ranges::find(seen, sheet.pixel(r, c)[0]) == seen.end())
        seen.push_back(sheet.pixel(r, c)[0]);
  CHECK(seen == std::vector<int>{30, 60, 90, 120, 150, 180, 210});
}

TEST_CASE("pictures that are not square keep their shape on a contact sheet") {
  const Image sheet = rasterise(contact_sheet({{coloured(40, 10, 90), ""}}, {.columns = 1, .cell = 64}));
  int painted = 0;
  for (int r = 0; r < sheet.height; ++r)
    for (int c = 0; c < sheet.width; ++c) painted += sheet.pixel(r, c)[1] == 0;
  CHECK(painted == 64 * 16);
}

TEST_CASE("long captions are cut to the cell, odd ones do no harm") {
  const std::vector<SheetEntry> entries{{coloured(8, 8, 10), std::string(300, 'w')},
                                        {Image(), "no picture"},
                                        {coloured(8, 8, 10), "\xc3\x97\xff<svg>"}};
  const Drawing sheet = contact_sheet(entries, {.title = "A title", .cell = 64});
  for (const Mark& mark : sheet.marks)
    if (const auto* text = std::get_if<Text>(&mark); text && text->text != "A title")
      CHECK(text_width(text->text, text->style.size) <= 64);
  CHECK(rasterise(sheet).width > 64);
}

TEST_CASE("an empty contact sheet is a sheet, an impossible one is refused") {
  CHECK(rasterise(contact_sheet({})).width > 0);
  CHECK_THROWS_AS(contact_sheet({}, {.columns = -1}), ConfigError);
  CHECK_THROWS_AS(contact_sheet({}, {.cell = 0}), ConfigError);
}

#include "experiments/drawing/drawing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/drawing/font.hpp"
#include "lib/base/base64.hpp"
#include "lib/base/error.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

double darkness(const Image& image) {
  double sum = 0;
  for (const auto v : image.rgb) sum += 255 - v;
  return sum / 255 / 3;
}

}  // namespace

TEST_CASE("the ink of a drawn shape is its area") {
  Drawing drawing{100, 100, {}};
  SUBCASE("rectangle off the pixel grid") {
    drawing.fill(10.25, 20.5, 30.5, 40, {0, 0, 0});
    CHECK(darkness(rasterise(drawing)) == doctest::Approx(30.5 * 40).epsilon(0.002));
  }
  SUBCASE("disc") {
    drawing.add(Disc{{50.3, 49.1}, 20, {0, 0, 0}, {}});
    CHECK(darkness(rasterise(drawing)) == doctest::Approx(M_PI * 400).epsilon(0.01));
  }
  SUBCASE("slanted line with round ends") {
    drawing.line({20, 20}, {80, 65}, {0, 0, 0}, 4);
    CHECK(darkness(rasterise(drawing)) == doctest::Approx(75 * 4 + M_PI * 4).epsilon(0.02));
  }
  SUBCASE("triangle at twice the scale") {
    drawing.add(Area{{{10, 10}, {30, 10}, {10, 40}}, {0, 0, 0}});
    CHECK(darkness(rasterise(drawing, 2)) == doctest::Approx(300 * 4).epsilon(0.01));
  }
}

TEST_CASE("a translucent polyline is painted once where its pieces meet") {
  Drawing drawing{40, 40, {}};
  drawing.add(Line{{{5, 20.5}, {20.5, 20.5}, {35, 20.5}, {20.5, 20.5}}, {0, 0, 0, 0.5}, 3, false, {}});
  const Image image = rasterise(drawing);
  CHECK(std::abs(int(image.pixel(20, 20)[0]) - 128) <= 1);
}

TEST_CASE("marks outside of the canvas are cut off") {
  Drawing drawing{20, 20, {}};
  drawing.line({-1000, -500}, {1000, 700});
  drawing.fill(-50, -50, 20, 20, colours::ink);
  drawing.add(Disc{{30, 10}, 5, colours::ink, {}});
  drawing.add(Bitmap{-5, -5, 10, 10, Image(4, 4, 7), 1, {}});
  drawing.text(-30, 200, "far away");
  const Image image = rasterise(drawing);
  CHECK(image.width == 20);
  CHECK(image.pixel(0, 0)[0] == 7);
}

TEST_CASE("an enlarged bitmap keeps its pixels and a shrunk one their mean") {
  Image checks(4, 4);
  for (int r = 0; r < 4; ++r)
    for (int c = 0; c < 4; ++c) std::fill_n(checks.pixel(r, c), 3, std::uint8_t((r + c) % 2 ? 255 : 0));
  Drawing drawing{16, 16, {}};
  SUBCASE("enlarged") {
    drawing.add(Bitmap{0, 0, 16, 16, checks, 1, {}});
    const Image image = rasterise(drawing);
    CHECK(image.pixel(3, 3)[0] == 0);
    CHECK(image.pixel(3, 4)[0] == 255);
  }
  SUBCASE("shrunk") {
    drawing.add(Bitmap{0, 0, 2, 2, checks, 1, {}});
    CHECK(std::abs(int(rasterise(drawing).pixel(1, 1)[2]) - 128) <= 1);
  }
}

TEST_CASE("every printable ASCII letter has ink of its own") {
  std::vector<std::vector<std::uint8_t>> seen;
  for (char32_t letter = 33; letter < 127; ++letter) {
    Drawing drawing{40, 40, {}};
    drawing.text(10, 30, std::string(1, static_cast<char>(letter)), {.size = 22});
    const Image image = rasterise(drawing);
    CAPTURE(int(letter));
    CHECK(darkness(image) > 3);
    CHECK(std::ranges::find(seen, image.rgb) == seen.end());
    seen.push_back(image.rgb);
  }
}

TEST_CASE("text is as wide as it says and sits where it is anchored") {
  const std::string words = "Weights 0.25";
  for (const Anchor anchor : {Anchor::start, Anchor::middle, Anchor::end}) {
    Drawing drawing{500, 40, {}};
    drawing.text(250, 30, words, {.size = 22, .anchor = anchor});
    const Image image = rasterise(drawing);
    int left = 500, right = 0;
    for (int r = 0; r < 40; ++r)
      for (int c = 0; c < 500; ++c)
        if (image.pixel(r, c)[0] < 200) left = std::min(left, c), right = std::max(right, c);
    const double width = text_width(words, 22);
    const double start = anchor == Anchor::start    ? 250
                         : anchor == Anchor::middle ? 250 - width / 2
                                                    : 250 - width;
    CHECK(std::abs(left - start) < 4);
    CHECK(std::abs(right - left - width) < 5);
  }
}

TEST_CASE("SVG escapes what it is given and writes no needless digits") {
  Drawing drawing{100.5, 50, {}};
  drawing.text(1, 2, "a<b & \"c\"</svg><script>");
  drawing.add(Disc{{1.0 / 3, 2}, 3, colours::series[0], "node <1></title><script>"});
  const std::string svg = to_svg(drawing, {.follow_page = true, .label = "x\"y<script>"});
  CHECK(svg.find("<script") == std::string::npos);
  CHECK(svg.find("node &lt;1") != std::string::npos);
  CHECK(svg.find("aria-label=\"x&quot;y&lt;script") != std::string::npos);
  CHECK(svg.find("cx=\"0.33\"") != std::string::npos);
  CHECK(svg.find("currentColor") != std::string::npos);
  CHECK(svg.find("#0072b2") != std::string::npos);
  CHECK(svg.find("width=\"100.5\" height=\"50\"") != std::string::npos);
}

TEST_CASE("a figure's file has the same bytes whatever was drawn before it") {
  Drawing drawing{60, 40, {}};
  drawing.add(Bitmap{2, 2, 20, 20, Image(3, 3, 90), 1, "three"});
  drawing.text(30, 20, "same");
  const auto files = [&] {
    return std::vector{to_svg(drawing), to_svg(drawing, {.follow_page = true}), to_pdf(drawing)};
  };
  const auto first = files();
  for (int i = 0; i < 3; ++i) to_svg(Drawing{5, 5, {Bitmap{0, 0, 5, 5, Image(2, 2), 1, {}}}});
  CHECK(files() == first);
  CHECK(rasterise(drawing) == rasterise(drawing));
  CHECK(first[0].find("surface") == std::string::npos);
  CHECK(first[0].find("image-rendering:pixelated") != std::string::npos);
}

TEST_CASE("figures that stand in one page share no id") {
  Drawing a{60, 40, {}}, b{60, 40, {}};
  a.text(30, 20, "one");
  b.text(30, 20, "two");
  const auto id = [](const Drawing& drawing) {
    const std::string svg = to_svg(drawing, {.follow_page = true});
    const auto at = svg.find("id=\"") + 4;
    return svg.substr(at, svg.find('-', at) - at);
  };
  CHECK(id(a) == id(a));
  CHECK(id(a) != id(b));
}

TEST_CASE("a PDF is one page of the drawing's size that carries its font and no date") {
  Drawing drawing{400, 200, {}};
  drawing.text(30, 20, "Weights");
  const std::string pdf = to_pdf(drawing);
  CHECK(pdf.starts_with("%PDF-1."));
  CHECK(pdf.find("/MediaBox [ 0 0 300 150 ]") != std::string::npos);
  CHECK(pdf.find("DejaVuSans") != std::string::npos);
  CHECK(pdf.find("/CreationDate") == std::string::npos);
  CHECK(pdf.find("/Count 1") != std::string::npos);
}

TEST_CASE("the kind of a figure's file is what its name promises") {
  CHECK(figure_format("a/b.svg") == FigureFormat::svg);
  CHECK(figure_format("b.pdf") == FigureFormat::pdf);
  CHECK(figure_format("b.png") == FigureFormat::png);
  CHECK(figure_format("b") == FigureFormat::png);
}

TEST_CASE("a drawing placed in another is moved and scaled") {
  Drawing inner{10, 10, {}};
  inner.fill(0, 0, 10, 10, {0, 0, 0});
  Drawing outer{50, 50, {}};
  outer.place(inner, 20, 10, 2);
  const Image image = rasterise(outer);
  CHECK(image.pixel(10, 20)[0] == 0);
  CHECK(image.pixel(29, 39)[0] == 0);
  CHECK(image.pixel(30, 40)[0] == 255);
  CHECK(image.pixel(9, 20)[0] == 255);
}

TEST_CASE("red-white-blue: white at 0, ends at -1 and 1, grey for what is not finite") {
  CHECK(diverging(0) == Colour{255, 255, 255});
  CHECK(diverging(-1) == diverging(-7));
  CHECK(diverging(-1).r > diverging(-1).b);
  CHECK(diverging(1).b > diverging(1).r);
  CHECK(diverging(std::numeric_limits<double>::quiet_NaN()) == Colour{160, 160, 160});
}

TEST_CASE("figures of impossible size are refused") {
  CHECK_THROWS_AS(rasterise(Drawing{0, 10, {}}), ConfigError);
  CHECK_THROWS_AS(rasterise(Drawing{20000, 10, {}}), ConfigError);
  CHECK_THROWS_AS(rasterise(Drawing{std::nan(""), 10, {}}), ConfigError);
}

TEST_CASE("base64 of the vectors of RFC 4648") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("damaged UTF-8 is drawn as replacement signs") {
  Drawing drawing{60, 40, {}};
  drawing.text(5, 20, "a\xff\xc3");
  drawing.fill(50, 0, 10, 10, {0, 0, 0});
  CHECK(rasterise(drawing).pixel(5, 55)[0] == 0);  // the drawing goes on
  CHECK(to_svg(drawing).find('\xff') == std::string::npos);
}

#include "experiments/figures/glyphs.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace skein {
namespace {

/// A letter's pen strokes, separated by spaces. A point is two digits (base 36): x and y + 4. A stroke that
/// begins with ~ is the quadratic B-spline of its points: it ends on the first and last, or is a closed curve
/// when they are the same.
struct Shape {
  char32_t letter;
  const char* strokes;
};

constexpr Shape shapes[] = {
    {'A', "044d84 1777"},
    {'B', "040d ~0d3d6d693909 ~093979743404"},
    {'C', "~8b8d0d048486"},
    {'D', "040d ~0d3d8d843404"},
    {'E', "6d0d0464 0959"},
    {'F', "6d0d04 0959"},
    {'G', "~8b8d0d048488 8858"},
    {'H', "040d 747d 0979"},
    {'I', "040d"},
    {'J', "~5d58540406"},
    {'K', "040d 7d07 2974"},
    {'L', "0d0464"},
    {'M', "040d468d84"},
    {'N', "040d747d"},
    {'O', "~04848d0d04"},
    {'P', "040d ~0d3d7d783808"},
    {'Q', "~04848d0d04 5693"},
    {'R', "040d ~0d3d7d783808 4874"},
    {'S', "~7b7d0d0978740406"},
    {'T', "0d8d 4d44"},
    {'U', "~0d080474787d"},
    {'V', "0d448d"},
    {'W', "0d346d94cd"},
    {'X', "047d 0d74"},
    {'Y', "0d488d 4844"},
    {'Z', "0d7d0474"},
    {'a', "6a64 ~04646a0a04"},
    {'b', "0d04 ~04646a0a04"},
    {'c', "~696a0a046465"},
    {'d', "6d64 ~04646a0a04"},
    {'e', "0767 ~676a0a046465"},
    {'f', "~5d2d2924 0a4a"},
    {'g', "~04646a0a04 ~6a65610102"},
    {'h', "0d04 ~070a6a6764"},
    {'i', "0a04 0d0d"},
    {'j', "~2a252101 2d2d"},
    {'k', "0d04 5a06 2864"},
    {'l', "~0d060424"},
    {'m', "0a04 ~070a5a5754 ~575aaaa7a4"},
    {'n', "0a04 ~070a6a6764"},
    {'o', "~04646a0a04"},
    {'p', "0a01 ~04646a0a04"},
    {'q', "6a61 ~04646a0a04"},
    {'r', "0a04 ~070a4a"},
    {'s', "~595a0a0757540405"},
    {'t', "~2c262444 0a4a"},
    {'u', "~0a07046467 6a64"},
    {'v', "0a346a"},
    {'w', "0a244a648a"},
    {'x', "045a 0a54"},
    {'y', "0a34 6a21"},
    {'z', "0a5a0454"},
    {'0', "~04646d0d04"},
    {'1', "0b3d34"},
    {'2', "~0b0d6d6904 0464"},
    {'3', "~0b0d6d6929 ~2969640406"},
    {'4', "545d0777"},
    {'5', "5d0d09 ~093a6a640405"},
    {'6', "~04646a0a04 ~5d0d0807"},
    {'7', "0d6d24"},
    {'8', "~19595d1d19 ~0464690904"},
    {'9', "~07676d0d07 ~6a696414"},
    {'.', "0404"},
    {',', "1503"},
    {':', "0404 0909"},
    {';', "1503 1919"},
    {'-', "0848"},
    {'+', "0868 353b"},
    {'=', "0666 0a6a"},
    {'_', "0363"},
    {'/', "035d"},
    {'\\', "0d53"},
    {'|', "020e"},
    {'(', "~3e0b0532"},
    {')', "~0e3b3502"},
    {'[', "3e0e0232"},
    {']', "0e3e3202"},
    {'{', "~3e1e1908 ~08171232"},
    {'}', "~0e2e2938 ~38272202"},
    {'<', "6c0864"},
    {'>', "0c6804"},
    {'!', "0d07 0404"},
    {'?', "~0b0d5d592926 2424"},
    {'"', "0d0a 2d2a"},
    {'\'', "0d0a"},
    {'`', "0d2b"},
    {'^', "0a3d6a"},
    {'~', "~0719385769"},
    {'*', "373d 0c68 086c"},
    {'#', "143d 547d 0777 1a8a"},
    {'$', "~6b6d0d0968640406 3e33"},
    {'%', "048d ~0a3a3d0d0a ~5484875754"},
    {'&', "~841a1d5d5a08047488"},
    {'@', "~36767a3a36 ~7a76a6ad0d0393"},
    {0x00d7, "055b 0b55"},         // multiplication sign
    {0x00b1, "0969 363c 0464"},    // plus-minus
    {0x00b7, "0808"},              // middle dot
    {0x2013, "0868"},              // en dash
    {0x2212, "0868"},              // minus
    {0x2014, "08a8"},              // em dash
    {0x2192, "0898 6b98 6598"},    // arrow to the right
    {0x2026, "0404 3434 6464"},    // ellipsis
    {0x00b0, "~0a3a3d0d0a"},       // degree
    {0x00b2, "~0c0d3d3b07 0737"},  // superscript two
    {0xfffd, "04646d0d04"},        // the box
};

double digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

Point middle(Point a, Point b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }

void add_parabola(std::vector<Point>& path, Point from, Point control, Point to) {
  constexpr int pieces = 6;
  for (int i = 1; i <= pieces; ++i) {
    const double t = double(i) / pieces, u = 1 - t;
    path.push_back({u * u * from.x + 2 * u * t * control.x + t * t * to.x,
                    u * u * from.y + 2 * u * t * control.y + t * t * to.y});
  }
}

std::vector<Point> spline(const std::vector<Point>& points) {
  const std::size_t n = points.size();
  if (n < 3) return points;
  std::vector<Point> path;
  if (points.front() == points.back()) {
    path.push_back(middle(points[n - 2], points[0]));
    for (std::size_t i = 0; i + 1 < n; ++i)
      add_parabola(path, path.back(), points[i], middle(points[i], points[i + 1]));
  } else {
    path.push_back(points[0]);
    for (std::size_t i = 1; i + 1 < n; ++i)
      add_parabola(path, path.back(), points[i],
                   i + 2 == n ? points[n - 1] : middle(points[i], points[i + 1]));
  }
  return path;
}

Glyph trace(const std::string& text) {
  Glyph result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const bool smooth = text[at] == '~';
    std::vector<Point> points;
    for (std::size_t i = at + (smooth ? 1 : 0); i + 1 < end; i += 2) {
      points.push_back({digit(text[i]), digit(text[i + 1]) - 4});
      result.width = std::max(result.width, points.back().x);
    }
    result.strokes.push_back(smooth ? spline(points) : points);
    at = end + 1;
  }
  return result;
}

std::map<char32_t, Glyph> make_font() {
  std::map<char32_t, Glyph> font;
  for (const Shape& shape : shapes) font.emplace(shape.letter, trace(shape.strokes));
  font[U' '].width = 1.2;
  font[0x00a0].width = 1.2;
  return font;
}

}  // namespace

const Glyph& glyph(char32_t letter) {
  static const std::map<char32_t, Glyph> font = make_font();
  const auto found = font.find(letter);
  return found != font.end() ? found->second : font.at(0xfffd);
}

std::vector<char32_t> decode_utf8(std::string_view text) {
  std::vector<char32_t> letters;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i++]);
    int more = first < 0x80                    ? 0
               : first >= 0xc2 && first < 0xe0 ? 1
               : first >= 0xe0 && first < 0xf0 ? 2
               : first >= 0xf0 && first < 0xf5 ? 3
                                               : -1;
    char32_t letter = more <= 0 ? first : first & (0x3fu >> more);
    for (; more > 0 && i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80; --more)
      letter = letter << 6 | (static_cast<unsigned char>(text[i++]) & 0x3fu);
    letters.push_back(more == 0 ? letter : 0xfffd);
  }
  return letters;
}

}  // namespace skein

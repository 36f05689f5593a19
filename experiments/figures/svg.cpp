#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "experiments/figures/drawing.hpp"
#include "experiments/figures/glyphs.hpp"
#include "lib/base/base64.hpp"

namespace skein {
namespace {

/// At most two decimals, none that are zero.
std::string number(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, 2).ptr;
  std::string text(buffer, end);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

struct Writer {
  const SvgOptions& options;
  std::string out;

  std::string paint(std::string_view property, Colour colour) const {
    std::string text = " " + std::string(property) + "=\"";
    if (options.follow_page && colour.with_alpha(1) == colours::ink) text += "currentColor";
    else if (options.follow_page && colour.with_alpha(1) == colours::paper) text += "var(--paper,#fff)";
    else {
      constexpr std::string_view hex = "0123456789abcdef";
      text += '#';
      for (const std::uint8_t c : {colour.r, colour.g, colour.b}) text += {hex[c >> 4], hex[c & 15]};
    }
    text += '"';
    if (colour.alpha < 1) text += " " + std::string(property) + "-opacity=\"" + number(colour.alpha) + "\"";
    return text;
  }
  static std::string path(const std::vector<Point>& points, bool closed) {
    std::string d = " d=\"";
    for (std::size_t i = 0; i < points.size(); ++i)
      d += (i == 0 ? "M" : i == 1 ? "L" : " ") + number(points[i].x) + "," + number(points[i].y);
    return d + (closed ? "Z\"" : "\"");
  }
  void finish(std::string_view element, const std::string& title) {
    if (title.empty()) out += "/>\n";
    else out += "><title>" + escape_markup(title) + "</title></" + std::string(element) + ">\n";
  }
  void operator()(const Area& a) { out += "<path" + path(a.points, true) + paint("fill", a.colour) + "/>\n"; }
  void operator()(const Line& l) {
    out += "<path" + path(l.points, l.closed) + " fill=\"none\"" + paint("stroke", l.colour);
    if (l.width != 1) out += " stroke-width=\"" + number(l.width) + "\"";
    finish("path", l.title);
  }
  void operator()(const Bundle& b) {
    out += "<path d=\"";
    for (const auto& [from, to] : b.strokes)
      out += "M" + number(from.x) + "," + number(from.y) + "L" + number(to.x) + "," + number(to.y);
    out += "\" fill=\"none\"" + paint("stroke", b.colour) + " stroke-width=\"" + number(b.width) + "\"/>\n";
  }
  void operator()(const Disc& d) {
    out += "<circle cx=\"" + number(d.centre.x) + "\" cy=\"" + number(d.centre.y) + "\" r=\"" +
           number(d.radius) + "\"" + paint("fill", d.fill);
    finish("circle", d.title);
  }
  void operator()(const Bitmap& b) {
    if (b.image.rgb.empty()) return;
    out += "<image x=\"" + number(b.x) + "\" y=\"" + number(b.y) + "\" width=\"" + number(b.width) +
           "\" height=\"" + number(b.height) + "\" preserveAspectRatio=\"none\"";
    if (b.alpha < 1) out += " opacity=\"" + number(b.alpha) + "\"";
    if (b.image.width < b.width) out += " style=\"image-rendering:pixelated\"";
    out += " href=\"data:image/png;base64," + base64(encode_png(b.image)) + "\"";
    finish("image", b.title);
  }
  void operator()(const Text& t) {
    out += "<text x=\"" + number(t.at.x) + "\" y=\"" + number(t.at.y) + "\" font-size=\"" +
           number(t.style.size) + "\"" + paint("fill", t.style.colour);
    if (t.style.anchor != Anchor::start)
      out += t.style.anchor == Anchor::middle ? " text-anchor=\"middle\"" : " text-anchor=\"end\"";
    if (t.style.bold) out += " font-weight=\"bold\"";
    if (t.style.upward) out += " transform=\"rotate(-90 " + number(t.at.x) + " " + number(t.at.y) + ")\"";
    out += ">" + escape_markup(t.text) + "</text>\n";
  }
};

}  // namespace

std::string to_svg(const Drawing& drawing, const SvgOptions& options) {
  Writer writer{options, {}};
  writer.out = std::string("<svg") + (options.follow_page ? "" : " xmlns=\"http://www.w3.org/2000/svg\"") +
               " viewBox=\"0 0 " + number(drawing.width) + " " + number(drawing.height) + "\" width=\"" +
               number(drawing.width) + "\" height=\"" + number(drawing.height) +
               "\" font-family=\"system-ui, sans-serif\" stroke-linecap=\"round\" "
               "stroke-linejoin=\"round\"";
  if (!options.label.empty())
    writer.out += " role=\"img\" aria-label=\"" + escape_markup(options.label) + "\"";
  writer.out += ">\n";
  if (!options.follow_page) writer.out += "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
  for (const Mark& mark : drawing.marks) std::visit(writer, mark);
  return writer.out + "</svg>\n";
}

}  // namespace skein

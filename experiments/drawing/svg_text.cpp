#include "experiments/drawing/svg_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/base/sound_text.hpp"

namespace skein::experiments {
namespace {

/// Stands where the names of ids will begin, until the content that they are named after is known.
constexpr std::string_view unnamed = "#prefix#";

/// At most two decimals, none that are zero.
std::string two_decimals(double value) {
  char buffer[48];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, 2).ptr;
  std::string text(buffer, end);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

/// The text with every number that has a point rounded to two decimals.
std::string shorter_numbers(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const bool begins = (c >= '0' && c <= '9') || c == '-';
    double value = 0;
    const auto [end, error] = begins ? std::from_chars(text.data() + at, text.data() + text.size(), value)
                                     : std::from_chars_result{text.data() + at, std::errc::invalid_argument};
    if (error != std::errc{}) {
      out += c;
      ++at;
      continue;
    }
    const auto length = static_cast<std::size_t>(end - (text.data() + at));
    const std::string_view number = text.substr(at, length);
    out += number.find('.') == std::string_view::npos ? std::string(number) : two_decimals(value);
    at += length;
  }
  return out;
}

/// "rgb(10%,20%,30%)" as a name of the page's style sheet or "#1a334d".
std::string css_colour(std::string_view percentages, bool follow_page) {
  unsigned channel[3] = {0, 0, 0};
  const char *at = percentages.data(), *end = at + percentages.size();
  for (unsigned& c : channel) {
    double percent = 0;
    at = std::from_chars(at, end, percent).ptr;
    c = static_cast<unsigned>(std::lround(percent * 2.55));
    while (at != end && (*at == '%' || *at == ',')) ++at;
  }
  const auto is = [&](Colour colour) {
    return channel[0] == colour.r && channel[1] == colour.g && channel[2] == colour.b;
  };
  if (follow_page && is(colours::ink)) return "currentColor";
  if (follow_page && is(colours::paper)) return "var(--paper,#fff)";
  if (follow_page && is(colours::hairline)) return "var(--line,#cdcdcd)";
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text = "#";
  for (const unsigned c : channel) text += {hex[c >> 4], hex[c & 15]};
  return text;
}

/// A style without what is SVG's default, colours as they are to be.
std::string tidy_style(std::string style, bool follow_page) {
  for (const std::string_view usual : {"fill-opacity:1;", "stroke-opacity:1;", "stroke-miterlimit:10;"})
    if (const auto at = style.find(usual); at != std::string::npos) style.erase(at, usual.size());
  for (auto at = style.find("rgb("); at != std::string::npos; at = style.find("rgb(", at)) {
    const auto close = style.find(')', at);
    const std::string colour =
        css_colour(std::string_view(style).substr(at + 4, close - at - 4), follow_page);
    style.replace(at, close + 1 - at, colour);
    at += colour.size();
  }
  style.erase(0, style.find_first_not_of(' '));
  return style;
}

/// Cairo numbers surfaces through the life of the program: here by their first appearance in the figure.
class StableIds {
 public:
  explicit StableIds(std::string prefix) : prefix_(std::move(prefix)) {}
  std::string of(const std::string& id) {
    return prefix_ + numbers_.try_emplace(id, std::to_string(numbers_.size())).first->second;
  }

 private:
  std::string prefix_;
  std::map<std::string, std::string> numbers_;
};

struct Tidier : pugi::xml_tree_walker {
  StableIds names;
  const SvgOptions& options;
  std::set<std::pair<int, int>> enlarged;

  Tidier(std::string prefix, const SvgOptions& of) : names(std::move(prefix)), options(of) {}

  bool for_each(pugi::xml_node& node) override {
    for (pugi::xml_attribute attribute : node.attributes()) {
      const std::string_view name = attribute.name();
      const std::string value = attribute.value();
      if (name == "id") attribute = names.of(value).c_str();
      else if (name == "xlink:href" && value.starts_with('#'))
        attribute = ("#" + names.of(value.substr(1))).c_str();
      else if (value.starts_with("url(#"))
        attribute = ("url(#" + names.of(value.substr(5, value.size() - 6)) + ")").c_str();
      else if (name == "style") attribute = tidy_style(value, options.follow_page).c_str();
      else if (name == "d" || name == "x" || name == "y") attribute = shorter_numbers(value).c_str();
    }
    if (std::string_view(node.name()) == "image" &&
        enlarged.contains({node.attribute("width").as_int(), node.attribute("height").as_int()}))
      node.append_attribute("style") = "image-rendering:pixelated";
    return true;
  }
};

/// The titles of marks: shapes that are not seen but pointed at.
struct TitleWriter {
  pugi::xml_node group;

  void titled(pugi::xml_node shape, const std::string& title) {
    shape.append_child("title").text() = sound_text(title).c_str();
  }
  static std::string place(Point p) { return two_decimals(p.x) + " " + two_decimals(p.y); }
  pugi::xml_node stroke(const std::string& d, double width) {
    pugi::xml_node path = group.append_child("path");
    path.append_attribute("d") = d.c_str();
    path.append_attribute("fill") = "none";
    path.append_attribute("stroke") = "#000";
    path.append_attribute("stroke-width") = two_decimals(std::max(width, 5.0)).c_str();
    return path;
  }
  void operator()(const Line& l) {
    if (l.title.empty()) return;
    std::string d;
    for (const Point p : l.points) d += (d.empty() ? "M" : "L") + place(p);
    titled(stroke(d + (l.closed ? "Z" : ""), l.width), l.title);
  }
  void operator()(const Curve& c) {
    if (c.title.empty()) return;
    titled(stroke("M" + place(c.from) + "C" + place(c.first) + " " + place(c.second) + " " + place(c.to),
                  c.width),
           c.title);
  }
  void operator()(const Disc& d) {
    if (d.title.empty()) return;
    pugi::xml_node circle = group.append_child("circle");
    circle.append_attribute("cx") = two_decimals(d.centre.x).c_str();
    circle.append_attribute("cy") = two_decimals(d.centre.y).c_str();
    circle.append_attribute("r") = two_decimals(std::max(d.radius, 3.0)).c_str();
    titled(circle, d.title);
  }
  void operator()(const Bitmap& b) {
    if (b.title.empty()) return;
    pugi::xml_node rectangle = group.append_child("rect");
    for (const auto& [name, value] :
         {std::pair{"x", b.x}, {"y", b.y}, {"width", b.width}, {"height", b.height}})
      rectangle.append_attribute(name) = two_decimals(value).c_str();
    titled(rectangle, b.title);
  }
  void operator()(const Area&) {}
  void operator()(const Bundle&) {}
  void operator()(const Text&) {}
};

/// Letters and digits that tell this figure from others.
std::string content_name(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  const std::uint64_t hash = fnv1a(text);
  std::string name = "f";
  for (int shift = 36; shift >= 0; shift -= 4) name += hex[hash >> shift & 15];
  return name + "-";
}

std::string svg_element(const pugi::xml_node& node) {
  std::ostringstream out;
  node.print(out, "", pugi::format_raw);
  return out.str() + "\n";
}

}  // namespace

std::string finished_svg(const std::string& cairo_text, const Drawing& drawing, const SvgOptions& options) {
  pugi::xml_document document;
  if (!document.load_buffer(cairo_text.data(), cairo_text.size()))
    throw Error("Cairo's SVG cannot be read back");
  pugi::xml_node svg = document.child("svg");
  Tidier tidier(std::string(unnamed), options);
  for (const Mark& mark : drawing.marks)
    if (const auto* b = std::get_if<Bitmap>(&mark); b && b->image.width < b->width)
      tidier.enlarged.insert({b->image.width, b->image.height});
  svg.traverse(tidier);

  for (const char* name : {"width", "height", "version"}) svg.remove_attribute(name);
  if (options.follow_page) svg.remove_attribute("xmlns"), svg.remove_attribute("xmlns:xlink");
  svg.append_attribute("width") = two_decimals(drawing.width).c_str();
  svg.append_attribute("height") = two_decimals(drawing.height).c_str();
  if (!options.label.empty()) {
    svg.append_attribute("role") = "img";
    svg.append_attribute("aria-label") = sound_text(options.label).c_str();
  }
  pugi::xml_node titles = svg.append_child("g");
  titles.append_attribute("opacity") = "0";
  TitleWriter writer{titles};
  for (const Mark& mark : drawing.marks) std::visit(writer, mark);
  if (!titles.first_child()) svg.remove_child(titles);

  std::string text = svg_element(svg);
  const std::string prefix = options.follow_page ? content_name(text) : "s";
  std::string named;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find(unnamed, at), text.size());
    named.append(text, at, next - at);
    if (next < text.size()) named += prefix;
    at = next + unnamed.size();
  }
  return named;
}

}  // namespace skein::experiments

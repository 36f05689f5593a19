#include "experiments/drawing/font.hpp"

#include <cairo-ft.h>
#include <cairo.h>

#include <memory>

#include "experiments/drawing/font_data.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

FT_Face loaded_face(std::string_view data) {
  static FT_Library library = [] {
    FT_Library made = nullptr;
    if (FT_Init_FreeType(&made) != 0) throw Error("FreeType cannot be started");
    return made;
  }();
  FT_Face face = nullptr;
  if (FT_New_Memory_Face(library, reinterpret_cast<const FT_Byte*>(data.data()),
                         static_cast<FT_Long>(data.size()), 0, &face) != 0)
    throw Error("the font compiled into this program cannot be read");
  return face;
}

cairo_scaled_font_t* unit_font(bool bold) {
  cairo_matrix_t size, identity;
  cairo_matrix_init_scale(&size, 1000, 1000);
  cairo_matrix_init_identity(&identity);
  const std::unique_ptr<cairo_font_options_t, decltype(&cairo_font_options_destroy)> options(
      cairo_font_options_create(), &cairo_font_options_destroy);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  return cairo_scaled_font_create(font_face(bold), &size, &identity, options.get());
}

/// How many bytes the code point that begins at `at` takes; 0 where none begins soundly.
std::size_t letter_bytes(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  const unsigned second = byte(at + 1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool beyond = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
  return overlong || beyond ? 0 : length;
}

}  // namespace

cairo_font_face_t* font_face(bool bold) {
  static cairo_font_face_t* const regular_face =
      cairo_ft_font_face_create_for_ft_face(loaded_face(regular_font_data()), 0);
  static cairo_font_face_t* const bold_face =
      cairo_ft_font_face_create_for_ft_face(loaded_face(bold_font_data()), 0);
  return bold ? bold_face : regular_face;
}

double text_width(const std::string& text, double size, bool bold) {
  static cairo_scaled_font_t* const regular_font = unit_font(false);
  static cairo_scaled_font_t* const bold_font = unit_font(true);
  cairo_text_extents_t extents;
  cairo_scaled_font_text_extents(bold ? bold_font : regular_font, sound_text(text).c_str(), &extents);
  return extents.x_advance * size / 1000;
}

std::string sound_text(std::string_view text) {
  std::string sound;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = letter_bytes(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    if (length == 0) sound += "\xef\xbf\xbd";
    else if (first == '\n' || first == '\t') sound += ' ';
    else if (first >= 0x20 && first != 0x7f) sound += text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return sound;
}

}  // namespace skein::experiments

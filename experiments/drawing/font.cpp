#include "experiments/drawing/font.hpp"

#include <cairo-ft.h>
#include <cairo.h>

#include <memory>

#include "experiments/drawing/font_data.hpp"
#include "lib/base/error.hpp"
#include "lib/base/sound_text.hpp"

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

}  // namespace skein::experiments

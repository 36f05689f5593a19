#include "experiments/drawing/figure_file.hpp"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <cmath>
#include <cstring>
#include <memory>

#include "experiments/drawing/painter.hpp"
#include "experiments/drawing/svg_text.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using SurfaceOwner = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using ContextOwner = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

void check_figure_size(const Drawing& drawing, double scale) {
  const double width = std::ceil(drawing.width * scale), height = std::ceil(drawing.height * scale);
  if (!(width >= 1 && height >= 1 && width <= largest_image_side && height <= largest_image_side))
    throw ConfigError("a figure of " + std::to_string(width) + " x " + std::to_string(height) +
                      " pixels cannot be drawn: 1 to 16384 a side");
}

void check_cairo(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS)
    throw Error(std::string("a figure cannot be drawn: ") + cairo_status_to_string(status));
}

cairo_status_t append_bytes(void* text, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

void paint_on(cairo_surface_t* surface, const Drawing& drawing, double scale, bool pixels, bool white) {
  const ContextOwner context(cairo_create(surface), &cairo_destroy);
  if (white) {
    cairo_set_source_rgb(context.get(), 1, 1, 1);
    cairo_paint(context.get());
  }
  paint_marks(context.get(), drawing, scale, pixels);
  check_cairo(cairo_status(context.get()));
}

}  // namespace

Image rasterise(const Drawing& drawing, double scale) {
  check_figure_size(drawing, scale);
  Image image(static_cast<int>(std::ceil(drawing.width * scale)),
              static_cast<int>(std::ceil(drawing.height * scale)));
  const SurfaceOwner surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, image.width, image.height),
                             &cairo_surface_destroy);
  check_cairo(cairo_surface_status(surface.get()));
  paint_on(surface.get(), drawing, scale, true, true);
  cairo_surface_flush(surface.get());
  const unsigned char* data = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  for (int row = 0; row < image.height; ++row)
    for (int column = 0; column < image.width; ++column) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, data + std::ptrdiff_t{row} * stride + 4 * std::ptrdiff_t{column}, sizeof pixel);
      for (int c = 0; c < 3; ++c)
        image.pixel(row, column)[c] = static_cast<std::uint8_t>(pixel >> (16 - 8 * c) & 0xff);
    }
  return image;
}

std::string to_svg(const Drawing& drawing, const SvgOptions& options) {
  check_figure_size(drawing, 1);
  std::string text;
  const SurfaceOwner surface(
      cairo_svg_surface_create_for_stream(append_bytes, &text, drawing.width, drawing.height),
      &cairo_surface_destroy);
  cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PX);
  paint_on(surface.get(), drawing, 1, false, !options.follow_page);
  cairo_surface_finish(surface.get());
  check_cairo(cairo_surface_status(surface.get()));
  return finished_svg(text, drawing, options);
}

std::string to_pdf(const Drawing& drawing) {
  check_figure_size(drawing, 1);
  constexpr double points_per_unit = 0.75;
  std::string bytes;
  const SurfaceOwner surface(
      cairo_pdf_surface_create_for_stream(append_bytes, &bytes, points_per_unit * drawing.width,
                                          points_per_unit * drawing.height),
      &cairo_surface_destroy);
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                 "");  // none: same bytes every day
  paint_on(surface.get(), drawing, points_per_unit, false, true);
  cairo_surface_finish(surface.get());
  check_cairo(cairo_surface_status(surface.get()));
  return bytes;
}

FigureFormat figure_format(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  return extension == ".svg"   ? FigureFormat::svg
         : extension == ".pdf" ? FigureFormat::pdf
                               : FigureFormat::png;
}

void write_figure(const std::filesystem::path& file, const Drawing& drawing, FigureFormat format) {
  if (format == FigureFormat::svg) write_file(file, to_svg(drawing));
  else if (format == FigureFormat::pdf) write_file(file, to_pdf(drawing));
  else write_png(file, rasterise(drawing));
}

}  // namespace skein::experiments

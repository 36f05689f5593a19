#include "experiments/figures/contact_sheet.hpp"

#include <algorithm>
#include <cmath>

#include "experiments/drawing/font.hpp"
#include "lib/base/error.hpp"

namespace skein::experiments {
namespace {

constexpr double sheet_margin = 12;
constexpr double sheet_gap = 8;
constexpr double caption_size = 11;
constexpr double sheet_title_size = 15;

std::string shortened(std::string text, double width) {
  if (text_width(text, caption_size) <= width) return text;
  while (!text.empty() && text_width(text + "\xe2\x80\xa6", caption_size) > width) {
    while (text.size() > 1 && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
    text.pop_back();
  }
  return text + "\xe2\x80\xa6";
}

}  // namespace

void SheetOptions::validate() const {
  if (columns < 0 || columns > 1000)
    throw ConfigError("a contact sheet has 1 to 1000 columns (0: chosen), not " + std::to_string(columns));
  if (cell < 16 || cell > 2048)
    throw ConfigError("a contact sheet's cell is 16 to 2048 pixels, not " + std::to_string(cell));
}

Drawing contact_sheet(const std::vector<SheetEntry>& entries, const SheetOptions& options) {
  options.validate();
  const auto count = static_cast<int>(entries.size());
  const int columns = options.columns > 0 ? options.columns
                                          : std::max(1, static_cast<int>(std::ceil(std::sqrt(1.5 * count))));
  const int rows = std::max(1, (count + columns - 1) / columns);
  const bool captions = std::ranges::any_of(entries, [](const SheetEntry& e) { return !e.caption.empty(); });
  const double cell = options.cell, row_height = cell + (captions ? caption_size + 8 : 0) + sheet_gap;
  const double top = sheet_margin + (options.title.empty() ? 0 : sheet_title_size + 12);
  Drawing sheet{2 * sheet_margin + columns * (cell + sheet_gap) - sheet_gap,
                top + rows * row_height - sheet_gap + sheet_margin,
                {}};
  sheet.width = std::max(sheet.width, 2 * sheet_margin + text_width(options.title, sheet_title_size));
  if (!options.title.empty())
    sheet.text(sheet_margin, sheet_margin + sheet_title_size, options.title,
               {.size = sheet_title_size, .bold = true});
  for (int i = 0; i < count; ++i) {
    const SheetEntry& entry = entries[static_cast<std::size_t>(i)];
    const double x = sheet_margin + (i % columns) * (cell + sheet_gap), y = top + (i / columns) * row_height;
    const Image& picture = entry.picture;
    const double longer = std::max({picture.width, picture.height, 1});
    const double w = cell * picture.width / longer, h = cell * picture.height / longer;
    sheet.add(Bitmap{x + (cell - w) / 2, y + (cell - h) / 2, w, h, picture, 1, entry.caption});
    if (!entry.caption.empty())
      sheet.text(x + cell / 2, y + cell + caption_size + 3, shortened(entry.caption, cell),
                 {.size = caption_size, .anchor = Anchor::middle});
  }
  return sheet;
}

}  // namespace skein::experiments

#include "experiments/report/report_figures.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/plot_axis.hpp"
#include "experiments/figures/plots.hpp"
#include "experiments/figures/wiring_figure.hpp"
#include "experiments/jobs/training_job.hpp"
#include "experiments/report/blocks.hpp"
#include "experiments/report/report_network.hpp"
#include "experiments/report/report_notes.hpp"
#include "experiments/report/report_pieces.hpp"
#include "experiments/report/report_tables.hpp"
#include "lib/base/base64.hpp"
#include "lib/base/error.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

constexpr std::size_t curves_in_one_plot = 6;

Markup image_tag(const Image& image, const std::string& description) {
  return block("image", {{"data", base64(encode_png(image))},
                         {"width", std::to_string(image.width)},
                         {"height", std::to_string(image.height)},
                         {"description", description}});
}

/// The file's picture, its longer side at most `side` pixels.
std::optional<Picture> small_picture(const ReportRun& run, const std::string& relative, int side) try {
  const auto file = file_of(run, relative);
  std::error_code ignored;
  if (!file || !std::filesystem::exists(*file, ignored)) return {};
  const Picture picture = to_picture(read_image(*file));
  const double scale = std::min(1.0, double(side) / std::max(picture.width, picture.height));
  const auto size = [&](int n) { return std::max(1, static_cast<int>(std::lround(n * scale))); };
  return resize(picture, size(picture.width), size(picture.height));
} catch (const Error&) {
  return {};
}

/// White none, black a quarter or more; mean over the channels.
Image difference_image(const Picture& a, const Picture& b) {
  Image image(a.width, a.height);
  const std::size_t n = a.pixels();
  for (std::size_t p = 0; p < n; ++p) {
    float sum = 0;
    for (std::size_t c = 0; c < 3; ++c) sum += std::abs(a.rgb[c * n + p] - b.rgb[c * n + p]);
    const auto grey = static_cast<std::uint8_t>(std::lround(255 * (1 - std::min(1.0F, sum * 4 / 3))));
    std::fill_n(image.rgb.begin() + static_cast<std::ptrdiff_t>(3 * p), 3, grey);
  }
  return image;
}

/// A link under a figure that saves it as a page for a paper.
Markup pdf_link(const Drawing& drawing, const std::string& label) {
  std::string file;
  for (const char c : label) file += std::isalnum(static_cast<unsigned char>(c)) ? c : '-';
  return block("pdf", {{"file", file}, {"data", base64(to_pdf(drawing))}, {"label", label}});
}

Markup svg_of(const Drawing& drawing, const std::string& label) {
  return Markup::verbatim(to_svg(drawing, {.follow_page = true, .label = label}));
}

Series curve_of(ReportRun& run, const CompareRow& row) {
  Series series{row.label()};
  const auto file = file_of(run, row.loss_curve);
  std::error_code ignored;
  if (!file || !std::filesystem::exists(*file, ignored)) return series;
  try {
    const auto curve = read_loss_curve(*file);
    const std::size_t every =
        std::max<std::size_t>(1, curve.size() / 240);  // as many points as the plot can show
    for (std::size_t i = 0; i < curve.size(); i += i < 60 ? 1 : every) {
      series.x.push_back(static_cast<double>(curve[i].first));
      series.y.push_back(curve[i].second);
    }
  } catch (const Error& error) {
    run.troubles.emplace_back(error.what());
  }
  return series;
}

std::string facts(const CompareRow& row, std::size_t seeds) {
  std::string text = std::to_string(row.nonzero) + " weights";
  if (!row.arch.empty()) text += " in " + row.arch;
  if (std::isfinite(row.loss)) text += "; loss " + plain_number(row.loss);
  if (std::isfinite(row.psnr)) text += ", " + plain_number(std::round(10 * row.psnr) / 10) + " dB";
  if (row.key.seed) text += "; seed " + std::to_string(*row.key.seed);
  if (seeds > 1) text += ", of median loss among " + std::to_string(seeds);
  return text;
}

}  // namespace

Markup plot_tag(const Drawing& drawing, const std::string& label, const std::string& caption) {
  return block("plot", {{"drawing", svg_of(drawing, label)},
                        {"caption", caption.empty() ? "" : caption + " "},
                        {"pdf", pdf_link(drawing, label)}});
}

Markup picture_section(const ReportRun& run, int side) {
  const auto target = small_picture(run, run.target_picture, side);
  Markup thumbs;
  const auto add = [&](const Markup& images, const std::string& title, const std::string& facts) {
    thumbs += block("thumb", {{"images", images}, {"title", title}, {"facts", facts}});
  };
  if (target)
    add(image_tag(to_image(*target), "target"), "target",
        std::to_string(run.results.about.width) + " \xc3\x97 " + std::to_string(run.results.about.height));
  std::size_t shown = 0;
  const std::vector<MethodRows> methods = methods_of(run.results.rows);
  for (const MethodRows& method : methods) {
    if (++shown > run.detail.pictures) break;
    Markup images;
    const auto picture = method.shown ? small_picture(run, method.shown->picture, side) : std::nullopt;
    if (picture) {
      images = image_tag(to_image(*picture), "picture of " + method.label());
      if (target && target->width == picture->width && target->height == picture->height)
        images += image_tag(difference_image(*target, *picture),
                            "difference of " + method.label() + " to the target");
    }
    std::string fact;
    if (!picture) fact = "no picture";
    else if (std::isfinite(method.shown->psnr))
      fact = plain_number(std::round(10 * method.shown->psnr) / 10) + " dB";
    else if (method.shown->loss == 0) fact = "exact";
    add(images, method.label(), fact);
  }
  Markup html = block("thumbs", {{"thumbs", thumbs}});
  if (shown > run.detail.pictures)
    html += block("thumbs-left-out", {{"shown", std::to_string(run.detail.pictures)},
                                      {"methods", std::to_string(methods.size())}});
  return html;
}

Markup loss_section(ReportRun& run) {
  struct MethodCurve {
    RowFamily family;
    Series series;
  };
  std::vector<MethodCurve> curves;
  for (const MethodRows& method : methods_of(run.results.rows)) {
    std::vector<Series> seeds;
    for (const CompareRow* row : method.rows)
      if (Series s = curve_of(run, *row); !s.x.empty()) seeds.push_back(std::move(s));
    if (!seeds.empty())
      curves.push_back({method.family(), spread_of(method.label(), seeds, static_cast<int>(curves.size()))});
  }
  if (curves.empty()) return paragraph("No network of this run was trained, or no loss was kept.", "note");
  PlotOptions options{.x_label = "step",
                      .y_label = "mean squared error",
                      .log_x = true,
                      .log_y = true,
                      .width = 900,
                      .height = 420};
  std::vector<Series> all;
  for (const MethodCurve& curve : curves) all.push_back(curve.series);
  if (all.size() <= curves_in_one_plot)
    return plot_tag(curve_plot(all, options), "loss over training steps, by method");
  Markup plots;
  options.width = 540, options.height = 300;
  for (const RowFamily family : {RowFamily::evolved, RowFamily::dense, RowFamily::retrained,
                                 RowFamily::pruned, RowFamily::control, RowFamily::recursive}) {
    std::vector<Series> some;
    for (const MethodCurve& curve : curves)
      if (curve.family == family)
        some.push_back(curve.series), some.back().colour = static_cast<int>(some.size()) - 1;
    options.title = name(family);
    if (!some.empty())
      plots += plot_tag(curve_plot(some, options), "loss over training steps, " + options.title);
  }
  return block("plots", {{"plots", plots}});
}

Markup measure_section(const ReportRun& run) {
  std::vector<std::string> columns{"loss", "nonzero"};
  const auto measures = run.analysis.measures;
  columns.insert(columns.begin(), measures.begin(), measures.end());
  lead_first(columns);
  if (!run.detail.every_measure)
    std::erase_if(columns, [](const std::string& c) { return !is_main_column(c); });
  Markup plots;
  for (const std::string& column : columns) {
    std::vector<DotRow> rows;
    std::vector<double> all;
    std::string unit = column == "nonzero" ? "weights" : column == "loss" ? "mean squared error" : "";
    for (const MethodRows& method : methods_of(run.results.rows)) {
      DotRow row{method.label(), {}, family_colour(method.family())};
      for (const CompareRow* network : method.rows) {
        row.values.push_back(value_of(*network, column));
        const auto* m = network->measure(column);
        row.low.push_back(m ? m->low : std::nan("")), row.high.push_back(m ? m->high : std::nan(""));
        if (m && unit.empty()) unit = m->unit;
      }
      all.insert(all.end(), row.values.begin(), row.values.end());
      rows.push_back(std::move(row));
    }
    if (summarise(all).count == 0) continue;
    const bool logarithmic = column == "loss" || column == "nonzero";
    plots += plot_tag(
        dot_plot(rows, {.title = column_title(column), .x_label = unit, .log_x = logarithmic, .width = 540}),
        column_title(column) + " of every network, by method", measure_note(column));
  }
  return block("plots", {{"plots", plots}});
}

Exploration explore(ReportRun& run, std::size_t run_index, std::size_t& room) {
  Exploration result;
  for (const MethodRows& method : methods_of(run.results.rows)) {
    if (!method.shown) continue;
    const auto net = network_of(run, *method.shown);
    if (!net) continue;
    const NetworkView view = net->mlp ? view_of(*net->mlp) : view_of(net->network, net->weights);
    nlohmann::ordered_json network{{"label", method.label()},
                                   {"family", name(method.family())},
                                   {"facts", facts(*method.shown, method.rows.size())}};
    network.update(network_json(view));
    if (auto pieces = pieces_of(run, *method.shown)) network["pieces"] = *std::move(pieces);
    const Drawing figure = wiring_figure(view);
    const std::string label = "wiring of " + method.label();
    const Markup wiring = svg_of(figure, label) + pdf_link(figure, label);
    const std::size_t bytes =
        network.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace).size() +
        wiring.html().size();
    if (bytes > room) {
      ++result.left_out;
      continue;
    }
    room -= bytes;
    result.markup += block("wiring", {{"run", std::to_string(run_index)},
                                      {"network", std::to_string(result.networks.size())},
                                      {"wiring", wiring}});
    result.networks.push_back(std::move(network));
  }
  return result;
}

}  // namespace skein::experiments

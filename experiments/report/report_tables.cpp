#include "experiments/report/report_tables.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <functional>
#include <iterator>
#include <set>

#include "experiments/compare/finding.hpp"
#include "experiments/drawing/drawing.hpp"
#include "experiments/figures/plot_axis.hpp"
#include "experiments/report/blocks.hpp"
#include "experiments/rows/row_methods.hpp"

namespace skein::experiments {
namespace {

std::string exact(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

Markup number_cell(double value, const std::string& text, const std::string& small = {}) {
  return block("number-cell", {{"value", std::isfinite(value) ? exact(value) : ""},
                               {"text", text},
                               {"small", small.empty() ? Markup() : block("small", {{"text", small}})}});
}

Markup whole_cell(std::integral auto n) { return number_cell(static_cast<double>(n), std::to_string(n)); }

/// Of a number that there is not.
Markup no_number() { return number_cell(std::nan(""), "\xe2\x80\x93"); }

Markup text_cell(const std::string& text) { return block("text-cell", {{"text", text}}); }

Markup name_cell(const std::string& name, RowFamily family) {
  const Colour c = colours::series[family_colour(family)];
  return block("name-cell", {{"red", std::to_string(c.r)},
                             {"green", std::to_string(c.g)},
                             {"blue", std::to_string(c.b)},
                             {"name", name}});
}

/// The first `texts` columns are words, the others numbers.
Markup table_of(const std::vector<std::string>& titles, std::size_t texts, const std::vector<Markup>& rows) {
  Markup heads, body;
  for (std::size_t i = 0; i < titles.size(); ++i)
    heads += block(i < texts ? "text-head" : "number-head", {{"title", titles[i]}});
  for (const Markup& cells : rows) body += block("row", {{"cells", cells}});
  return block("table", {{"heads", heads}, {"rows", body}});
}

std::string counted(double value) {
  return std::isfinite(value) ? std::to_string(std::llround(value)) : "\xe2\x80\x93";
}

std::string shown(double value) { return std::isfinite(value) ? plain_number(value, 3) : "\xe2\x80\x93"; }

/// Median with the range over seeds, or with the interval of the only network.
Markup summary_cell(const std::vector<const CompareRow*>& rows, const std::string& column) {
  std::vector<double> values;
  for (const CompareRow* row : rows) values.push_back(value_of(*row, column));
  const Summary s = summarise(values);
  const bool whole = column == "nonzero" || column == "weights";
  const auto say = [&](double v) { return whole ? counted(v) : shown(v); };
  std::string small;
  if (s.count > 1 && s.low < s.high) small = say(s.low) + " to " + say(s.high);
  if (s.count == 1 && rows.size() == 1)
    if (const auto* m = rows[0]->measure(column);
        m && std::isfinite(m->low) && std::isfinite(m->high) && m->low < m->high)
      small = "[" + say(m->low) + ", " + say(m->high) + "]";
  return number_cell(s.median, say(s.median), small);
}

/// A method's line in a table across targets: counts differ between targets, so the first, second, ... count
/// of each stand in one line.
struct MergedLine {
  RowKey key;  ///< without target and seed; `count` is the rank of the count among the run's
  std::string label;
};

MergedLine merged_line(const CompareResults& results, const CompareRow& row) {
  MergedLine line{without_seed(row.key), row.label()};
  line.key.target.clear();
  if (row.key.count == 0) return line;
  std::set<std::int64_t, std::greater<>> counts;
  for (const CompareRow& other : results.rows)
    if (other.key.count > 0) counts.insert(other.key.count);
  line.key.count = 1 + std::distance(counts.begin(), counts.find(row.key.count));
  RowKey rest = line.key;
  rest.count = 0;
  line.label = label_of({{}, row.key.method, 0, 0, {}, {}}) + ", count " + std::to_string(line.key.count) +
               label_end(rest);
  return line;
}

/// Of the table by method, after `leads`: what its wiring is come first, in this order.
constexpr std::array wiring_measures{"units_alive", "depth_used", "edge_f1", "edge_f1_chance"};
constexpr std::array other_main_measures{"unit_interference", "effect_spread"};

/// Those that lead, then these.
std::vector<std::string> main_measures() {
  std::vector<std::string> names;
  for (const Lead& lead : leads()) names.emplace_back(lead.measure);
  names.insert(names.end(), wiring_measures.begin(), wiring_measures.end());
  names.insert(names.end(), other_main_measures.begin(), other_main_measures.end());
  return names;
}

/// How many of the networks were made, and how many were not.
Markup made_cell(const std::vector<const CompareRow*>& rows) {
  const auto made = std::ranges::count_if(rows, [](const CompareRow* r) { return has_network(r->status); });
  const auto lost = std::ssize(rows) - made;
  return number_cell(static_cast<double>(made), std::to_string(made),
                     lost > 0 ? std::to_string(lost) + " without a network" : "");
}

}  // namespace

int family_colour(RowFamily family) {
  switch (family) {
    case RowFamily::evolved:
      return 0;
    case RowFamily::dense:
      return 1;
    case RowFamily::retrained:
      return 2;
    case RowFamily::pruned:
      return 3;
    case RowFamily::control:
      return 6;
    case RowFamily::recursive:
      return 4;
  }
  return 6;
}

std::string column_title(const std::string& column) {
  if (column == "nonzero") return "weights";
  if (column == "psnr") return "PSNR, dB";
  std::string title = column;
  std::ranges::replace(title, '_', ' ');
  return title;
}

bool is_main_column(const std::string& column) {
  if (column == "loss" || column == "nonzero" || column == "psnr") return true;
  const std::vector<std::string> main = main_measures();
  return std::ranges::find(main, column) != main.end();
}

void lead_first(std::vector<std::string>& columns) {
  // Stable partitions, the last first.
  for (auto lead = leads().rbegin(); lead != leads().rend(); ++lead)
    std::ranges::stable_partition(columns, [&](const std::string& c) { return c == lead->measure; });
}

Markup method_table(const ReportRun& run) {
  std::vector<std::string> measures = run.analysis.measures, columns{"nonzero", "loss", "psnr"};
  // How factored it is and its wiring first: what a comparison is about.
  const std::vector<std::string> main = main_measures();
  const std::ptrdiff_t first = std::ssize(main) - std::ssize(other_main_measures);
  std::ranges::stable_sort(measures, {}, [&](const std::string& m) {
    return std::min(first, std::ranges::find(main, m) - main.begin());
  });
  if (!run.detail.every_measure)
    std::erase_if(measures, [](const std::string& m) { return !is_main_column(m); });
  std::ranges::move(measures, std::back_inserter(columns));
  std::vector<std::string> titles{"method", "n"};
  for (const auto& column : columns) titles.push_back(column_title(column));
  std::vector<Markup> rows;
  for (const MethodRows& method : methods_of(run.results.rows)) {
    Markup& cells = rows.emplace_back(name_cell(method.label(), method.family()) + made_cell(method.rows));
    for (const auto& column : columns) cells += summary_cell(method.rows, column);
  }
  return table_of(titles, 1, rows);
}

Markup network_table(const ReportRun& run) {
  const auto measures = run.analysis.measures;
  std::vector<std::string> titles{"network", "status",    "architecture", "optimiser", "parent",
                                  "seed",    "rate",      "steps",        "asked",     "weights",
                                  "loss",    "best loss", "PSNR, dB"};
  for (const auto& name : measures) titles.push_back(column_title(name));
  std::vector<Markup> rows;
  for (const CompareRow& row : run.results.rows) {
    Markup& cells = rows.emplace_back(
        name_cell(row.label(), row.family()) +
        text_cell(std::string(name(row.status)) + (row.note.empty() ? "" : ": " + row.note)) +
        text_cell(row.arch) + text_cell(row.optimizer) + text_cell(row.parent) +
        (row.key.seed ? whole_cell(*row.key.seed) : no_number()) +
        (row.optimizer.empty() ? no_number() : number_cell(row.learning_rate, shown(row.learning_rate))) +
        whole_cell(row.steps) + (row.key.count > 0 ? whole_cell(row.key.count) : no_number()) +
        number_cell(value_of(row, "nonzero"), counted(value_of(row, "nonzero"))));
    for (const char* column : {"loss", "best_loss", "psnr"})
      cells += number_cell(value_of(row, column), shown(value_of(row, column)));
    for (const auto& column : measures) cells += summary_cell({&row}, column);
  }
  return table_of(titles, 5, rows);
}

Markup test_table(const ReportRun& run) {
  const std::vector<PairedTest>& tests = run.analysis.tests;
  if (tests.empty()) return {};
  const auto cell = [](const RowKey& key) { return name_cell(label_of(key), family_of(key)); };
  std::vector<Markup> rows;
  for (const PairedTest& test : tests) {
    const Interval& interval = test.interval;
    const std::size_t pairs = test.differences.size();
    rows.push_back(text_cell(test.measure == "loss" ? "log10 loss" : column_title(test.measure)) +
                   cell(test.a) + cell(test.b) + whole_cell(pairs) +
                   number_cell(interval.mean, shown(interval.mean),
                               "[" + shown(interval.low) + ", " + shown(interval.high) + "]") +
                   number_cell(test.p, shown(test.p)) + number_cell(test.p_holm, shown(test.p_holm)) +
                   number_cell(test.p_flip, shown(test.p_flip), "least " + shown(least_sign_flip_p(pairs))));
  }
  return table_of(
      {"of", "method", "against", "pairs", "mean difference", "p", "p, corrected", "p by sign flips"}, 3,
      rows);
}

Markup merged_table(std::span<const ReportRun> runs, const std::string& column) {
  struct TableLine {
    RowKey key;
    std::string label;
    RowFamily family;
  };
  std::vector<TableLine> lines;
  std::vector<std::string> titles{"method"};
  std::vector<std::vector<std::pair<RowKey, MethodRows>>> methods;
  for (const ReportRun& run : runs) {
    titles.push_back(run.results.about.title);
    methods.emplace_back();
    for (const MethodRows& m : methods_of(run.results.rows)) {
      const MergedLine merged = merged_line(run.results, *m.rows[0]);
      methods.back().emplace_back(merged.key, m);
      if (std::ranges::find(lines, merged.key, &TableLine::key) == lines.end())
        lines.push_back({merged.key, merged.label, m.family()});
    }
  }
  std::vector<Markup> rows;
  for (const TableLine& line : lines) {
    Markup& cells = rows.emplace_back(name_cell(line.label, line.family));
    for (const auto& of_run : methods) {
      const auto found = std::ranges::find(of_run, line.key, &std::pair<RowKey, MethodRows>::first);
      cells += found == of_run.end() ? no_number() : summary_cell(found->second.rows, column);
    }
  }
  return table_of(titles, 1, rows);
}

Markup axis_table(const ReportAxis& axis, std::size_t most_lines) {
  std::vector<std::string> columns{"nonzero", "loss", "psnr"};
  for (const std::string& measure : main_measures())
    if (std::ranges::any_of(axis.values, [&](const ReportAxis::Value& value) {
          return std::ranges::any_of(
              value.rows, [&](const CompareRow* row) { return std::isfinite(value_of(*row, measure)); });
        }))
      columns.emplace_back(measure);
  std::vector<std::string> titles{axis.name, "n"};
  for (const auto& column : columns) titles.push_back(column_title(column));
  std::vector<Markup> rows;
  for (std::size_t i = 0; i < std::min(most_lines, axis.values.size()); ++i) {
    const ReportAxis::Value& value = axis.values[i];
    Markup& cells = rows.emplace_back(text_cell(value.text) + made_cell(value.rows));
    for (const auto& column : columns) cells += summary_cell(value.rows, column);
  }
  return table_of(titles, 1, rows);
}

}  // namespace skein::experiments

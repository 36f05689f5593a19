#include "lib/plan/grid_programs.hpp"

#include <algorithm>

namespace skein {

namespace {

/// A part of a contracted network under construction.
struct Part {
  Contraction net;
  std::vector<std::uint32_t> edges;  ///< per edge: which it is in the whole
  std::vector<std::uint32_t> place;  ///< per kept value of the whole: which it is here

  explicit Part(const Contraction& whole) : place(whole.kept.size()) {
    net.input_count = whole.input_count;
    for (std::uint32_t v = 0; v < static_cast<std::uint32_t>(whole.input_count); ++v) {
      place[v] = v;
      net.kept.push_back(whole.kept[v]);
    }
  }

  /// Adds a unit with those edges of unit `u` of the whole whose sources are `wanted`; returns its value.
  template <class Wanted>
  std::uint32_t add(const Contraction& whole, std::size_t u, Activation activation, const Wanted& wanted) {
    for (std::uint32_t e = whole.first_edge[u]; e < whole.first_edge[u + 1]; ++e) {
      if (!wanted(whole.sources[e])) continue;
      net.sources.push_back(place[whole.sources[e]]);
      net.edge_trainable.push_back(whole.edge_trainable[e]);
      edges.push_back(e);
    }
    net.first_edge.push_back(static_cast<std::uint32_t>(net.sources.size()));
    net.activations.push_back(activation);
    net.kept.push_back(whole.kept[static_cast<std::size_t>(whole.input_count) + u]);
    return static_cast<std::uint32_t>(net.kept.size() - 1);
  }

  Program program() const {
    Program made = make_program(net, ProgramKind::training);
    const auto in_the_whole = [&](std::uint32_t& edge) {
      if (edge < edges.size()) edge = edges[edge];
    };
    std::ranges::for_each(made.packed_edges, in_the_whole);
    std::ranges::for_each(made.accumulator_edges, in_the_whole);
    return made;
  }
};

/// Per kept value: whether it is the same along a line. Outputs are computed at pixels all the same.
std::vector<std::uint8_t> values_along(const Contraction& net, const Signature& signature, bool columns) {
  std::vector<std::uint8_t> same;
  for (const std::string& input : signature.inputs)
    same.push_back(input == "bias" || input == (columns ? "x" : "y"));
  for (int u = 0; u < net.unit_count(); ++u) {
    const auto value = static_cast<std::uint32_t>(same.size());
    same.push_back(std::ranges::find(net.outputs, value) == net.outputs.end() &&
                   std::ranges::all_of(net.sources_of(u), [&](std::uint32_t s) { return same[s] != 0; }));
  }
  return same;
}

/// Per kept value: whether a trainable weight lies at or before it.
std::vector<std::uint8_t> trained_values(const Contraction& net) {
  std::vector<std::uint8_t> trained(static_cast<std::size_t>(net.input_count));
  for (std::size_t u = 0; u < net.activations.size(); ++u) {
    std::uint8_t any = 0;
    for (std::uint32_t e = net.first_edge[u]; e < net.first_edge[u + 1]; ++e)
      any |= static_cast<std::uint8_t>(net.edge_trainable[e] | trained[net.sources[e]]);
    trained.push_back(any);
  }
  return trained;
}

class GridSplit {
 public:
  GridSplit(const Contraction& net, std::vector<std::uint8_t> same)
      : net_(net), same_(std::move(same)), trained_(trained_values(net)), pixels_(net), lines_(net) {
    for (std::size_t u = 0; u < net_.activations.size(); ++u)
      if (same_[value(u)]) lines_.place[value(u)] = add(lines_, u, net_.activations[u], true);
    for (std::size_t u = 0; u < net_.activations.size(); ++u)
      if (!same_[value(u)]) add_started(u);
    for (const std::uint32_t output : net_.outputs) pixels_.net.outputs.push_back(pixels_.place[output]);
  }

  /// Of the edges at every pixel; a start and its gradient cost about two (measured on dense networks, which
  /// save just those of bias and of one coordinate).
  std::ptrdiff_t saved() const {
    return std::ssize(net_.sources) - std::ssize(pixels_.net.sources) - 2 * std::ssize(started_);
  }

  GridPrograms programs(bool by_columns) const {
    GridPrograms made{by_columns, pixels_.program(), lines_.program(), {}, {}};
    for (const std::uint32_t unit : started_) {
      const auto entry = std::ranges::find(made.pixels.unit_of, unit) - made.pixels.unit_of.begin();
      made.started.push_back(static_cast<std::uint32_t>(entry));
      made.started_slopes.push_back(made.pixels.units[static_cast<std::size_t>(entry)].slope);
    }
    return made;
  }

 private:
  std::size_t value(std::size_t unit) const { return static_cast<std::size_t>(net_.input_count) + unit; }

  std::uint32_t add(Part& part, std::size_t u, Activation activation, bool along) const {
    return part.add(net_, u, activation, [&](std::uint32_t v) { return (same_[v] != 0) == along; });
  }

  /// A unit computed at pixels; in lines, a linear unit makes what its sum starts with.
  void add_started(std::size_t u) {
    pixels_.place[value(u)] = add(pixels_, u, net_.activations[u], false);
    bool any = false;
    std::uint8_t trainable = 0;
    for (std::uint32_t e = net_.first_edge[u]; e < net_.first_edge[u + 1]; ++e)
      if (same_[net_.sources[e]]) {
        any = true;
        trainable |= static_cast<std::uint8_t>(net_.edge_trainable[e] | trained_[net_.sources[e]]);
      }
    pixels_.net.start_trainable.push_back(trainable);
    if (!any) return;
    started_.push_back(static_cast<std::uint32_t>(pixels_.net.activations.size() - 1));
    lines_.net.outputs.push_back(add(lines_, u, Activation::identity, true));
  }

  const Contraction& net_;
  std::vector<std::uint8_t> same_, trained_;  ///< per kept value
  Part pixels_, lines_;
  std::vector<std::uint32_t> started_;  ///< units of `pixels_`
};

}  // namespace

std::size_t GridPrograms::run_of(const Grid& grid) const {
  constexpr std::size_t shortest = 128;
  const auto length = static_cast<std::size_t>(by_columns ? grid.height : grid.width);
  if (started.empty()) return 0;
  for (std::size_t count = 1; length / count >= shortest; ++count)
    if (length % (count * sample_block) == 0 && length / count <= pixels.chunk) return length / count;
  return 0;
}

GridPrograms make_grid_programs(const Contraction& net, const Signature& signature) {
  const GridSplit rows(net, values_along(net, signature, false));
  const GridSplit columns(net, values_along(net, signature, true));
  const bool by_columns = columns.saved() > rows.saved();
  const GridSplit& best = by_columns ? columns : rows;
  return best.saved() > 0 ? best.programs(by_columns) : GridPrograms{};
}

}  // namespace skein

#include "lib/program.hpp"

#include <algorithm>
#include <numeric>

#include "lib/unit_groups.hpp"

namespace skein {

namespace {

constexpr std::size_t widest_tile = 256, dense_tile = 128;  ///< tuned: networks of 50 to 46,000 weights
constexpr std::size_t cache_bytes = 40 * 1024;              ///< of a first-level cache of 48 KiB

class ProgramBuilder {
 public:
  ProgramBuilder(const Contraction& net, ProgramKind kind)
      : net_(net),
        kind_(kind),
        wiring_(net),
        value_row_(net.kept.size(), no_row),
        slope_row_(net.kept.size(), no_row) {}

  Program build() && {
    if (kind_ == ProgramKind::forward) assign_reused_rows();
    else assign_rows();
    choose_tile();
    name_rows();
    write_forward();
    if (kind_ == ProgramKind::training) write_backward();
    program_.accumulator_count = static_cast<std::uint32_t>(program_.accumulator_edges.size());
    return std::move(program_);
  }

 private:
  bool linear(std::uint32_t value) const {
    return net_.activations[wiring_.unit(value)] == Activation::identity;
  }

  void assign_rows() {
    Row next = 0;
    for (std::uint32_t v = 0; v < net_.kept.size(); ++v)
      if (!wiring_.is_input(v) || wiring_.is_read(v)) value_row_[v] = next++;
    if (kind_ == ProgramKind::training) {
      for (std::uint32_t v = static_cast<std::uint32_t>(net_.input_count); v < net_.kept.size(); ++v)
        slope_row_[v] = next++;
      for (std::size_t o = 0; o < net_.outputs.size(); ++o) {
        const std::uint32_t v = net_.outputs[o];
        // A linear output that feeds nothing else takes the gradient of the head as it is.
        const bool direct = !wiring_.is_input(v) && linear(v) && wiring_.consumers(v).empty() &&
                            std::ranges::count(net_.outputs, v) == 1;
        program_.seed_rows.push_back(direct ? slope_row_[v] : next++);
      }
    }
    program_.row_count = next;
  }

  /// Forward only: a row is free again after the last group that reads it.
  void assign_reused_rows() {
    std::vector<std::size_t> last_read(net_.kept.size());
    for (std::size_t g = 0; g < wiring_.groups().size(); ++g)
      for (const std::uint32_t s : net_.sources_of(wiring_.groups()[g].front())) last_read[s] = g;
    for (const std::uint32_t v : net_.outputs) last_read[v] = wiring_.groups().size();
    std::vector<Row> free;
    Row next = 0;
    const auto take = [&] {
      if (free.empty()) return next++;
      const Row row = free.back();
      free.pop_back();
      return row;
    };
    for (std::uint32_t v = 0; v < net_.kept.size() && wiring_.is_input(v); ++v)
      if (wiring_.is_read(v)) value_row_[v] = take();
    for (std::size_t g = 0; g < wiring_.groups().size(); ++g) {
      for (const int u : wiring_.groups()[g]) value_row_[wiring_.value(u)] = take();
      for (const std::uint32_t s : net_.sources_of(wiring_.groups()[g].front()))
        if (last_read[s] == g) free.push_back(value_row_[s]);
    }
    program_.row_count = next;
  }

  /// Sparse rows spread the cost of each edge over a wide tile; dense groups have less to spread, and more
  /// rows.
  void choose_tile() {
    const bool dense = 2 * wiring_.groups().size() <= net_.activations.size();
    const bool fits = program_.row_count * widest_tile * sizeof(float) <= cache_bytes;
    program_.tile = dense && !fits ? dense_tile : widest_tile;
  }

  void name_rows() {
    const auto scale = [&](Row& row) {
      if (row != no_row) row *= static_cast<Row>(program_.tile);
    };
    std::ranges::for_each(value_row_, scale);
    std::ranges::for_each(slope_row_, scale);
    std::ranges::for_each(program_.seed_rows, scale);
    program_.input_rows.assign(value_row_.begin(), value_row_.begin() + net_.input_count);
    for (const std::uint32_t v : net_.outputs) program_.output_rows.push_back(value_row_[v]);
  }

  RowSums open_sums(std::span<const int> units) {
    RowSums sums;
    sums.units = static_cast<std::uint32_t>(units.size());
    sums.first_unit = static_cast<std::uint32_t>(program_.units.size());
    sums.first_row = static_cast<std::uint32_t>(program_.row_list.size());
    sums.first_weight = static_cast<std::uint32_t>(program_.packed_edges.size());
    for (const int u : units) {
      const std::uint32_t v = wiring_.value(u);
      const Row slope = kind_ == ProgramKind::training ? slope_row_[v] : no_row;
      program_.units.push_back({value_row_[v], slope, net_.activations[static_cast<std::size_t>(u)]});
      program_.unit_of.push_back(static_cast<std::uint32_t>(u));
    }
    return sums;
  }

  void write_forward() {
    const std::vector<std::uint64_t> keys = structural_keys(net_, wiring_);
    for (const auto& group : wiring_.groups()) {
      RowSums sums = open_sums(group);
      const auto sources = net_.sources_of(group.front());
      sums.terms = static_cast<std::uint32_t>(sources.size());
      std::vector<std::uint32_t> order(sources.size());
      std::iota(order.begin(), order.end(), 0);
      std::ranges::stable_sort(order, {}, [&](std::uint32_t k) { return keys[sources[k]]; });
      for (const std::uint32_t k : order) {
        program_.row_list.push_back(value_row_[sources[k]]);
        for (const int u : group)
          program_.packed_edges.push_back(net_.first_edge[static_cast<std::size_t>(u)] + k);
      }
      program_.forward_steps.push_back(sums);
    }
  }

  void write_backward() {
    const auto& by_depth = wiring_.source_groups();
    std::for_each(by_depth.rbegin(), by_depth.rend(),
                  [&](const auto& group) { write_gradient_by_sums(group); });
    for (std::uint32_t v = 0; v < net_.kept.size() && wiring_.is_input(v); ++v) write_edges_alone(v);
    for (const auto& group : wiring_.groups())
      if (group.size() > 1) write_dense_edges(group);
  }

  void write_dense_edges(const std::vector<int>& group) {
    const auto sources = net_.sources_of(group.front());
    const bool wanted = std::ranges::any_of(group, [&](int u) {
      const auto first = net_.edge_trainable.begin() + net_.first_edge[static_cast<std::size_t>(u)];
      return std::any_of(first, first + static_cast<std::ptrdiff_t>(sources.size()),
                         [](auto t) { return t != 0; });
    });
    if (!wanted) return;
    BackwardStep step{
        .kind = BackwardKind::dense_edges, .first_accumulator = next_accumulator(), .sums = open_sums(group)};
    step.sums.terms = static_cast<std::uint32_t>(sources.size());
    for (std::uint32_t k = 0; k < step.sums.terms; ++k) {
      program_.row_list.push_back(value_row_[sources[k]]);
      for (const int u : group)
        program_.accumulator_edges.push_back(net_.first_edge[static_cast<std::size_t>(u)] + k);
    }
    program_.backward_steps.push_back(step);
  }

  std::uint32_t next_accumulator() const {
    return static_cast<std::uint32_t>(program_.accumulator_edges.size());
  }

  /// Whether the gradient by this edge is taken at its source (and not by a dense group at its consumer).
  bool taken_at_source(const Consumer& c) const {
    return wiring_.group_size(c.unit) == 1 && net_.edge_trainable[c.edge];
  }

  void write_gradient_by_sums(const std::vector<int>& group) {
    const std::uint32_t v = wiring_.value(group.front());
    const bool direct = std::ranges::find(program_.seed_rows, slope_row_[v]) != program_.seed_rows.end();
    if (direct) return;
    const bool needed = std::ranges::any_of(group, [&](int u) { return wiring_.gradient_needed(u); });
    if (!needed) {
      for (const int u : group) write_edges_alone(wiring_.value(u));
      return;
    }
    const auto consumers = wiring_.consumers(v);
    BackwardStep step;
    step.first_accumulator = next_accumulator();
    step.sums = open_sums(group);
    const auto add = [&](std::size_t k) {
      program_.row_list.push_back(slope_row_[wiring_.value(consumers[k].unit)]);
      for (const int u : group) program_.packed_edges.push_back(wiring_.consumers(wiring_.value(u))[k].edge);
      ++step.sums.terms;
    };
    if (group.size() == 1) {
      for (std::size_t k = 0; k < consumers.size(); ++k)
        if (taken_at_source(consumers[k])) {
          add(k);
          program_.accumulator_edges.push_back(consumers[k].edge);
          ++step.weighted;
        }
      step.kind = step.weighted > 0 ? BackwardKind::sparse : BackwardKind::sums;
    }
    for (std::size_t k = 0; k < consumers.size(); ++k)
      if (group.size() > 1 || !taken_at_source(consumers[k])) add(k);
    for (std::size_t o = 0; o < net_.outputs.size(); ++o)
      if (net_.outputs[o] == v) {  // an output is alone in its group (see UnitGroups)
        program_.row_list.push_back(program_.seed_rows[o]);
        program_.packed_edges.push_back(Program::unit_weight);
        ++step.sums.terms;
      }
    program_.backward_steps.push_back(step);
    if (group.size() > 1)
      for (const int u : group) write_edges_alone(wiring_.value(u));
  }

  void write_edges_alone(std::uint32_t v) {
    BackwardStep step;
    step.kind = BackwardKind::edges;
    step.first_accumulator = next_accumulator();
    std::vector<Row> rows;
    for (const Consumer& c : wiring_.consumers(v))
      if (taken_at_source(c)) {
        rows.push_back(slope_row_[wiring_.value(c.unit)]);
        program_.accumulator_edges.push_back(c.edge);
      }
    if (rows.empty()) return;
    step.weighted = step.sums.terms = static_cast<std::uint32_t>(rows.size());
    step.sums.units = 1;
    step.sums.first_unit = static_cast<std::uint32_t>(program_.units.size());
    step.sums.first_row = static_cast<std::uint32_t>(program_.row_list.size());
    step.sums.first_weight = static_cast<std::uint32_t>(program_.packed_edges.size());
    program_.units.push_back({value_row_[v], no_row, Activation::identity});
    program_.row_list.insert(program_.row_list.end(), rows.begin(), rows.end());
    program_.packed_edges.insert(program_.packed_edges.end(), rows.size(), Program::unit_weight);
    program_.backward_steps.push_back(step);
  }

  const Contraction& net_;
  ProgramKind kind_;
  UnitGroups wiring_;
  std::vector<Row> value_row_, slope_row_;
  Program program_;
};

}  // namespace

Program make_program(const Contraction& net, ProgramKind kind) { return ProgramBuilder(net, kind).build(); }

}  // namespace skein

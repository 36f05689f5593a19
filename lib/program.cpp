#include "lib/program.hpp"

#include <algorithm>

#include "lib/program_rows.hpp"
#include "lib/unit_groups.hpp"

namespace skein {

namespace {

class ProgramBuilder {
 public:
  ProgramBuilder(const Contraction& net, ProgramKind kind)
      : net_(net), kind_(kind), wiring_(net), rows_(lay_out_rows(net, wiring_, kind)) {}

  Program build() && {
    program_.tile = rows_.tile;
    program_.row_count = rows_.count;
    program_.seed_rows = rows_.seeds;
    program_.input_rows.assign(rows_.value.begin(), rows_.value.begin() + net_.input_count);
    for (const std::uint32_t v : net_.outputs) program_.output_rows.push_back(rows_.value[v]);
    for (const UnitGroup& group : wiring_.groups()) write_forward(group);
    if (kind_ == ProgramKind::training) write_backward();
    program_.accumulator_count = next_accumulator();
    return std::move(program_);
  }

 private:
  RowSums open_sums(std::span<const int> units) {
    RowSums sums;
    sums.units = static_cast<std::uint32_t>(units.size());
    sums.first_unit = static_cast<std::uint32_t>(program_.units.size());
    sums.first_row = static_cast<std::uint32_t>(program_.row_list.size());
    sums.first_weight = static_cast<std::uint32_t>(program_.packed_edges.size());
    for (const int u : units) {
      const std::uint32_t v = wiring_.value(u);
      program_.units.push_back(
          {rows_.value[v], rows_.slope[v], 0, net_.activations[static_cast<std::size_t>(u)]});
      program_.unit_of.push_back(static_cast<std::uint32_t>(u));
    }
    return sums;
  }

  void add_term(Row row, std::uint32_t edge) {
    program_.row_list.push_back(row);
    program_.packed_edges.push_back(edge);
  }

  std::vector<std::uint32_t> in_order_of_keys(std::vector<std::uint32_t> sources) const {
    std::ranges::stable_sort(sources, {}, [&](std::uint32_t s) { return wiring_.keys()[s]; });
    return sources;
  }

  void write_forward(const UnitGroup& group) {
    RowSums sums = open_sums(group.units);
    sums.terms = static_cast<std::uint32_t>(group.common.size());
    for (const std::uint32_t s : in_order_of_keys(group.common)) {
      program_.row_list.push_back(rows_.value[s]);
      for (const int u : group.units) program_.packed_edges.push_back(wiring_.edge(s, u));
    }
    for (std::size_t r = 0; r < group.units.size(); ++r) {
      const int u = group.units[r];
      std::vector<std::uint32_t> own;
      std::ranges::set_difference(net_.sources_of(u), group.common, std::back_inserter(own));
      program_.units[sums.first_unit + r].own_terms = static_cast<std::uint32_t>(own.size());
      for (const std::uint32_t s : in_order_of_keys(own)) add_term(rows_.value[s], wiring_.edge(s, u));
    }
    program_.forward_steps.push_back(sums);
  }

  void write_backward() {
    const auto& groups = wiring_.source_groups();
    std::for_each(groups.rbegin(), groups.rend(), [&](const UnitGroup& g) { write_gradient_by_sums(g); });
    for (std::uint32_t v = 0; v < net_.kept.size() && wiring_.is_input(v); ++v) write_edges_alone(v);
    for (const UnitGroup& group : wiring_.groups())
      if (group.units.size() > 1) write_dense_edges(group);
  }

  /// All pairs of a group's units and its block of sources; those that are no edges, or not trainable, are
  /// computed in vain.
  void write_dense_edges(const UnitGroup& group) {
    const auto wanted = [&](std::uint32_t s, int u) {
      const std::uint32_t edge = wiring_.edge(s, u);
      return edge != UnitGroups::no_edge && net_.edge_trainable[edge] != 0;
    };
    if (!std::ranges::any_of(group.units, [&](int u) {
          return std::ranges::any_of(group.block, [&](std::uint32_t s) { return wanted(s, u); });
        }))
      return;
    BackwardStep step{.kind = BackwardKind::dense_edges,
                      .first_accumulator = next_accumulator(),
                      .sums = open_sums(group.units)};
    step.sums.terms = static_cast<std::uint32_t>(group.block.size());
    for (const std::uint32_t s : group.block) {
      program_.row_list.push_back(rows_.value[s]);
      for (const int u : group.units)
        program_.accumulator_edges.push_back(wanted(s, u) ? wiring_.edge(s, u) : Program::no_edge);
    }
    program_.backward_steps.push_back(step);
  }

  std::uint32_t next_accumulator() const {
    return static_cast<std::uint32_t>(program_.accumulator_edges.size());
  }

  /// Whether the gradient by this edge is taken at its source (and not by a dense group at its consumer).
  bool taken_at_source(std::uint32_t source, const Consumer& c) const {
    return !wiring_.in_block(c.unit, source) && net_.edge_trainable[c.edge];
  }

  void write_gradient_by_sums(const UnitGroup& group) {
    const std::uint32_t v = wiring_.value(group.units.front());
    if (std::ranges::find(rows_.seeds, rows_.slope[v]) != rows_.seeds.end()) return;
    if (std::ranges::any_of(group.units, [&](int u) { return wiring_.gradient_needed(u); })) {
      if (group.units.size() == 1) return write_sparse(v);
      write_sums(group);
    }
    for (const int u : group.units) write_edges_alone(wiring_.value(u));
  }

  Row gradient_row(int unit) const { return rows_.slope[wiring_.value(unit)]; }

  void write_sums(const UnitGroup& group) {
    BackwardStep step{.kind = BackwardKind::sums, .sums = open_sums(group.units)};
    step.sums.terms = static_cast<std::uint32_t>(group.common.size());
    for (const std::uint32_t c : group.common) {
      const int consumer = static_cast<int>(c);
      program_.row_list.push_back(gradient_row(consumer));
      for (const int u : group.units)
        program_.packed_edges.push_back(wiring_.edge(wiring_.value(u), consumer));
    }
    for (std::size_t r = 0; r < group.units.size(); ++r)
      for (const Consumer& c : wiring_.consumers(wiring_.value(group.units[r])))
        if (!std::ranges::binary_search(group.common, static_cast<std::uint32_t>(c.unit))) {
          add_term(gradient_row(c.unit), c.edge);
          ++program_.units[step.sums.first_unit + r].own_terms;
        }
    program_.backward_steps.push_back(step);
  }

  void write_sparse(std::uint32_t v) {
    const int units[1] = {wiring_.unit(v)};
    BackwardStep step{.first_accumulator = next_accumulator(), .sums = open_sums(units)};
    for (const bool weighted : {true, false})
      for (const Consumer& c : wiring_.consumers(v)) {
        if (taken_at_source(v, c) != weighted) continue;
        add_term(gradient_row(c.unit), c.edge);
        ++step.sums.terms;
        if (!weighted) continue;
        program_.accumulator_edges.push_back(c.edge);
        ++step.weighted;
      }
    step.kind = step.weighted > 0 ? BackwardKind::sparse : BackwardKind::sums;
    for (std::size_t o = 0; o < net_.outputs.size(); ++o)
      if (net_.outputs[o] == v) {  // an output is alone in its group (see UnitGroups)
        add_term(rows_.seeds[o], Program::unit_weight);
        ++step.sums.terms;
      }
    program_.backward_steps.push_back(step);
  }

  void write_edges_alone(std::uint32_t v) {
    BackwardStep step;
    step.kind = BackwardKind::edges;
    step.first_accumulator = next_accumulator();
    step.sums.units = 1;
    step.sums.first_unit = static_cast<std::uint32_t>(program_.units.size());
    step.sums.first_row = static_cast<std::uint32_t>(program_.row_list.size());
    step.sums.first_weight = static_cast<std::uint32_t>(program_.packed_edges.size());
    for (const Consumer& c : wiring_.consumers(v))
      if (taken_at_source(v, c)) {
        add_term(gradient_row(c.unit), Program::unit_weight);
        program_.accumulator_edges.push_back(c.edge);
        ++step.weighted;
      }
    if (step.weighted == 0) return;
    step.sums.terms = step.weighted;
    program_.units.push_back({.value = rows_.value[v]});
    program_.backward_steps.push_back(step);
  }

  const Contraction& net_;
  ProgramKind kind_;
  UnitGroups wiring_;
  ProgramRows rows_;
  Program program_;
};

}  // namespace

Program make_program(const Contraction& net, ProgramKind kind) { return ProgramBuilder(net, kind).build(); }

}  // namespace skein

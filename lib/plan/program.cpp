#include "lib/plan/program.hpp"

#include <algorithm>
#include <iterator>

#include "lib/plan/program_rows.hpp"
#include "lib/plan/unit_groups.hpp"

namespace skein {

namespace {

class ProgramBuilder {
 public:
  ProgramBuilder(const Contraction& net, ProgramKind kind)
      : net_(net),
        kind_(kind),
        wiring_(net, kind == ProgramKind::training ? UnitGroups::Sides::both : UnitGroups::Sides::forward),
        rows_(lay_out_rows(net, wiring_, kind)) {}

  Program build() && {
    program_.tile = rows_.tile;
    program_.stride = rows_.stride;
    program_.chunk = rows_.chunk;
    program_.row_count = rows_.count;
    program_.seed_rows = rows_.seeds;
    program_.input_rows.assign(rows_.value.begin(), rows_.value.begin() + net_.input_count);
    for (const std::uint32_t v : net_.outputs) program_.output_rows.push_back(rows_.value[v]);
    for (const UnitGroup& group : wiring_.groups()) write_forward(group);
    if (kind_ == ProgramKind::training) write_backward();
    program_.accumulator_count = static_cast<std::uint32_t>(program_.accumulator_edges.size());
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

  std::vector<std::uint32_t> in_order_of_keys(std::vector<std::uint32_t> sources) const {
    std::ranges::stable_sort(sources, {}, [&](std::uint32_t s) { return wiring_.keys()[s]; });
    return sources;
  }

  void add_term(Row row, std::uint32_t edge) {
    program_.row_list.push_back(row);
    program_.packed_edges.push_back(edge);
  }

  /// The packed weight of the edge from `source` to `unit`; a pair that is no edge gets a zero.
  std::uint32_t packed(std::uint32_t source, int unit) const {
    const std::uint32_t edge = wiring_.edge(source, unit);
    return edge == UnitGroups::no_edge ? Program::zero_weight : edge;
  }

  void write_forward(const UnitGroup& group) {
    RowSums sums = open_sums(group.units);
    sums.terms = static_cast<std::uint32_t>(group.terms.size());
    for (const std::uint32_t s : in_order_of_keys(group.terms)) {
      program_.row_list.push_back(rows_.value[s]);
      for (const int u : group.units) program_.packed_edges.push_back(packed(s, u));
    }
    for (std::size_t r = 0; r < group.units.size(); ++r) {
      const int u = group.units[r];
      std::vector<std::uint32_t> own;
      std::ranges::set_difference(net_.sources_of(u), group.terms, std::back_inserter(own));
      program_.units[sums.first_unit + r].own_terms = static_cast<std::uint32_t>(own.size());
      for (const std::uint32_t s : in_order_of_keys(own)) add_term(rows_.value[s], wiring_.edge(s, u));
    }
    program_.forward_steps.push_back(sums);
  }

  void write_backward() {
    const auto& groups = wiring_.source_groups();
    std::for_each(groups.rbegin(), groups.rend(), [&](const UnitGroup& g) { write_gradient_by_sums(g); });
    for (const UnitGroup& group : wiring_.edge_groups()) write_gradient_by_edges(group);
  }

  void write_gradient_by_sums(const UnitGroup& group) {
    const std::uint32_t v = wiring_.value(group.units.front());
    if (std::ranges::find(rows_.seeds, rows_.slope[v]) != rows_.seeds.end()) return;  // the head wrote it
    if (std::ranges::none_of(group.units, [&](int u) { return wiring_.gradient_needed(u); })) return;
    RowSums sums = open_sums(group.units);
    sums.terms = static_cast<std::uint32_t>(group.terms.size());
    for (const std::uint32_t c : group.terms) {
      const int consumer = static_cast<int>(c);
      program_.row_list.push_back(rows_.slope[wiring_.value(consumer)]);
      for (const int u : group.units) program_.packed_edges.push_back(packed(wiring_.value(u), consumer));
    }
    for (std::size_t r = 0; r < group.units.size(); ++r)
      for (const Consumer& c : wiring_.consumers(wiring_.value(group.units[r])))
        if (!std::ranges::binary_search(group.terms, static_cast<std::uint32_t>(c.unit))) {
          add_term(rows_.slope[wiring_.value(c.unit)], c.edge);
          ++program_.units[sums.first_unit + r].own_terms;
        }
    for (std::size_t o = 0; o < net_.outputs.size(); ++o)
      if (net_.outputs[o] == v) {  // an output is alone in its group (see UnitGroups)
        add_term(rows_.seeds[o], Program::unit_weight);
        ++sums.terms;
      }
    program_.gradient_steps.push_back(sums);
  }

  /// All pairs of a group's units and sources; those that are no edges, or not trainable, are computed in
  /// vain.
  void write_gradient_by_edges(const UnitGroup& group) {
    EdgeSums step{.units = static_cast<std::uint32_t>(group.units.size()),
                  .terms = static_cast<std::uint32_t>(group.terms.size()),
                  .first_row = static_cast<std::uint32_t>(program_.row_list.size()),
                  .first_accumulator = static_cast<std::uint32_t>(program_.accumulator_edges.size())};
    for (const int u : group.units) program_.row_list.push_back(rows_.slope[wiring_.value(u)]);
    for (const std::uint32_t s : group.terms) {
      program_.row_list.push_back(rows_.value[s]);
      for (const int u : group.units) {
        const std::uint32_t edge = wiring_.edge(s, u);
        const bool wanted = edge != UnitGroups::no_edge && net_.edge_trainable[edge] != 0;
        program_.accumulator_edges.push_back(wanted ? edge : Program::no_edge);
      }
    }
    program_.edge_steps.push_back(step);
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

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "neat/genome/acyclic.hpp"
#include "neat/genome/gene_order.hpp"
#include "neat/operators/mutation.hpp"
#include "neat/operators/start.hpp"
#include "tests/support/random_genome.hpp"

using namespace skein;
using namespace skein::neat;

namespace {

constexpr std::uint64_t genomes = 1000;

Mutation picture_mutation() {
  Mutation m = cppn_preset().mutation;
  m.links_leave_outputs = true;
  return m;
}

/// What holds for every genome in evolution.
void check_invariants(const Genome& genome) {
  CHECK_NOTHROW(validate(genome));
  CHECK_NOTHROW(topological_order(genome, false));
  CHECK(genome == in_gene_order(genome));
}

/// Calls `operate(genome, ledger, random)` on random genomes and `check(before, after)` where it applies;
/// returns how often it did.
template <class Operate, class Check>
int over_random_genomes(Operate operate, Check check) {
  int applied = 0;
  for (std::uint64_t seed = 0; seed < genomes; ++seed) {
    CAPTURE(seed);
    const Genome before = as_start(test::random_genome(seed));
    const Genome copy = before;
    Ledger ledger;
    ledger.adopt(before);
    RandomStream random(seed, "test operator");
    const std::optional<Genome> after = operate(before, ledger, random);
    CHECK(before == copy);
    if (!after) continue;
    ++applied;
    check_invariants(*after);
    check(before, *after);
  }
  return applied;
}

bool same_but_weights(const Genome& a, const Genome& b) {
  return a.nodes == b.nodes && std::ranges::equal(a.links, b.links, [](Link x, Link y) {
           x.weight = y.weight = 0;
           return x == y;
         });
}

std::vector<Link> links_only_in(const Genome& a, const Genome& b) {
  std::vector<Link> result;
  for (const Link& link : a.links)
    if (!find_link(b, link.id)) result.push_back(link);
  return result;
}

}  // namespace

TEST_CASE("mutating weights changes weights alone and keeps their limit") {
  const WeightMutation settings{.perturb = 0.5, .replace = 0.2, .power = 1, .fresh = 2, .limit = 2.5};
  const int applied = over_random_genomes(
      [&](const Genome& g, Ledger&, RandomStream& random) { return mutate_weights(g, settings, random); },
      [&](const Genome& before, const Genome& after) {
        CHECK(same_but_weights(before, after));
        CHECK(before != after);
        for (std::size_t l = 0; l < after.links.size(); ++l)
          if (after.links[l].weight != before.links[l].weight) CHECK(std::abs(after.links[l].weight) <= 2.5);
      });
  CHECK(applied > 900);
}

TEST_CASE("a weight is perturbed, replaced or left with the probabilities of the settings") {
  Genome genome = minimal_genome(picture_signature(), Activation::identity);
  for (Link& link : genome.links) link.weight = 100;
  const WeightMutation settings{.perturb = 0.6,
                                .replace = 0.3,
                                .noise = WeightMutation::Noise::uniform,
                                .power = 0.5,
                                .fresh = 2,
                                .limit = 0};
  RandomStream random(1, "test weights");
  int left = 0, near = 0, fresh = 0;
  for (int i = 0; i < 1000; ++i)
    for (const Link& link : mutate_weights(genome, settings, random).value_or(genome).links)
      ++(link.weight == 100 ? left : std::abs(link.weight - 100) <= 0.5 ? near : fresh);
  CHECK(near / 12000.0 == doctest::Approx(0.6).epsilon(0.03));
  CHECK(fresh / 12000.0 == doctest::Approx(0.3).epsilon(0.05));
  CHECK(left / 12000.0 == doctest::Approx(0.1).epsilon(0.1));
}

TEST_CASE("a new link joins two nodes that were not joined and never makes a cycle") {
  const Mutation settings = picture_mutation();
  const int applied =
      over_random_genomes([&](const Genome& g, Ledger& ledger,
                              RandomStream& random) { return add_link(g, settings, ledger, random); },
                          [&](const Genome& before, const Genome& after) {
                            CHECK(after.nodes == before.nodes);
                            CHECK(links_only_in(before, after).empty());
                            const auto added = links_only_in(after, before);
                            REQUIRE(added.size() == 1);
                            CHECK(added[0].enabled);
                            CHECK(std::abs(added[0].weight) <= settings.weight.fresh);
                            CHECK(added[0].id.branch == 0);
                            CHECK(std::ranges::none_of(before.links, [&](const Link& l) {
                              return l.source == added[0].source && l.target == added[0].target;
                            }));
                          });
  CHECK(applied > 900);
}

TEST_CASE("adding links stops exactly when no legal pair of nodes is left") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    Genome genome = as_start(test::random_genome(seed, {.most_hidden = 5}));
    Mutation settings = picture_mutation();
    settings.links_leave_outputs = seed % 2 == 0;
    Ledger ledger;
    ledger.adopt(genome);
    RandomStream random(seed, "test fill");
    while (auto next = add_link(genome, settings, ledger, random)) genome = std::move(*next);
    for (const Node& source : genome.nodes)
      for (const Node& target : genome.nodes) {
        const bool joined = std::ranges::any_of(
            genome.links, [&](const Link& l) { return l.source == source.id && l.target == target.id; });
        const bool barred = target.role == NodeRole::input || closes_cycle(genome, source.id, target.id) ||
                            (source.role == NodeRole::output && !settings.links_leave_outputs);
        CHECK((joined || barred));
      }
  }
}

TEST_CASE("links leave output nodes only where the settings allow it") {
  Mutation settings = picture_mutation();
  settings.links_leave_outputs = false;
  over_random_genomes([&](const Genome& g, Ledger& ledger,
                          RandomStream& random) { return add_link(g, settings, ledger, random); },
                      [](const Genome& before, const Genome& after) {
                        const auto added = links_only_in(after, before);
                        CHECK(after.nodes[*find_node(after, added.at(0).source)].role != NodeRole::output);
                      });
}

TEST_CASE("a new node splits an enabled link into weight 1 and the old weight") {
  for (const bool keep : {false, true}) {
    Mutation settings = picture_mutation();
    settings.split_keeps_link = keep;
    const int applied = over_random_genomes(
        [&](const Genome& g, Ledger& ledger, RandomStream& random) {
          return add_node(g, settings, ledger, random);
        },
        [&](const Genome& before, const Genome& after) {
          REQUIRE(after.nodes.size() == before.nodes.size() + 1);
          const auto added = links_only_in(after, before);
          REQUIRE(added.size() == 2);
          const Link& in = added[added[0].weight == 1 && !find_node(before, added[0].target) ? 0 : 1];
          const Link& out = added[&in == &added[0] ? 1 : 0];
          CHECK(in.target == out.source);
          CHECK_FALSE(find_node(before, in.target));
          CHECK(in.weight == 1);
          const auto old = std::ranges::find_if(before.links, [&](const Link& l) {
            return l.source == in.source && l.target == out.target && l.enabled && l.weight == out.weight &&
                   (keep || !after.links[*find_link(after, l.id)].enabled);
          });
          REQUIRE(old != before.links.end());
          CHECK(enabled_count(after) == enabled_count(before) + (keep ? 2 : 1));
        });
    CHECK(applied > 990);
  }
}

TEST_CASE("enabling switches one disabled link on") {
  const int applied = over_random_genomes(
      [](const Genome& g, Ledger&, RandomStream& random) { return enable_link(g, random); },
      [](const Genome& before, const Genome& after) {
        CHECK(enabled_count(after) == enabled_count(before) + 1);
      });
  CHECK(applied > 300);
}

TEST_CASE("disabling cuts no node off") {
  const int applied = over_random_genomes(
      [](const Genome& g, Ledger&, RandomStream& random) { return disable_link(g, random); },
      [](const Genome& before, const Genome& after) {
        CHECK(enabled_count(after) == enabled_count(before) - 1);
        std::set<Marking> sources, targets;
        for (const Link& link : after.links)
          if (link.enabled) sources.insert(link.source), targets.insert(link.target);
        for (const Link& link : before.links)
          if (link.enabled) {
            CHECK(sources.contains(link.source));
            CHECK(targets.contains(link.target));
          }
      });
  CHECK(applied > 500);
}

TEST_CASE("changing an activation changes that of one hidden node") {
  const Mutation settings = picture_mutation();
  const int applied = over_random_genomes(
      [&](const Genome& g, Ledger&, RandomStream& random) { return change_activation(g, settings, random); },
      [&](const Genome& before, const Genome& after) {
        CHECK(before.links == after.links);
        int changed = 0;
        for (std::size_t n = 0; n < after.nodes.size(); ++n)
          if (after.nodes[n] != before.nodes[n]) {
            ++changed;
            CHECK(after.nodes[n].role == NodeRole::hidden);
          }
        CHECK(changed == 1);
      });
  CHECK(applied > 900);
}

TEST_CASE("drawing one operator by odds changes every genome by exactly one operator") {
  const Mutation settings = picbreeder_preset().mutation;
  const int applied = over_random_genomes(
      [&](const Genome& g, Ledger& ledger, RandomStream& random) -> std::optional<Genome> {
        const Mutant mutant = mutate(g, settings, ledger, random);
        int operators = 0;
        for (std::size_t i = 0; i < operator_names.size(); ++i)
          operators += mutant.operators.contains(static_cast<Operator>(i)) ? 1 : 0;
        CHECK(operators == 1);
        return mutant.genome;
      },
      [](const Genome& before, const Genome& after) { CHECK(before != after); });
  CHECK(applied == genomes);
}

TEST_CASE("the odds of Picbreeder's operators are 10 : 6 : 4 : 1") {
  const Mutation settings = picbreeder_preset(1.0).mutation;
  Genome genome = as_start(test::random_genome(3));
  Ledger ledger;
  ledger.adopt(genome);
  RandomStream random(1, "test odds");
  std::array<int, operator_names.size()> counts{};
  constexpr int draws = 4200;
  for (int i = 0; i < draws; ++i) {
    const Operators operators = mutate(genome, settings, ledger, random).operators;
    for (std::size_t o = 0; o < counts.size(); ++o)
      counts[o] += operators.contains(static_cast<Operator>(o)) ? 1 : 0;
  }
  const auto share = [&](Operator op) { return 21.0 * counts[static_cast<std::size_t>(op)] / draws; };
  CHECK(share(Operator::weights) == doctest::Approx(10).epsilon(0.08));
  CHECK(share(Operator::add_link) == doctest::Approx(6).epsilon(0.1));
  CHECK(share(Operator::add_node) == doctest::Approx(4).epsilon(0.12));
  CHECK(share(Operator::activation) == doctest::Approx(1).epsilon(0.3));
}

TEST_CASE("an operator that cannot apply returns nothing") {
  Genome bare = minimal_genome({{"x"}, {"ink"}}, Activation::identity);
  Ledger ledger;
  ledger.adopt(bare);
  RandomStream random(1, "test nothing");
  const Mutation settings = picture_mutation();
  CHECK_FALSE(add_link(bare, settings, ledger, random));
  CHECK_FALSE(enable_link(bare, random));
  CHECK_FALSE(disable_link(bare, random));
  CHECK_FALSE(change_activation(bare, settings, random));
  CHECK_FALSE(mutate_weights(bare, {.perturb = 0, .replace = 0}, random));
  bare.links[0].enabled = false;
  CHECK_FALSE(add_node(bare, settings, ledger, random));
  CHECK(ledger.innovations() == 1);
}

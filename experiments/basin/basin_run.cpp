#include "experiments/basin/basin_run.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "experiments/basin/basin_book.hpp"
#include "experiments/basin/sp_network.hpp"
#include "experiments/records/row_key.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/train/least_squares.hpp"

namespace skein::experiments {
namespace {

constexpr double default_bar = 0.1;  // of the plain colour's loss

bool names_one(const std::vector<std::string>& names, const char* name) {
  return std::ranges::find(names, name) != names.end();
}

void refuse_twice(const std::vector<std::string>& names, const char* flag) {
  for (const std::string& name : names)
    if (std::ranges::count(names, name) > 1)
      throw ConfigError(std::string(flag) + ": " + name + " is given twice");
}

/// One run, with what its steps share.
class BasinRun {
 public:
  BasinRun(const BasinTarget& target, const BasinSettings& settings, const RunFolder& run,
           const Session& session)
      : target_(target), settings_(settings), run_(run), session_(session), book_(run) {
    const WiringContext context{target, settings.initial_scale, [this] { return sp(); }};
    for (const std::string& name : settings.wirings) sources_.push_back(start_source(name, context));
    findings_.target = target.title;
    findings_.bar = settings.bar_for(target);
    findings_.plain_loss = target.plain_loss;
  }

  BasinFindings findings(double& core_hours) {
    census();
    write_file(run_.file("starts.csv"), starts_csv(findings_));
    look();
    write_file(run_.file("census.csv"), census_csv(findings_));
    write_file(run_.file("arrivals.csv"), arrivals_csv(findings_));
    if (settings_.copies > 0) disturb();
    write_file(run_.file("radius.csv"), radius_csv(findings_));
    write_file(run_.file("half_way.csv"), half_way_csv(findings_));
    if (settings_.mechanisms) explain();
    write_file(run_.file("mechanisms.csv"), mechanisms_csv(findings_.target, findings_.mechanisms));
    if (!settings_.minibatches.pixels.empty()) walk();
    write_file(run_.file("minibatches.csv"), minibatch_csv(findings_.target, findings_.walks));
    core_hours = book_.core_hours();
    return std::move(findings_);
  }

 private:
  [[noreturn]] void stop() const {
    throw Interrupted("stopped; the same command resumes " + run_.path().string());
  }

  const sgd::Mlp& sp() {
    if (!sp_)
      sp_ = sp_network(target_, settings_.training.settings(settings_.seed), run_.file("sp"),
                       session_.listener());
    if (!sp_) stop();
    return *sp_;
  }

  void census() {
    const CensusSettings census{settings_.starts, findings_.bar, settings_.seed, settings_.fit()};
    auto cells = run_census(sources_, target_.picture, census, book_.starts(), session_.listener());
    if (!cells) stop();
    findings_.census = std::move(*cells);
  }

  /// The network that a start of the census came to: fitted again, which gives the same bits.
  sgd::Mlp fitted(std::size_t source, std::uint64_t index) const {
    const auto again =
        fit(start_of(sources_[source], settings_.seed, index), target_.picture, settings_.fit(), [&] {
          return !session_.listener() || session_.listener()({"fitting again", 0, 0, {}});
        });
    if (!again) stop();
    return again->mlp;
  }

  void look() {
    for (std::size_t s = 0; s < sources_.size(); ++s) {
      std::vector<Arrived> arrived;
      for (const std::uint64_t index : findings_.census[s].arrivals(findings_.bar, most_measured))
        arrived.push_back({sources_[s].name, index, fitted(s, index)});
      if (arrived.empty()) continue;
      make_folder(run_.file("arrivals"));
      for (const Arrived& one : arrived)
        sgd::write_mlp(
            run_.file("arrivals") / (file_name(one.wiring) + "-" + std::to_string(one.index) + ".mlp"),
            one.mlp);
      findings_.inside.push_back(look_inside(arrived, target_, settings_.seed, session_.listener()));
    }
  }

  std::size_t source_called(const char* name) const {
    return static_cast<std::size_t>(std::ranges::find(sources_, name, &StartSource::name) - sources_.begin());
  }

  /// Made once; "trained" and "dense" are fitted again for it.
  const sgd::Mlp& network_called(const std::string& name) {
    if (const auto known = networks_.find(name); known != networks_.end()) return known->second;
    return networks_.emplace(name, make_network(name)).first->second;
  }

  sgd::Mlp make_network(const std::string& name) {
    if (name == "evolved") return *target_.evolved;
    if (name == "rotated") return function_equal_twins(*target_.evolved, settings_.seed).back().mlp;
    if (name == "sp") return sp();
    const std::size_t source = source_called(name == "trained" ? "evolved" : "dense");
    const auto& starts = findings_.census[source].starts;
    std::uint64_t best = 0;
    if (name == "trained")
      for (const StartResult& start : starts)
        if (start.best_loss < starts[best].best_loss) best = start.index;
    return fitted(source, best);
  }

  void disturb() {
    std::vector<Centre> centres;
    for (const std::string& name : settings_.networks(target_)) {
      const bool with_parts = settings_.parts && name == "evolved" && target_.parts;
      auto more = centres_of(name, network_called(name), settings_.layers,
                             with_parts ? target_.part_of_slot : std::vector<int>{},
                             with_parts ? target_.parts->names : std::vector<std::string>{});
      std::ranges::move(more, std::back_inserter(centres));
    }
    const RadiusSettings radius{settings_.noise, settings_.copies, findings_.bar, settings_.seed,
                                settings_.fit()};
    auto found = run_radius(centres, target_.picture, radius, book_.copies(), session_.listener());
    if (!found) stop();
    findings_.radius = std::move(*found);
  }

  void explain() {
    std::vector<NamedNetwork> networks;
    if (target_.evolved) networks = function_equal_twins(*target_.evolved, settings_.seed);
    for (const std::string& name : settings_.networks(target_))
      if (std::ranges::find(networks, name, &NamedNetwork::name) == networks.end())
        networks.push_back({name, network_called(name)});
    auto found = measure_mechanisms(networks, target_, findings_.bar, settings_.seed, session_.listener());
    if (!found) stop();
    findings_.mechanisms = std::move(*found);
  }

  void walk() {
    MinibatchSettings minibatches = settings_.minibatches;
    minibatches.seed = settings_.seed;
    auto found = minibatch_walks(function_equal_twins(*target_.evolved, settings_.seed), target_, minibatches,
                                 session_.listener());
    if (!found) stop();
    findings_.walks = std::move(*found);
  }

  const BasinTarget& target_;
  const BasinSettings& settings_;
  const RunFolder& run_;
  const Session& session_;
  BasinBook book_;
  std::optional<sgd::Mlp> sp_;
  std::map<std::string, sgd::Mlp> networks_;
  std::vector<StartSource> sources_;
  BasinFindings findings_;
};

}  // namespace

double BasinSettings::bar_for(const BasinTarget& target) const {
  return bar.value_or(default_bar * target.plain_loss);
}

FitSettings BasinSettings::fit() const {
  return {.train = training.settings(seed), .second_order = second_order};
}

std::vector<std::string> BasinSettings::networks(const BasinTarget& target) const {
  if (!from.empty() || !target.evolved) return from;
  std::vector<std::string> names{"evolved"};
  if (names_one(wirings, "evolved")) names.push_back("trained");
  if (!second_order) names.push_back("rotated");  // has more weights than that method is for
  return names;
}

void BasinSettings::validate(const BasinTarget& target) const {
  if (starts < 1) throw ConfigError("--starts " + std::to_string(starts) + ": at least 1 is needed");
  if (wirings.empty()) throw ConfigError("--wirings: names none");
  refuse_twice(wirings, "--wirings");
  refuse_twice(from, "--from");
  if (bar && !(*bar > 0)) throw ConfigError("--bar " + number_text(*bar) + ": must be above 0");
  if (bar_for(target) >= target.plain_loss)
    throw ConfigError("--bar " + number_text(bar_for(target)) +
                      ": the target's plain colour meets it (its loss is " +
                      number_text(target.plain_loss, 4) + "); give less");
  if (training.steps < 1) throw ConfigError("--steps: at least 1 is needed");
  if (copies < 0) throw ConfigError("--copies " + std::to_string(copies) + ": must be 0 or more");
  if (copies > 0) RadiusSettings{noise, copies, 0, seed, {}}.validate();
  for (const std::string& name : from) {
    const bool of_network = name == "evolved" || name == "rotated" || name == "trained";
    if (!of_network && name != "sp" && name != "dense")
      throw ConfigError("--from " + name + ": allowed are evolved, rotated, trained, sp, dense");
    if (of_network && !target.evolved)
      throw ConfigError("--from " + name + ": the target is a picture without a genome");
    const char* needed = name == "trained" ? "evolved" : name == "dense" ? "dense" : nullptr;
    if (needed && !names_one(wirings, needed))
      throw ConfigError("--from " + name + ": needs the wiring " + needed + " among --wirings");
  }
  if (!minibatches.pixels.empty()) {
    minibatches.validate();
    if (!target.evolved)
      throw ConfigError(
          "--minibatches: the target is a picture without a genome, so there are no twins to walk from");
    for (const std::uint32_t pixels : minibatches.pixels)
      if (pixels > target.picture.pixels())
        throw ConfigError("--minibatches " + std::to_string(pixels) + ": the target has " +
                          std::to_string(target.picture.pixels()) + " pixels");
  }
  if (parts && !target.parts)
    throw ConfigError("--disturb parts: the parts of the target are not known; give --labels");
}

void require_wirings(const BasinTarget& target, const BasinSettings& settings) {
  const WiringContext context{target, settings.initial_scale, {}};
  for (const std::string& name : settings.wirings)
    if (name != "sp") {
      const StartSource source = start_source(name, context);
      if (settings.second_order && source.weights > sgd::most_second_order)
        throw ConfigError("--optimizer lm: " + name + " has " + std::to_string(source.weights) +
                          " weights; it takes wirings of at most " + std::to_string(sgd::most_second_order));
    }
}

BasinFindings run_basin(const BasinTarget& target, const BasinSettings& settings, const RunFolder& run,
                        const Session& session, double& core_hours) {
  return BasinRun(target, settings, run, session).findings(core_hours);
}

}  // namespace skein::experiments

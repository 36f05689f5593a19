#include "experiments/swarm/swarm_run.hpp"

#include <algorithm>

#include "experiments/drawing/figure_file.hpp"
#include "experiments/figures/contact_sheet.hpp"
#include "experiments/jobs/training_job.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/records/json_file.hpp"
#include "experiments/swarm/cma_es.hpp"
#include "experiments/swarm/evaluation_log.hpp"
#include "experiments/swarm/hull.hpp"
#include "experiments/swarm/swarm_figures.hpp"
#include "lib/base/file.hpp"
#include "lib/picture/image.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

/// A network that stands beside others in the result.
struct SwarmRow {
  std::string name;
  sgd::Mlp network;
  NetworkWorth worth;
  std::int64_t evaluations = 0;
};

[[noreturn]] void stopped(const RunFolder& run) {
  throw Interrupted("stopped; the same command resumes " + run.path().string());
}

double least_loss(const SwarmTarget& target, const Network& network, const std::vector<Weights>& networks) {
  double least = std::numeric_limits<double>::infinity();
  for (const NetworkWorth& worth : NetworkEvaluator(network, target, UtilityKind::loss).worth(networks))
    least = std::min(least, worth.loss);
  return least;
}

std::vector<Weights> weights_of(const Experts& experts) {
  std::vector<Weights> weights;
  for (const sgd::Mlp& mlp : experts.networks) weights.push_back(mlp.weights);
  return weights;
}

/// Searches in the hull of some networks, with every evaluation kept in the run.
class HullSearches {
 public:
  HullSearches(const SwarmJob& job, const RunFolder& run, const Session& session)
      : job_(job),
        run_(run),
        session_(session),
        given_(experiments::weights_of(job.experts)),
        hull_(given_),
        network_(sgd::lower(job.experts.networks[0].wiring).network),
        bar_(job.bar ? *job.bar : least_loss(job.target, network_, given_)),
        evaluator_(network_, job.target, job.utility, bar_, job.swarm.seed),
        log_(run) {}

  BatchUtility in_hull(const std::string& search, std::int64_t total) {
    return [this, search, total, done = std::int64_t{0}](const std::vector<Coordinates>& places) mutable {
      std::vector<Weights> networks;
      for (const Coordinates& place : places) {
        networks.push_back(hull_.at(place));
        residual_ = std::max(residual_, hull_.residual(networks.back()));
      }
      std::vector<double> utilities;
      for (const NetworkWorth& worth : evaluated(search, networks)) utilities.push_back(worth.utility);
      done += std::ssize(places);
      if (session_.listener() && !session_.listener()({search, done, total, {}})) stopped(run_);
      return utilities;
    };
  }
  std::vector<NetworkWorth> evaluated(const std::string& search, const std::vector<Weights>& networks) {
    return log_.next(search, networks.size(), [&] {
      auto worths = evaluator_.worth(networks, session_.listener());
      if (!worths) stopped(run_);
      return std::move(*worths);
    });
  }
  SwarmRow row(const std::string& name, const Optimum& found) {
    return row(name, hull_.at(found.best), found.evaluations);
  }
  SwarmRow row(const std::string& name, Weights weights, std::int64_t evaluations) {
    SwarmRow row{name, job_.experts.networks[0], {}, evaluations};
    row.worth = evaluated(name + " (end)", {weights})[0];
    row.network.weights = std::move(weights);
    row.network.initial = row.network.rewind = {};
    row.network.rewind_step = 0;
    return row;
  }

  const Hull& hull() const { return hull_; }
  const std::vector<Weights>& given() const { return given_; }
  const EvaluationLog& log() const { return log_; }
  double residual() const { return residual_; }
  double bar() const { return bar_; }

 private:
  const SwarmJob& job_;
  const RunFolder& run_;
  const Session& session_;
  const std::vector<Weights> given_;
  const Hull hull_;
  const Network network_;
  const double bar_;
  NetworkEvaluator evaluator_;
  EvaluationLog log_;
  double residual_ = 0;
};

/// Adam from a network, on the whole picture, for as much work as that many evaluations.
Weights by_adam(const SwarmJob& job, const Weights& from, std::int64_t evaluations, const RunFolder& run,
                const Session& session) {
  sgd::TrainSettings settings;
  settings.steps = std::max<std::int64_t>(1, evaluations / evaluations_per_step);
  settings.learning_rate = job.rate;
  settings.seed = job.swarm.seed;
  const auto trained =
      run_training({job.experts.networks[0].wiring, from, false, settings}, job.target.picture,
                   {run.file("adam.checkpoint"), 1000, true}, session.listener());
  if (!trained) stopped(run);
  return trained->mlp.weights;
}

std::vector<SwarmRow> search_all(HullSearches& searches, const SwarmJob& job,
                                 const std::vector<NetworkWorth>& worths, const RunFolder& run,
                                 const Session& session, Optimum& swarm) {
  std::vector<SwarmRow> rows;
  const auto starts = swarm_starts(searches.hull().experts(), job.particles, job.swarm.seed);
  const std::int64_t most = std::ssize(starts) * (job.swarm.iterations + 1);
  swarm = particle_swarm(starts, searches.in_hull("swarm", most), job.swarm);
  rows.push_back(searches.row("swarm", swarm));
  const std::int64_t total = swarm.evaluations;
  const SwarmRule other =
      job.swarm.rule == SwarmRule::normalized ? SwarmRule::constriction : SwarmRule::normalized;
  SwarmSettings others = swarm_settings(other, static_cast<int>(swarm.iterations), job.swarm.seed);
  others.patience = 0;
  const std::string other_name(name(other));
  rows.push_back(
      searches.row(other_name, particle_swarm(starts, searches.in_hull(other_name, total), others)));
  const std::size_t dimensions = searches.hull().dimensions();
  rows.push_back(
      searches.row("cma-es", cma_es(Coordinates(dimensions, 0.0), searches.in_hull("cma-es", total),
                                    {.evaluations = total, .seed = job.swarm.seed})));
  rows.push_back(searches.row("random", random_search(dimensions, searches.in_hull("random", total), total,
                                                      job.particles, job.swarm.seed)));
  rows.push_back(searches.row("average", searches.hull().at(Coordinates(dimensions, 0.0)), 1));
  const auto best = std::ranges::max_element(worths, {}, &NetworkWorth::utility) - worths.begin();
  const Weights& first = searches.given()[static_cast<std::size_t>(best)];
  rows.push_back(searches.row("best-given", first, std::ssize(worths)));
  rows.push_back(
      searches.row("adam", by_adam(job, first, total, run, session),
                   std::max<std::int64_t>(1, total / evaluations_per_step) * evaluations_per_step));
  if (job.parent) rows.push_back(searches.row("parent", job.parent->weights, 1));
  return rows;
}

Json json_of(const SwarmRow& row, const SwarmJob& job, const Session& session) {
  Json json{{"loss", finite_or_null(row.worth.loss)},
            {"utility", finite_or_null(row.worth.utility)},
            {"evaluations", row.evaluations}};
  if (!job.score) return json;
  const Score scored = score(subject_of(row.network),
                             {.seed = job.swarm.seed,
                              .size = 64,
                              .directions = 0,
                              .units = 16,
                              .noise_draws = 0,
                              .resamples = 0,
                              .parts = job.target.regions},
                             session.listener());
  const auto value = [&](const char* measure) {
    const auto found = scored.at(measure).value;
    return found ? Json(*found) : Json();
  };
  json["compositional_score"] = value("compositional_score");
  json["participation"] = value("participation");
  return json;
}

void write_figures(const std::vector<SwarmRow>& rows, const SwarmJob& job, const HullSearches& searches,
                   const RunFolder& run, const Session& session) {
  const auto curves = run.file("curves.png"), sheet = run.file("pictures.png");
  try_figure(session, curves,
             [&] { write_figure(curves, swarm_curves(searches.log(), std::string(name(job.utility)))); });
  try_figure(session, sheet, [&] {
    const Plan plan(sgd::lower(job.experts.networks[0].wiring).network);
    const Grid grid{job.target.picture.width, job.target.picture.height};
    std::vector<SheetEntry> entries{{to_image(job.target.picture), "target"}};
    for (std::size_t e = 0; e < searches.given().size(); ++e)
      entries.push_back({to_image(draw(plan, searches.given()[e], grid)), job.experts.names[e]});
    for (const SwarmRow& row : rows)
      entries.push_back(
          {to_image(draw(plan, row.network.weights, grid)), row.name + " " + number_text(row.worth.loss, 3)});
    write_figure(sheet, contact_sheet(entries, {.title = "networks given, then found (loss)"}));
  });
}

}  // namespace

void validate(const SwarmJob& job) {
  job.swarm.validate();
  const Hull hull(weights_of(job.experts));
  swarm_starts(hull.experts(), job.particles, job.swarm.seed);
  NetworkEvaluator(sgd::lower(job.experts.networks[0].wiring).network, job.target, job.utility);
}

nlohmann::ordered_json run_swarm(const SwarmJob& job, const RunFolder& run, const Session& session) {
  HullSearches searches(job, run, session);
  const std::vector<NetworkWorth> worths = searches.evaluated("given", searches.given());
  Optimum swarm;
  const std::vector<SwarmRow> rows = search_all(searches, job, worths, run, session, swarm);
  Json result{{"best_loss", finite_or_null(rows[0].worth.loss)},
              {"best_utility", finite_or_null(rows[0].worth.utility)},
              {"utility", name(job.utility)},
              {"hull_residual", searches.residual()},
              {"hull_dimensions", searches.hull().dimensions()},
              {"evaluations", swarm.evaluations},
              {"iterations", swarm.iterations},
              {"networks", Json::array()}};
  if (job.utility == UtilityKind::score) result["bar"] = finite_or_null(searches.bar());
  for (std::size_t e = 0; e < worths.size(); ++e)
    result["networks"].push_back({{"name", job.experts.names[e]},
                                  {"loss", finite_or_null(worths[e].loss)},
                                  {"utility", finite_or_null(worths[e].utility)}});
  Json controls = Json::object();
  for (const SwarmRow& row : rows) {
    Json json = json_of(row, job, session);
    if (&row == &rows[0]) result["swarm"] = json;
    else controls[row.name] = json;
    sgd::write_mlp(run.file(&row == &rows[0] ? "network.mlp" : "control_" + row.name + ".mlp"), row.network);
  }
  result["controls"] = controls;
  result["out"] = run.path().string();
  write_file(run.file("swarm.csv"), swarm_table(searches.log()).csv());
  write_figures(rows, job, searches, run, session);
  std::filesystem::remove(run.file("adam.checkpoint"));
  return result;
}

}  // namespace skein::experiments

#include "experiments/swarm/swarm_figures.hpp"

#include "experiments/figures/plots.hpp"

namespace skein::experiments {
namespace {

/// The course of one search.
struct Course {
  std::vector<double> evaluations, utility, loss;
};

Course course_of(const std::vector<EvaluationLog::Batch>& batches) {
  Course course;
  double evaluations = 0;
  NetworkWorth best;
  for (const auto& batch : batches) {
    for (const NetworkWorth& worth : batch)
      if (evaluations++ == 0 || worth.utility > best.utility) best = worth;
    course.evaluations.push_back(evaluations);
    course.utility.push_back(best.utility);
    course.loss.push_back(best.loss);
  }
  return course;
}

}  // namespace

Table swarm_table(const EvaluationLog& log) {
  Table table({"search", "evaluations", "utility", "loss"});
  for (const auto& [search, batches] : log.searches()) {
    const Course course = course_of(batches);
    for (std::size_t i = 0; i < course.evaluations.size(); ++i)
      table.add({search, number_text(course.evaluations[i]), number_text(course.utility[i]),
                 number_text(course.loss[i])});
  }
  return table;
}

Drawing swarm_curves(const EvaluationLog& log, const std::string& utility) {
  std::vector<Series> curves;
  for (const auto& [search, batches] : log.searches()) {
    if (batches.size() < 2) continue;
    Course course = course_of(batches);
    curves.push_back({.name = search,
                      .x = std::move(course.evaluations),
                      .y = std::move(course.utility),
                      .colour = static_cast<int>(curves.size())});
  }
  return curve_plot(curves, {.title = "best utility so far (" + utility + ")", .x_label = "evaluations"});
}

}  // namespace skein::experiments

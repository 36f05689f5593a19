#include "experiments/campaign/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_set>

#include "experiments/campaign/cost_model.hpp"

namespace skein::experiments {
namespace {

/// Rows or parents that cost the same.
struct Shape {
  PlannedRow example;
  bool is_parent = false;
  std::string name;       ///< `cost_shape`
  std::string step_kind;  ///< whose steps cost the same for the same size
  std::string rest_kind;  ///< likewise for all else
  TrainingWork work;
  double rows = 0, open = 0;  ///< of this shape, and those that are not finished
  TimedRow timed;
  bool is_timed = false, is_known = false;
  double seconds = 0, bytes = 0;

  double rest_size() const {
    // What pruning looks at is the dense network; what is measured, the finished one.
    return static_cast<double>(work.dense_weights + work.weights);
  }
};

class Estimator {
 public:
  Estimator(const RowContext& context, const RowPlan& plan, const RowTimer& timer)
      : context_(context), plan_(plan), timer_(timer) {
    for (const PlannedRow& parent : plan.parents) parents_.insert(number_of(parent.key, 0));
  }

  CostEstimate estimate(const std::vector<std::uint8_t>& finished,
                        const std::map<std::string, double>& known_seconds) {
    std::vector<std::uint8_t> awaited(plan_.parents.size());
    for (std::size_t i = 0; i < plan_.rows.size(); ++i)
      if (!finished[i] && plan_.rows[i].parent != no_row)
        awaited[static_cast<std::size_t>(plan_.rows[i].parent)] = 1;
    for (std::size_t i = 0; i < plan_.rows.size(); ++i)
      rows_.push_back(sort_in(plan_.rows[i], false, !finished[i]));
    for (std::size_t p = 0; p < plan_.parents.size(); ++p)
      parent_rows_.push_back(sort_in(plan_.parents[p], true, awaited[p] != 0));
    time_each_kind();
    while (time_heaviest()) {
    }
    predict(known_seconds);
    return sums();
  }

 private:
  /// The index of the shape that the row has.
  std::uint32_t sort_in(const PlannedRow& planned, bool is_parent, bool is_open) {
    // Seeds stand next to each other in a plan.
    if (!shapes_.empty() && last_ < shapes_.size() && shapes_[last_].is_parent == is_parent &&
        same_but_seed(shapes_[last_].example.key, planned.key)) {
      ++shapes_[last_].rows, shapes_[last_].open += is_open;
      return static_cast<std::uint32_t>(last_);
    }
    const std::string name = cost_shape(planned.key, is_parent);
    const auto [place, is_new] = places_.emplace(name, shapes_.size());
    last_ = place->second;
    if (is_new) shapes_.push_back(shape_of(planned, is_parent, name));
    ++shapes_[last_].rows, shapes_[last_].open += is_open;
    return static_cast<std::uint32_t>(last_);
  }

  static bool same_but_seed(const RowKey& a, const RowKey& b) {
    return a.count == b.count && a.depth == b.depth && a.method == b.method && a.target == b.target &&
           a.variant == b.variant;
  }

  Shape shape_of(const PlannedRow& planned, bool is_parent, const std::string& name) const {
    Shape shape{planned, is_parent, name, {}, {}, {}, 0, 0, {}, false, false, 0, 0};
    shape.work = is_parent ? parent_work(context_, planned)
                           : training_work(context_, planned, parents_.contains(number_of(planned.key, 0)));
    const RowOptions options = options_of(context_.settings, planned.key);
    shape.step_kind = planned.key.method + " " + options.training.optimizer;
    shape.rest_kind = is_parent ? "parent" : planned.key.method;
    return shape;
  }

  void time(Shape& shape) {
    shape.is_timed = true;
    const TimedRow timed = timer_.time(shape.example, shape.is_parent);
    if (!(timed.rest > 0)) return;  // it could not be made: it is estimated as if it had not been tried
    shape.timed = timed;
    ++measured_;
    if (shape.work.steps > 0) steps_.learn(shape.step_kind, shape.work.of_a_step(), timed.step);
    rests_.learn(shape.rest_kind, shape.rest_size(), timed.rest);
    bytes_.learn(shape.rest_kind, shape.rest_size(), timed.bytes);
  }

  /// How much of a kind's own time lies beside training: what prunes by looking at units comes last, or nothing else
  /// would be timed.
  static int patience_for(const Shape& shape) {
    if (shape.is_parent) return 0;
    const sgd::PruneMethod* pruning = pruning_of(shape.example.key);
    if (!pruning) return 1;
    return pruning->chooses_count ? 3 : 2;
  }

  /// Of each kind the smallest, quick ones first.
  void time_each_kind() {
    std::map<std::string, std::size_t> smallest;
    std::vector<std::string> kinds;
    for (std::size_t s = 0; s < shapes_.size(); ++s) {
      const auto [place, is_new] = smallest.try_emplace(shapes_[s].rest_kind, s);
      if (is_new) kinds.push_back(shapes_[s].rest_kind);
      else if (shapes_[s].rest_size() < shapes_[place->second].rest_size()) place->second = s;
    }
    std::ranges::stable_sort(kinds, {},
                             [&](const std::string& kind) { return patience_for(shapes_[smallest[kind]]); });
    for (const std::string& kind : kinds)
      if (measured_ == 0 || timer_.left() > 0) time(shapes_[smallest[kind]]);
  }

  double predicted(const Shape& shape) const {
    return static_cast<double>(shape.work.steps) * steps_.at(shape.step_kind, shape.work.of_a_step()) +
           rests_.at(shape.rest_kind, shape.rest_size());
  }

  /// Times the shape that decides most and can be timed in what is left. False when there is none.
  bool time_heaviest() {
    const double left = timer_.left();
    if (left <= 0) return false;
    Shape* heaviest = nullptr;
    double most = 0;
    for (Shape& shape : shapes_) {
      if (shape.is_timed || rests_.at(shape.rest_kind, shape.rest_size()) > left) continue;
      const double weight = shape.rows * predicted(shape);
      if (weight > most) most = weight, heaviest = &shape;
    }
    if (heaviest) time(*heaviest);
    return heaviest != nullptr;
  }

  void predict(const std::map<std::string, double>& known_seconds) {
    double known = 0, expected = 0;
    for (Shape& shape : shapes_) {
      const bool timed = shape.timed.rest > 0;
      shape.seconds = timed ? static_cast<double>(shape.work.steps) * shape.timed.step + shape.timed.rest
                            : predicted(shape);
      shape.bytes = timed ? shape.timed.bytes : bytes_.at(shape.rest_kind, shape.rest_size());
      const auto found = known_seconds.find(shape.name);
      if (found == known_seconds.end()) continue;
      known += found->second, expected += shape.seconds;
      shape.is_known = true;
      shape.seconds = found->second;
    }
    constexpr double most = 5;  // what a few rows say about all others has its limits
    const double ratio = known > 0 && expected > 0 ? std::clamp(known / expected, 1 / most, most) : 1;
    for (Shape& shape : shapes_)
      if (!shape.is_known) shape.seconds *= ratio;
  }

  CostEstimate sums() const {
    CostEstimate estimate;
    estimate.shapes = shapes_.size();
    estimate.measured = measured_;
    for (const Shape& shape : shapes_) {
      estimate.seconds += shape.open * shape.seconds;
      estimate.bytes += shape.rows * shape.bytes;
    }
    for (const std::uint32_t shape : rows_) estimate.row_seconds.push_back(shapes_[shape].seconds);
    for (const std::uint32_t shape : parent_rows_) estimate.parent_seconds.push_back(shapes_[shape].seconds);
    return estimate;
  }

  const RowContext& context_;
  const RowPlan& plan_;
  const RowTimer& timer_;
  std::unordered_set<std::uint64_t> parents_;
  std::vector<Shape> shapes_;
  std::map<std::string, std::size_t> places_;
  std::size_t last_ = 0, measured_ = 0;
  std::vector<std::uint32_t> rows_, parent_rows_;
  CostModel steps_, rests_, bytes_;
};

}  // namespace

std::string cost_shape(const RowKey& key, bool is_parent) {
  return (is_parent ? "parent of " : "") + key.target + " " + name_of(without_seed(key));
}

CostEstimate estimate_cost(const RowContext& context, const RowPlan& plan,
                           const std::vector<std::uint8_t>& finished,
                           const std::map<std::string, double>& known_seconds, const RowTimer& timer) {
  return Estimator(context, plan, timer).estimate(finished, known_seconds);
}

}  // namespace skein::experiments

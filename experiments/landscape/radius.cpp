#include "experiments/landscape/radius.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/records/digest.hpp"
#include "experiments/runs/shared_work.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"
#include "lib/base/median.hpp"
#include "lib/base/random.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

double loss_of(const sgd::Mlp& mlp, const Picture& target) {
  const sgd::Problem problem = sgd::picture_problem(mlp.wiring, target);
  return Loss(Plan(problem.network, {.one_shot = true}), problem.samples, problem.target).value(mlp.weights);
}

Radius radius_of(const Centre& centre, const Picture& target, const RadiusSettings& settings,
                 std::vector<RadiusPoint> points) {
  Radius radius{centre.network,
                centre.where,
                std::ranges::count(centre.moved, 1),
                loss_of(centre.mlp, target),
                0,
                std::move(points),
                {}};
  radius.bar = radius.own_loss + settings.bar;
  std::vector<DoseGroup> groups;
  for (RadiusPoint& point : radius.points) {
    std::vector<double> before;
    for (const Return& copy : point.copies) {
      point.returned += !copy.diverged && copy.best_loss <= radius.bar ? 1 : 0;
      before.push_back(std::isnan(copy.disturbed_loss) ? std::numeric_limits<double>::infinity()
                                                       : copy.disturbed_loss);
    }
    point.share = wilson_share(point.returned, point.copies.size());
    point.disturbed_loss = median(before);
    groups.push_back({point.noise, point.returned, point.copies.size()});
  }
  radius.half_way = half_way(groups, settings.seed);
  return radius;
}

}  // namespace

void RadiusSettings::validate() const {
  constexpr double most = 100;
  if (copies < 1) throw ConfigError("copies is " + std::to_string(copies) + "; at least 1 is needed");
  for (std::size_t i = 0; i < noise.size(); ++i) {
    if (!(noise[i] > 0 && noise[i] <= most))
      throw ConfigError("noise is " + number_text(noise[i]) + "; it must be above 0 and at most 100");
    if (std::count(noise.begin(), noise.end(), noise[i]) > 1)
      throw ConfigError("noise " + number_text(noise[i]) + " is given twice");
  }
}

std::string content_of(const Centre& centre) {
  return centre.network + "-" + digest_of(sgd::encode_mlp(centre.mlp));
}

sgd::Mlp disturbed(const Centre& centre, double noise, std::uint64_t seed, int number) {
  sgd::Mlp copy;
  copy.wiring = centre.mlp.wiring;
  copy.weights = centre.mlp.weights;
  RandomStream random(seed,
                      "basin noise " + centre.network + "/" + centre.where + "/" + number_text(noise, 17),
                      static_cast<std::uint64_t>(number));
  for (std::size_t slot = 0; slot < copy.weights.size(); ++slot) {
    const double draw = random.normal();  // one for each weight, moved or not
    if (centre.moved[slot])
      copy.weights[slot] = static_cast<float>(static_cast<double>(copy.weights[slot]) * (1 + noise * draw));
  }
  return copy;
}

std::vector<Centre> centres_of(const std::string& network, const sgd::Mlp& mlp, bool layers,
                               const std::vector<int>& part_of_slot,
                               const std::vector<std::string>& part_names) {
  const std::size_t slots = mlp.weights.size();
  std::vector<Centre> centres{{network, "all", mlp, std::vector<std::uint8_t>(slots, 1)}};
  const auto add = [&](const std::string& where, const auto& belongs) {
    Centre centre{network, where, mlp, std::vector<std::uint8_t>(slots, 0)};
    for (std::size_t slot = 0; slot < slots; ++slot) centre.moved[slot] = belongs(slot) ? 1 : 0;
    if (std::ranges::count(centre.moved, 1) > 0) centres.push_back(std::move(centre));
  };
  if (layers) {
    const WeightLayout layout = sgd::lower(mlp.wiring).layout;
    for (std::size_t layer = 0; layer < mlp.wiring.masks.size(); ++layer)
      add("layer " + std::to_string(layer + 1),
          [&](std::size_t slot) { return layout.places[slot].layer == static_cast<std::int32_t>(layer); });
  }
  if (part_of_slot.size() == slots)
    for (std::size_t part = 0; part < part_names.size(); ++part)
      add("part " + part_names[part],
          [&](std::size_t slot) { return part_of_slot[slot] == static_cast<int>(part); });
  return centres;
}

std::optional<std::vector<Radius>> run_radius(const std::vector<Centre>& centres, const Picture& target,
                                              const RadiusSettings& settings, CopyBook& book,
                                              const ProgressListener& listener) {
  settings.validate();
  std::vector<std::string> contents;
  for (const Centre& centre : centres) contents.push_back(content_of(centre));
  struct Piece {
    std::size_t centre, point;
    int number;
  };
  std::vector<std::vector<RadiusPoint>> points(centres.size());
  std::vector<Piece> missing;
  for (std::size_t c = 0; c < centres.size(); ++c)
    for (const double noise : settings.noise) {
      RadiusPoint point;
      point.noise = noise;
      for (int number = 0; number < settings.copies; ++number) {
        const auto known = book.known.find({contents[c], centres[c].where, noise, number});
        point.copies.push_back(known == book.known.end() ? Return{} : known->second);
        if (known == book.known.end()) missing.push_back({c, points[c].size(), number});
      }
      points[c].push_back(std::move(point));
    }
  const auto total = static_cast<std::int64_t>(centres.size() * settings.noise.size()) * settings.copies;
  SharedWork work("copies", total, total - static_cast<std::int64_t>(missing.size()), listener);
  const bool ended = work.each(
      missing.size(),
      [&](std::size_t m) {
        const Piece& piece = missing[m];
        const double noise = settings.noise[piece.point];
        return fit(disturbed(centres[piece.centre], noise, settings.seed, piece.number), target, settings.fit,
                   [&] { return work.go_on(); });
      },
      [&](std::size_t m, const Fit& fitted) {
        const Piece& piece = missing[m];
        RadiusPoint& point = points[piece.centre][piece.point];
        Return& copy = point.copies[static_cast<std::size_t>(piece.number)];
        copy = {fitted.first_loss, fitted.best_loss, fitted.diverged, fitted.seconds};
        if (book.keep)
          book.keep({contents[piece.centre], centres[piece.centre].where, point.noise, piece.number}, copy);
      });
  if (!ended) return std::nullopt;
  std::vector<Radius> result;
  for (std::size_t c = 0; c < centres.size(); ++c)
    result.push_back(radius_of(centres[c], target, settings, std::move(points[c])));
  return result;
}

}  // namespace skein::experiments

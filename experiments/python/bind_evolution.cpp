// Evolution by ask and tell: Population, Evolution and MapElites of the module.
#include <pybind11/stl.h>

#include <limits>
#include <mutex>
#include <optional>
#include <tuple>

#include "experiments/python/arrays.hpp"
#include "experiments/python/held_net.hpp"
#include "experiments/python/population.hpp"
#include "lib/base/error.hpp"
#include "neat/search/evolution.hpp"
#include "neat/search/map_elites.hpp"

namespace skein::python {
namespace {

namespace py = pybind11;
using neat::Organism;

/// One number a genome. Throws ConfigError for another number of them.
std::vector<double> one_each(const py::object& numbers, std::size_t count, const std::string& name) {
  const auto array = doubles_of(numbers, 1, name);
  if (static_cast<std::size_t>(array.size()) != count)
    throw ConfigError(std::to_string(array.size()) + " numbers of " + name + " for " + std::to_string(count) +
                      " genomes");
  return {array.data(), array.data() + array.size()};
}

py::dict to_dict(const neat::GenerationStatistics& now) {
  py::dict dict;
  dict["generation"] = now.generation;
  dict["evaluations"] = now.evaluations;
  dict["best_fitness"] = now.best_fitness;
  dict["top_fitness"] = now.top_fitness;
  dict["mean_fitness"] = now.mean_fitness;
  dict["median_fitness"] = now.median_fitness;
  dict["species"] = now.species;
  dict["threshold"] = now.threshold;
  dict["mean_hidden"] = now.mean_hidden;
  dict["mean_links"] = now.mean_links;
  return dict;
}

/// What `work` gives while it alone has the mutex, which is waited for without the interpreter's lock.
template <class Work>
auto alone(std::mutex& mutex, const Work& work) {
  const py::gil_scoped_release unlocked;
  const std::scoped_lock lock(mutex);
  return work();
}

/// Threads of Python may share one: whatever looks at its state does so alone.
class EvolutionRun {
 public:
  EvolutionRun(Beginning beginning, std::uint64_t seed)
      : settings_(beginning.settings),
        seed_(seed),
        evolution_(neat::begin(settings_, beginning.start, beginning.random_weights, seed)) {}

  std::shared_ptr<Population> ask() {
    return alone(mutex_, [&] {
      if (told_) neat::reproduce(evolution_, settings_, seed_);
      told_ = false;
      return std::make_shared<Population>(evolution_.population);
    });
  }

  py::dict tell(const py::object& fitness, const py::object& solved) {
    const auto told_already = [] {
      return ConfigError("this generation has been told already; ask() makes the next");
    };
    const auto [told, generation, count] =
        alone(mutex_, [&] { return std::tuple(told_, evolution_.generation, evolution_.population.size()); });
    if (told) throw told_already();
    const auto fits = one_each(fitness, count, "fitness");
    std::vector<double> solutions(count, 0);
    if (!solved.is_none()) solutions = one_each(solved, count, "solved");
    std::vector<neat::Evaluation> evaluations;
    for (std::size_t g = 0; g < count; ++g)
      evaluations.push_back({.fitness = fits[g], .solved = solutions[g] != 0});
    return to_dict(alone(mutex_, [&, before = generation] {
      if (told_ || evolution_.generation != before) throw told_already();
      auto now = neat::tell(evolution_, settings_, std::move(evaluations));
      told_ = true;
      return now;
    }));
  }

  std::uint64_t generation() const {
    return alone(mutex_, [&] { return static_cast<std::uint64_t>(evolution_.generation); });
  }
  std::uint64_t evaluations() const {
    return alone(mutex_, [&] { return static_cast<std::uint64_t>(evolution_.evaluations); });
  }
  std::optional<Organism> best() const {
    return alone(mutex_, [&] { return evolution_.best; });
  }
  std::optional<Organism> solution() const {
    return alone(mutex_, [&] { return evolution_.solution; });
  }

 private:
  mutable std::mutex mutex_;
  neat::Settings settings_;
  std::uint64_t seed_;
  neat::Evolution evolution_;
  bool told_ = false;
};

py::object best_of(const std::optional<Organism>& organism) {
  if (!organism) return py::none();
  return py::cast(net_of_genome(organism->genome, "birth " + std::to_string(organism->birth)));
}

/// As EvolutionRun, with the elites of a map. It ends when the caller does.
class MapRun {
 public:
  MapRun(Beginning beginning, const py::list& axes, int batch, int first, std::uint64_t seed)
      : start_(std::move(beginning.start)), random_weights_(beginning.random_weights), seed_(seed) {
    settings_.variation = beginning.settings;
    settings_.batch = batch;
    settings_.first = first;
    settings_.evaluations = std::numeric_limits<std::uint64_t>::max();
    for (const auto& axis : axes) try {
        const auto tuple = axis.cast<std::tuple<std::string, double, double, int>>();
        settings_.axes.push_back({std::get<0>(tuple), settings_.axes.size(), std::get<1>(tuple),
                                  std::get<2>(tuple), std::get<3>(tuple)});
      } catch (const py::cast_error&) {
        throw ConfigError("an axis is (name, low, high, bins)");
      }
    neat::validate(settings_);
  }

  std::shared_ptr<Population> ask() {
    return alone(mutex_, [&] {
      if (!asked_)
        asked_ = std::make_shared<Population>(neat::ask(map_, settings_, start_, random_weights_, seed_));
      return asked_;
    });
  }

  py::dict tell(const py::object& quality, const py::object& descriptors) {
    const auto asked = alone(mutex_, [&] { return asked_; });
    if (!asked) throw ConfigError("nothing was asked");
    const std::size_t count = asked->organisms().size(), axes = settings_.axes.size();
    const auto qualities = one_each(quality, count, "quality");
    const auto points = doubles_of(descriptors, 2, "the descriptors");
    if (static_cast<std::size_t>(points.shape(0)) != count ||
        static_cast<std::size_t>(points.shape(1)) != axes)
      throw ConfigError("the descriptors have the shape (" + std::to_string(points.shape(0)) + ", " +
                        std::to_string(points.shape(1)) + "); it must be (" + std::to_string(count) + ", " +
                        std::to_string(axes) + ")");
    std::vector<neat::Evaluation> evaluations;
    for (std::size_t g = 0; g < count; ++g)
      evaluations.push_back(
          {.fitness = qualities[g], .behaviour = {points.data() + g * axes, points.data() + (g + 1) * axes}});
    const neat::MapStatistics now = alone(mutex_, [&] {
      if (asked_ != asked) throw ConfigError("this batch has been told already");
      neat::tell(map_, settings_, asked->organisms(), std::move(evaluations));
      asked_.reset();
      return map_.history.back();
    });
    py::dict dict;
    dict["evaluations"] = now.evaluations;
    dict["filled"] = now.filled;
    dict["cells"] = neat::cell_count(settings_.axes);
    dict["quality"] = now.quality;
    dict["best"] = now.best;
    return dict;
  }

  /// (bins, quality, descriptors, net) of each filled cell, by cell.
  py::list elites() const {
    py::list list;
    for (const auto& [cell, elite] : alone(mutex_, [&] { return map_.elites; }))
      list.append(py::make_tuple(
          neat::bins_of(settings_.axes, cell), elite.organism.fitness,
          std::vector<double>(elite.behaviour.begin(), elite.behaviour.end()),
          net_of_genome(elite.organism.genome, "birth " + std::to_string(elite.organism.birth))));
    return list;
  }

 private:
  mutable std::mutex mutex_;
  neat::MapElites map_;
  neat::MapElitesSettings settings_;
  neat::Genome start_;
  bool random_weights_;
  std::uint64_t seed_;
  std::shared_ptr<Population> asked_;
};

}  // namespace

void bind_evolution(py::module_& module) {
  py::class_<Population, std::shared_ptr<Population>>(
      module, "Population", "Genomes that wait to be judged. len(), indexing (a Net each), and all at once:")
      .def("__len__", [](const Population& population) { return population.organisms().size(); })
      .def("__getitem__", &Population::at, py::arg("index"))
      .def("outputs", &Population::outputs, py::arg("inputs"),
           "float64 (genomes, samples, outputs) at `inputs` of shape (samples, inputs), as the program's "
           "tasks compute\n"
           "them.")
      .def("render", &Population::render, py::arg("size") = 64,
           "Their pictures, float32 (genomes, size, size, 3), red, green, blue from 0 to 1.");
  py::class_<Beginning>(module, "Beginning")
      .def(py::init(&beginning_of), py::arg("start"), py::arg("task"), py::arg("preset"), py::arg("inputs"),
           py::arg("outputs"), py::arg("output_activation"), py::arg("settings"));
  py::class_<EvolutionRun>(module, "Evolution")
      .def(py::init<Beginning, std::uint64_t>(), py::arg("beginning"), py::arg("seed"))
      .def("ask", &EvolutionRun::ask)
      .def("tell", &EvolutionRun::tell, py::arg("fitness"), py::arg("solved") = py::none())
      .def_property_readonly("generation", &EvolutionRun::generation)
      .def_property_readonly("evaluations", &EvolutionRun::evaluations)
      .def_property_readonly("best", [](const EvolutionRun& run) { return best_of(run.best()); })
      .def_property_readonly("solution", [](const EvolutionRun& run) { return best_of(run.solution()); });
  py::class_<MapRun>(module, "MapElites")
      .def(py::init<Beginning, py::list, int, int, std::uint64_t>(), py::arg("beginning"), py::arg("axes"),
           py::arg("batch"), py::arg("first"), py::arg("seed"))
      .def("ask", &MapRun::ask)
      .def("tell", &MapRun::tell, py::arg("quality"), py::arg("descriptors"))
      .def("elites", &MapRun::elites);
}

}  // namespace skein::python

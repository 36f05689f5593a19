#include "experiments/python/population.hpp"

#include <algorithm>
#include <map>

#include "experiments/python/arrays.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"
#include "lib/engine/population.hpp"
#include "neat/genome/small_network.hpp"
#include "neat/operators/start.hpp"
#include "neat/search/task.hpp"

namespace skein::python {

namespace py = pybind11;
using neat::Organism;

namespace {

Activation named_activation(const std::string& name) {
  if (const auto activation = parse_activation(name)) return *activation;
  throw ConfigError("there is no activation '" + name + "'");
}

/// The settings of variation and selection that Python may set, by name.
void apply(neat::Settings& s, const py::dict& changes) {
  const std::map<std::string, double*> numbers{{"initial_weights", &s.initial_weights},
                                               {"mutate_weights", &s.mutation.weights},
                                               {"add_link", &s.mutation.add_link},
                                               {"add_node", &s.mutation.add_node},
                                               {"enable", &s.mutation.enable},
                                               {"disable", &s.mutation.disable},
                                               {"change_activation", &s.mutation.activation},
                                               {"perturb", &s.mutation.weight.perturb},
                                               {"replace", &s.mutation.weight.replace},
                                               {"weight_power", &s.mutation.weight.power},
                                               {"weight_fresh", &s.mutation.weight.fresh},
                                               {"weight_limit", &s.mutation.weight.limit},
                                               {"crossover", &s.crossover.rate},
                                               {"averaging", &s.crossover.averaging},
                                               {"threshold", &s.speciation.threshold},
                                               {"survival", &s.selection.survival}};
  const std::map<std::string, int*> counts{{"population", &s.population},
                                           {"wished_species", &s.speciation.control.species},
                                           {"stagnation", &s.selection.stagnation}};
  for (const auto& [key, value] : changes) {
    const auto name = key.cast<std::string>();
    try {
      if (const auto number = numbers.find(name); number != numbers.end())
        *number->second = value.cast<double>();
      else if (const auto count = counts.find(name); count != counts.end())
        *count->second = value.cast<int>();
      else if (name == "activations") {
        s.mutation.hidden.clear();
        for (const auto& one : value.cast<std::vector<std::string>>())
          s.mutation.hidden.push_back({named_activation(one), 1});
      } else {
        std::string known = "activations";
        for (const auto& [each, where] : counts) known += ", " + each;
        for (const auto& [each, where] : numbers) known += ", " + each;
        throw ConfigError("there is no setting '" + name + "'; there are " + known);
      }
    } catch (const py::cast_error&) {
      throw ConfigError(name + " is no value of that setting's kind");
    }
  }
  neat::validate(s);
}

}  // namespace

NetPointer net_of_genome(neat::Genome genome, std::string title) {
  neat::AnnotatedGenome annotated{std::move(genome), {}};
  annotated.notes.name = title;
  return held(
      experiments::net_of(std::move(annotated), std::move(title), experiments::NetSource::genome_file));
}

NetPointer Population::at(py::ssize_t index) const {
  const auto count = static_cast<py::ssize_t>(organisms_.size());
  if (index < -count || index >= count)
    throw py::index_error("there are " + std::to_string(count) + " genomes");
  const Organism& organism = organisms_[static_cast<std::size_t>(index < 0 ? index + count : index)];
  return net_of_genome(organism.genome, "birth " + std::to_string(organism.birth));
}

py::array_t<double> Population::outputs(const py::object& inputs) const {
  const auto table = doubles_of(inputs, 2, "the inputs");
  const auto count = static_cast<std::size_t>(table.shape(0)),
             width = static_cast<std::size_t>(table.shape(1));
  if (organisms_.empty()) throw ConfigError("the population is empty: it has no outputs");
  const Signature& signature = organisms_.front().genome.signature;
  if (width != signature.inputs.size())
    throw ConfigError("the inputs have " + std::to_string(width) + " columns; these genomes read " +
                      std::to_string(signature.inputs.size()));
  const std::size_t out = signature.outputs.size();
  std::vector<double> values(organisms_.size() * count * out);
  const double* const samples = table.data();
  {
    const py::gil_scoped_release unlocked;
    parallel_for(organisms_.size(), [&](std::size_t g) {
      neat::SmallNetwork network(organisms_[g].genome);
      for (std::size_t s = 0; s < count; ++s)
        std::ranges::copy(network({samples + s * width, width}),
                          values.begin() + static_cast<std::ptrdiff_t>((g * count + s) * out));
    });
  }
  return owned(std::move(values), {static_cast<py::ssize_t>(organisms_.size()),
                                   static_cast<py::ssize_t>(count), static_cast<py::ssize_t>(out)});
}

py::array_t<float> Population::render(int size) const {
  const Grid grid{size, size};
  validate(grid);
  const std::size_t one = 3 * grid.pixels();
  std::vector<float> values(organisms_.size() * one);
  {
    const py::gil_scoped_release unlocked;
    std::vector<neat::Phenotype> phenotypes(organisms_.size());
    parallel_for(organisms_.size(),
                 [&](std::size_t g) { phenotypes[g] = neat::express(organisms_[g].genome); });
    std::vector<PopulationMember> members;
    for (const auto& phenotype : phenotypes) members.push_back({&phenotype.network, phenotype.weights});
    draw_population(members, grid, [&](std::size_t g, Picture&& picture) {
      for (std::size_t p = 0; p < picture.pixels(); ++p)
        for (std::size_t c = 0; c < 3; ++c)
          values[g * one + 3 * p + c] = picture.rgb[c * picture.pixels() + p];
    });
  }
  return owned(std::move(values), {static_cast<py::ssize_t>(organisms_.size()), size, size, 3});
}

Beginning beginning_of(const NetPointer& start, const std::string& task, const std::string& preset,
                       const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                       const std::string& output_activation, const py::dict& changes) {
  Beginning begin;
  begin.settings = neat::preset(preset);
  if (!task.empty()) {
    const neat::Task known = neat::task(task);
    begin.start = known.start;
    begin.settings = neat::task_settings(known);
  } else if (start) {
    if (!start->net().genome)
      throw ConfigError(start->net().title + ": is an MLP; lift() makes a genome of it");
    begin.start = neat::as_start(start->net().genome->genome);
    begin.random_weights = false;
  } else {
    const Signature signature =
        inputs.empty() && outputs.empty() ? picture_signature() : Signature{inputs, outputs};
    begin.start = neat::minimal_genome(signature, named_activation(output_activation));
  }
  apply(begin.settings, changes);
  return begin;
}

}  // namespace skein::python

#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <string>
#include <vector>

#include "experiments/python/held_net.hpp"
#include "neat/search/species.hpp"

namespace skein::python {

NetPointer net_of_genome(neat::Genome genome, std::string title);

/// Genomes that wait to be judged.
class Population {
 public:
  explicit Population(std::vector<neat::Organism> organisms) : organisms_(std::move(organisms)) {}

  const std::vector<neat::Organism>& organisms() const { return organisms_; }
  /// Negative indices count from the end. Throws IndexError.
  NetPointer at(pybind11::ssize_t index) const;
  /// (genomes, samples, outputs), each as SmallNetwork computes it; `inputs` has the shape (samples, inputs).
  pybind11::array_t<double> outputs(const pybind11::object& inputs) const;
  /// (genomes, rows, columns, 3).
  pybind11::array_t<float> render(int size) const;

 private:
  std::vector<neat::Organism> organisms_;
};

/// What a search begins with: a task's own start, a network, or every input linked to every output.
struct Beginning {
  neat::Genome start;
  neat::Settings settings;
  bool random_weights = true;
};

/// `changes`: settings by name. Throws ConfigError for a name or value that cannot be.
Beginning beginning_of(const NetPointer& start, const std::string& task, const std::string& preset,
                       const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                       const std::string& output_activation, const pybind11::dict& changes);

}  // namespace skein::python

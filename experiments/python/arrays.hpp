#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "lib/files/npy.hpp"
#include "lib/network/samples.hpp"
#include "lib/picture/picture.hpp"

namespace skein::python {

/// An array that owns the vector's memory, which is not copied.
template <class T>
pybind11::array_t<T> owned(std::vector<T> values, std::vector<pybind11::ssize_t> shape) {
  auto held = std::make_unique<std::vector<T>>(std::move(values));
  const pybind11::capsule owner(held.get(),
                                [](void* vector) { delete static_cast<std::vector<T>*>(vector); });
  return pybind11::array_t<T>(std::move(shape), held.release()->data(), owner);
}

/// (rows, columns, 3), float32, of a picture's planes.
pybind11::array_t<float> array_of(const Picture& picture);

/// A picture from an array of shape (rows, columns, 3): uint8, or any floating type with values 0 to 1. Throws
/// ConfigError saying what was found otherwise.
Picture picture_of(const pybind11::object& array);

/// Numbers of any whole, truth or floating type as float32, in C order, with exactly `dimensions` axes. Throws ConfigError, calling
/// the array `name`: another type, another number of axes, a value that is not finite.
pybind11::array_t<float> numbers_of(const pybind11::object& object, int dimensions, const std::string& name);

/// The same in double precision.
pybind11::array_t<double> doubles_of(const pybind11::object& object, int dimensions, const std::string& name);

/// Samples from an array of shape (samples, inputs).
SampleTable table_of(const pybind11::object& array, const std::string& name);

/// layer_NN (and mask_NN) of a sequence of arrays, each (in, out).
void add_arrays(ArrayMap& arrays, const pybind11::object& sequence, const char* stem);

pybind11::object to_python(const nlohmann::ordered_json& json);

}  // namespace skein::python

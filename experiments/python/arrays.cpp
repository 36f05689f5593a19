#include "experiments/python/arrays.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "lib/base/error.hpp"
#include "lib/picture/image.hpp"

namespace skein::python {
namespace {

namespace py = pybind11;

std::string shape_text(const py::array& array) {
  std::string text;
  for (py::ssize_t axis = 0; axis < array.ndim(); ++axis)
    text += (axis > 0 ? ", " : "") + std::to_string(array.shape(axis));
  return "(" + text + ")";
}

std::string type_text(const py::array& array) { return py::str(array.dtype()).cast<std::string>(); }

py::array any_array(const py::object& object, const std::string& name) {
  auto array = py::array::ensure(object);
  if (!array) {
    PyErr_Clear();
    throw ConfigError(name + " is no array");
  }
  return array;
}

/// An array of numbers as T. What would be silently lost (an imaginary part, a text) is refused.
template <class T>
py::array_t<T> converted(const py::object& object, int dimensions, const std::string& name) {
  const py::array array = any_array(object, name);
  if (std::string("fiub").find(array.dtype().kind()) == std::string::npos)
    throw ConfigError(name + " has the type " + type_text(array) + "; it must be of numbers");
  if (array.ndim() != dimensions)
    throw ConfigError(name + " has the shape " + shape_text(array) + "; it must have " +
                      std::to_string(dimensions) + (dimensions == 1 ? " axis" : " axes"));
  auto result = py::array_t<T, py::array::c_style | py::array::forcecast>::ensure(array);
  if (!result) throw py::error_already_set();
  if (!std::all_of(result.data(), result.data() + result.size(),
                   [](T value) { return std::isfinite(value); }))
    throw ConfigError(name + " has a value that is not finite");
  return result;
}

}  // namespace

py::array_t<float> array_of(const Picture& picture) {
  const std::size_t pixels = picture.pixels();
  std::vector<float> values(3 * pixels);
  for (std::size_t p = 0; p < pixels; ++p)
    for (std::size_t c = 0; c < 3; ++c) values[3 * p + c] = picture.rgb[c * pixels + p];
  return owned(std::move(values), {picture.height, picture.width, 3});
}

Picture picture_of(const py::object& object) {
  const py::array array = any_array(object, "the picture");
  const char kind = array.dtype().kind();
  const bool bytes = kind == 'u' && array.itemsize() == 1;
  if (!bytes && kind != 'f')
    throw ConfigError("the picture has the type " + type_text(array) +
                      "; it must be uint8 (0 to 255) or floating (0 to 1)");
  if (array.ndim() != 3 || array.shape(2) != 3 || array.shape(0) < 1 || array.shape(1) < 1 ||
      array.shape(0) > largest_image_side || array.shape(1) > largest_image_side)
    throw ConfigError("the picture has the shape " + shape_text(array) + "; it must be (rows, columns, 3)");
  const auto values = converted<float>(array, 3, "the picture");
  const float most = bytes ? 255.0f : 1.0f;
  Picture picture(static_cast<int>(array.shape(1)), static_cast<int>(array.shape(0)));
  const std::size_t pixels = picture.pixels();
  for (std::size_t p = 0; p < pixels; ++p)
    for (std::size_t c = 0; c < 3; ++c) {
      const float value = values.data()[3 * p + c];
      if (value < 0 || value > most)
        throw ConfigError("the picture has the value " + std::to_string(value) +
                          "; floating pictures go from 0 to 1");
      picture.rgb[c * pixels + p] = bytes ? value / 255.0f : value;
    }
  return picture;
}

py::array_t<float> numbers_of(const py::object& object, int dimensions, const std::string& name) {
  return converted<float>(object, dimensions, name);
}

py::array_t<double> doubles_of(const py::object& object, int dimensions, const std::string& name) {
  return converted<double>(object, dimensions, name);
}

SampleTable table_of(const py::object& object, const std::string& name) {
  const auto array = numbers_of(object, 2, name);
  SampleTable table{static_cast<int>(array.shape(1)), static_cast<std::size_t>(array.shape(0)), {}};
  table.values.resize(static_cast<std::size_t>(array.size()));
  for (std::size_t s = 0; s < table.count; ++s)
    for (std::size_t i = 0; i < static_cast<std::size_t>(table.inputs); ++i)
      table.values[i * table.count + s] = array.data()[s * static_cast<std::size_t>(table.inputs) + i];
  return table;
}

void add_arrays(ArrayMap& arrays, const py::object& sequence, const char* stem) {
  if (!py::isinstance<py::sequence>(sequence))
    throw ConfigError(std::string(stem) + "arrays must come as a list of arrays, one a layer");
  std::size_t layer = 0;
  for (const py::handle item : sequence) {
    char name[32];
    std::snprintf(name, sizeof name, "%s%02zu", stem, layer++);
    const auto values = numbers_of(py::reinterpret_borrow<py::object>(item), 2, name);
    arrays[name] = {{static_cast<std::size_t>(values.shape(0)), static_cast<std::size_t>(values.shape(1))},
                    std::vector<float>(values.data(), values.data() + values.size())};
  }
}

py::object to_python(const nlohmann::ordered_json& json) {
  if (json.is_object()) {
    py::dict dict;
    for (const auto& [key, value] : json.items()) dict[py::str(key)] = to_python(value);
    return dict;
  }
  if (json.is_array()) {
    py::list list;
    for (const auto& value : json) list.append(to_python(value));
    return list;
  }
  if (json.is_string()) return py::str(json.get<std::string>());
  if (json.is_boolean()) return py::bool_(json.get<bool>());
  if (json.is_number_unsigned()) return py::int_(json.get<std::uint64_t>());
  if (json.is_number_integer()) return py::int_(json.get<std::int64_t>());
  if (json.is_number()) return py::float_(json.get<double>());
  return py::none();
}

}  // namespace skein::python

// The extension of the Python package `skein`: what is bound, and which exceptions come out.
#include <pybind11/pybind11.h>

#include "experiments/python/held_net.hpp"
#include "experiments/runs/session.hpp"
#include "lib/base/error.hpp"

namespace {

namespace py = pybind11;

/// skein's errors as Python exceptions, made once.
struct Exceptions {
  py::object error, config, format, numeric, interrupted;
};

Exceptions& exceptions() {
  // Lives as long as the interpreter: translators may run until its end.
  static auto* all = new Exceptions;
  return *all;
}

py::object make(const char* name, const char* says, const py::object& bases) {
  return py::reinterpret_steal<py::object>(
      PyErr_NewExceptionWithDoc((std::string("skein.") + name).c_str(), says, bases.ptr(), nullptr));
}

void translate(std::exception_ptr thrown) {
  const Exceptions& all = exceptions();
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const skein::experiments::Interrupted& e) {
    PyErr_SetString(all.interrupted.ptr(), e.what());
  } catch (const skein::ConfigError& e) {
    PyErr_SetString(all.config.ptr(), e.what());
  } catch (const skein::FormatError& e) {
    PyErr_SetString(all.format.ptr(), e.what());
  } catch (const skein::NumericError& e) {
    PyErr_SetString(all.numeric.ptr(), e.what());
  } catch (const skein::Error& e) {
    PyErr_SetString(all.error.ptr(), e.what());
  }
}

void bind_exceptions(py::module_& module) {
  const auto builtin = [](PyObject* type) { return py::reinterpret_borrow<py::object>(type); };
  Exceptions& all = exceptions();
  all.error = make("Error", "Whatever skein refuses or cannot do, in one line.", builtin(PyExc_RuntimeError));
  const auto kind_of_error = [&](PyObject* also) { return py::make_tuple(all.error, builtin(also)); };
  all.config =
      make("ConfigError", "A setting or an argument that cannot be.", kind_of_error(PyExc_ValueError));
  all.format = make("FormatError", "A file that cannot be read or written.", kind_of_error(PyExc_ValueError));
  all.numeric =
      make("NumericError", "Arithmetic that left the finite numbers.", kind_of_error(PyExc_ArithmeticError));
  all.interrupted = make("Interrupted", "Work that on_step stopped by returning False.", all.error);
  module.attr("Error") = all.error;
  module.attr("ConfigError") = all.config;
  module.attr("FormatError") = all.format;
  module.attr("NumericError") = all.numeric;
  module.attr("Interrupted") = all.interrupted;
  py::register_exception_translator(&translate);
}

}  // namespace

PYBIND11_MODULE(_skein, module) {
  bind_exceptions(module);
  skein::python::bind_networks(module);
  skein::python::bind_training(module);
  skein::python::bind_evolution(module);
}

#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "experiments/nets/net.hpp"

namespace skein::python {

/// A network as Python holds it: never changed once made, so that threads may share it. What is worked out from it is
/// worked out once.
class HeldNet {
 public:
  /// `argument`: what names the same network on a command line; empty when nothing does.
  explicit HeldNet(experiments::Net net, std::string argument = {});

  const experiments::Net& net() const { return net_; }
  const std::string& argument() const { return argument_; }
  /// As layers: itself, or its genome layerised.
  const sgd::Mlp& mlp() const;
  const Plan& plan() const;

 private:
  experiments::Net net_;
  std::string argument_;
  mutable std::once_flag layered_once_, planned_once_;
  mutable std::optional<sgd::Mlp> layered_;
  mutable std::optional<Plan> plan_;
};

using NetPointer = std::shared_ptr<HeldNet>;

NetPointer held(experiments::Net net, std::string argument = {});
/// Of a layered MLP, under a title.
NetPointer held(sgd::Mlp mlp, std::string title);

void bind_networks(pybind11::module_& module);
void bind_training(pybind11::module_& module);
void bind_evolution(pybind11::module_& module);

}  // namespace skein::python

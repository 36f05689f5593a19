#include "experiments/python/held_net.hpp"

#include <utility>

namespace skein::python {

HeldNet::HeldNet(experiments::Net net, std::string argument)
    : net_(std::move(net)), argument_(std::move(argument)) {}

const sgd::Mlp& HeldNet::mlp() const {
  if (net_.mlp) return *net_.mlp;
  std::call_once(layered_once_, [this] { layered_ = experiments::as_mlp(net_); });
  return *layered_;
}

const Plan& HeldNet::plan() const {
  std::call_once(planned_once_, [this] { plan_.emplace(net_.network); });
  return *plan_;
}

NetPointer held(experiments::Net net, std::string argument) {
  return std::make_shared<HeldNet>(std::move(net), std::move(argument));
}

NetPointer held(sgd::Mlp mlp, std::string title) {
  return held(experiments::net_of(std::move(mlp), std::move(title), experiments::NetSource::mlp_file));
}

}  // namespace skein::python

#include "experiments/nets/net_subject.hpp"

#include <utility>

namespace skein::experiments {

Subject subject_of(const Net& net) {
  if (net.genome) return subject_of(net.genome->genome);
  if (net.mlp) return subject_of(*net.mlp);
  Subject subject = subject_of(net.network, net.weights);
  subject.movable[sgd::carrying_slot(net.network.signature())] = 0;
  return subject;
}

}  // namespace skein::experiments

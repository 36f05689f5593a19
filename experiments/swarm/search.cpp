#include "experiments/swarm/search.hpp"

#include <cmath>
#include <stdexcept>

namespace skein::experiments {

std::vector<double> ranked(std::vector<double> utilities, std::size_t points) {
  if (utilities.size() != points)
    throw std::logic_error("a search got another number of utilities than points");
  for (double& utility : utilities)
    if (std::isnan(utility)) utility = -std::numeric_limits<double>::infinity();
  return utilities;
}

}  // namespace skein::experiments

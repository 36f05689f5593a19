#pragma once

#include "neat/genome.hpp"

namespace skein::experiments {

/// Pictures written by hand as CPPNs, so that it is known which links serve which factor: each factor has its
/// own sub-network from the inputs to the outputs, and every link carries the factor's name as its label.
neat::AnnotatedGenome face();
neat::AnnotatedGenome flower();
neat::AnnotatedGenome sunset();

}  // namespace skein::experiments

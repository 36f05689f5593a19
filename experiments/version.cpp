#include "experiments/version.hpp"

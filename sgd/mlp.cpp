#include "sgd/mlp.hpp"

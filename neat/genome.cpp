#include "neat/genome.hpp"

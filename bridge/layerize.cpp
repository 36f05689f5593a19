#include "bridge/layerize.hpp"

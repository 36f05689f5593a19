#pragma once

#include <string>
#include <vector>

#include "experiments/drawing/drawing.hpp"

namespace skein::experiments {

struct SheetEntry {
  Image picture;
  std::string caption;  ///< one line below the picture; may be empty
};

struct SheetOptions {
  std::string title = {};
  int columns = 0;        ///< 0: about as wide as 3:2
  int cell = 128;         ///< side in pixels that a picture's longer side takes
  void validate() const;  ///< throws ConfigError
};

/// Pictures side by side in reading order, each with its caption. Works for one picture and for none.
Drawing contact_sheet(const std::vector<SheetEntry>& entries, const SheetOptions& options = {});

}  // namespace skein::experiments

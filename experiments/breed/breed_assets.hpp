#pragma once

#include <span>
#include <string_view>

namespace skein::experiments {

struct PageAsset {
  std::string_view name;  ///< "page.html", "app.js"
  std::string_view text;
};

/// The files of experiments/breed/page and experiments/page, put into the program when it is built.
std::span<const PageAsset> breed_assets();

}  // namespace skein::experiments

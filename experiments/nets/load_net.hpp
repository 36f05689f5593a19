#pragma once

#include <filesystem>
#include <string>

#include "experiments/nets/net.hpp"

namespace skein::experiments {

/// Reads a NET argument: a Picbreeder .zip or .xml (FILE#3 for the third of a saved set), a genome or MLP file, a
/// recursion, a checkpoint, "@name" for a built-in target, a folder with arch.txt and layer_NN.npy, a finished run (its
/// network), SESSION#GENERATION.PICTURE of a breeding session. Throws FormatError when there is no such file or it is
/// damaged or of an unknown kind; ConfigError for an unknown built-in and for a number beyond the set.
Net load_net(const std::string& argument);

/// As `load_net`, and throws ConfigError unless the network draws.
Net load_drawing_net(const std::string& argument);

/// Whether there is such a file or folder. Throws FormatError with the cause when that cannot be found out: a folder on
/// the way that may not be entered, a name that is too long, links that go round.
bool is_there(const std::filesystem::path& path);

/// The file's name without extension; "skull" for skull/genome.zip, where the folder says more.
std::string title_of(const std::filesystem::path& path);

}  // namespace skein::experiments

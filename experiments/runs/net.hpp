#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lib/engine/engine.hpp"
#include "neat/genome/genome.hpp"
#include "sgd/mlp/mlp.hpp"
#include "sgd/recursion/recursion.hpp"

namespace skein::experiments {

/// Where a network came from, recognised by what its file holds.
enum class NetSource {
  picbreeder,
  genome_file,
  mlp_file,
  checkpoint,
  npy_folder,
  run,
  built_in,
  breeding,
  recursion_file
};

std::string_view name(NetSource source);

/// Any network a user can name, lowered to what the engine draws, with what it was before: a genome, a layered MLP or
/// a recursion (exactly one of the three is there).
struct Net {
  std::string title;  ///< for people: "skull", "@face"
  NetSource source = NetSource::genome_file;
  Network network;
  Weights weights;  ///< one per slot of `network`
  std::optional<neat::AnnotatedGenome> genome;
  std::optional<sgd::Mlp> mlp;
  std::optional<sgd::RecursiveNet>
      recursion;                      ///< its weights are shared between rounds; `network` is at one number
  std::vector<std::string> warnings;  ///< oddities met and mended while reading

  const char* kind() const { return genome ? "genome" : mlp ? "mlp" : "recursion"; }
  /// Whether it reads a picture's inputs and gives hue, saturation and brightness.
  bool draws() const;
};

/// Lowers a genome or an MLP. Throws as `neat::express` and `sgd::lower` do.
Net net_of(neat::AnnotatedGenome genome, std::string title, NetSource source);
Net net_of(sgd::Mlp mlp, std::string title, NetSource source);
/// At so many rounds; 0: its own.
Net net_of(sgd::RecursiveNet recursion, std::string title, NetSource source, int rounds = 0);

/// Reads a NET argument: a Picbreeder .zip or .xml (FILE#3 for the third of a saved set), a genome or MLP
/// file, a checkpoint, "@name" for a built-in target, a folder with arch.txt and layer_NN.npy, a finished run
/// (its network.mlp), SESSION#GENERATION.PICTURE of a breeding session. Throws FormatError when there is no such file or it is damaged or of an unknown kind;
/// ConfigError for an unknown built-in and for a number beyond the set.
Net load_net(const std::string& argument);

/// As `load_net`, and throws ConfigError unless the network draws.
Net load_drawing_net(const std::string& argument);

/// The network at another number of rounds. Throws ConfigError, naming `argument`, unless it is a recursion.
Net at_rounds(Net net, int rounds, const std::string& argument);

/// The network as a layered MLP: itself, or its genome layerised. Throws ConfigError for a recursion, whose ties an MLP
/// cannot hold.
sgd::Mlp as_mlp(const Net& net);

/// The largest difference of any raw output of two networks over a 64 x 64 grid (4,096 random inputs for
/// networks that do not draw), both computed in double precision from their float weights. Throws ConfigError
/// when their inputs or outputs differ.
double max_abs_difference(const Net& a, const Net& b);

/// What `info` says of a network: kind, nodes, links, depth, arch, width, parameters, nonzero, copies,
/// activations, warnings, ...
nlohmann::ordered_json describe(const Net& net);

/// A TARGET argument: a NET that draws, or any PNG or JPEG.
struct TargetPicture {
  std::string title;
  Picture picture;
  std::optional<Net> net;
};

inline constexpr int default_picture_size = 256;

/// Draws or reads a target. `size` is its longer side in pixels; 0: a network is drawn at 256 x 256, a
/// picture keeps its own size. A picture keeps its shape; it is resized by area. Throws as `load_net` and
/// `read_image` do, and ConfigError for a size outside 1 to 16384.
TargetPicture load_target(const std::string& argument, int size = 0);

}  // namespace skein::experiments

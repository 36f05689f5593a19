#pragma once

#include <optional>
#include <string>
#include <string_view>
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

/// The network at another number of rounds. Throws ConfigError, naming `argument`, unless it is a recursion.
Net at_rounds(Net net, int rounds, const std::string& argument);

/// The network as a layered MLP: itself, or its genome layerised. Throws ConfigError for a recursion, whose ties an MLP
/// cannot hold.
sgd::Mlp as_mlp(const Net& net);

}  // namespace skein::experiments

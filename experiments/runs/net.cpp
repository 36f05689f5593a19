#include "experiments/runs/net.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "bridge/layerize.hpp"
#include "experiments/runs/bred_picture.hpp"
#include "experiments/runs/given_target.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/files/framed_file.hpp"
#include "lib/network/oracle.hpp"
#include "lib/picture/image.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/files/genome_json.hpp"
#include "neat/files/picbreeder.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/mlp/mlp_folder.hpp"
#include "sgd/mlp/mlp_json.hpp"
#include "sgd/mlp/onnx_file.hpp"
#include "sgd/recursion/recursion_file.hpp"
#include "sgd/train/checkpoint.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;

/// Whether there is such a file or folder. Throws FormatError with the cause when that cannot be found out: a folder on
/// the way that may not be entered, a name that is too long, links that go round.
bool is_there(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return false;
  if (error) throw FormatError(path.string() + ": cannot be looked at: " + error.message());
  return true;
}

/// "FILE#3" to FILE and 3; without a number (or when a file is really called so) the whole and 0.
std::pair<std::string, std::size_t> split_number(const std::string& argument) {
  const auto mark = argument.rfind('#');
  std::error_code error;
  if (mark == std::string::npos || fs::exists(argument, error)) return {argument, 0};
  std::size_t number = 0;
  const char* end = argument.data() + argument.size();
  const auto [last, failure] = std::from_chars(argument.data() + mark + 1, end, number);
  if (failure != std::errc{} || last != end || number == 0)
    throw ConfigError("'" + argument + "': after # comes the number of the genome, counted from 1");
  return {argument.substr(0, mark), number};
}

Net from_picbreeder(const std::string& bytes, const std::string& file, std::size_t number,
                    const std::string& title) {
  std::vector<neat::SetMember> members = neat::parse_picbreeder_set(bytes, file);
  if (number > members.size())
    throw ConfigError(file + ": genome " + std::to_string(number) + " was asked for, the file holds " +
                      std::to_string(members.size()));
  neat::SetMember& chosen = members[number == 0 ? 0 : number - 1];
  if (!chosen.genome) throw FormatError(chosen.problem);
  if (number == 0 && members.size() > 1)
    chosen.genome->notes.warnings.push_back("the file holds " + std::to_string(members.size()) +
                                            " genomes, this is the first; FILE#2 takes the second");
  return net_of(std::move(*chosen.genome), title, NetSource::picbreeder);
}

Net from_bytes(const std::string& bytes, const std::string& file, std::size_t number,
               const std::string& title) {
  const auto kind = framed_kind(bytes);
  if (kind == neat::genome_file_kind)
    return net_of(neat::parse_genome(bytes, file), title, NetSource::genome_file);
  if (kind == sgd::mlp_kind) return net_of(sgd::decode_mlp(bytes, file), title, NetSource::mlp_file);
  if (kind == sgd::recursion_kind)
    return net_of(sgd::decode_recursion(bytes, file), title, NetSource::recursion_file);
  if (kind == sgd::checkpoint_kind) {
    const sgd::Checkpoint saved = sgd::decode_checkpoint(bytes, file);
    return net_of(sgd::trained_mlp(saved.wiring, saved.settings, saved.state), title, NetSource::checkpoint);
  }
  if (neat::may_be_genome_json(bytes))
    return net_of(neat::parse_genome_json(bytes, file), title, NetSource::genome_file);
  if (sgd::may_be_mlp_json(bytes))
    return net_of(sgd::parse_mlp_json(bytes, file), title, NetSource::mlp_file);
  if (sgd::may_be_onnx(bytes)) return net_of(sgd::parse_onnx(bytes, file), title, NetSource::mlp_file);
  if (kind) throw FormatError(file + ": a skein file of kind '" + *kind + "' holds no network");
  if (is_image(bytes)) throw FormatError(file + ": a picture, not a network");
  if (const auto other = other_picture_kind(bytes); !other.empty())
    throw FormatError(file + ": a picture of the kind " + std::string(other) + "; PNG and JPEG are read");
  if (neat::may_be_picbreeder(bytes)) return from_picbreeder(bytes, file, number, title);
  throw FormatError(file +
                    ": no kind of network that skein knows (Picbreeder zip or XML, genome, MLP, JSON of "
                    "either, ONNX of skein, "
                    "checkpoint, recursion, "
                    "folder of arrays, run)");
}

Net from_folder(const fs::path& folder, const std::string& title) {
  is_there(folder / "arch.txt");  // throws where the folder may not be entered
  if (sgd::is_mlp_folder(folder)) return net_of(sgd::read_mlp_folder(folder), title, NetSource::npy_folder);
  if (command_of_run(folder) == "breed")
    throw FormatError(folder.string() +
                      ": a breeding session; FOLDER#3.5 names picture 5 of its generation 3");
  if (command_of_run(folder)) {
    const fs::path file = folder / "network.mlp";
    if (const fs::path other = folder / "network.recursion"; !is_there(file) && is_there(other))
      return net_of(sgd::read_recursion(other), title, NetSource::run);
    if (!is_there(file))
      throw FormatError(folder.string() +
                        ": this run has no network.mlp (it is unfinished, or keeps several networks)");
    return net_of(sgd::read_mlp(file), title, NetSource::run);
  }
  throw FormatError(folder.string() + ": neither a folder with arch.txt and layer_NN.npy nor a run");
}

/// The file's name without extension; "skull" for skull/genome.zip, where the folder says more.
std::string title_of(const fs::path& path) {
  const fs::path clean = path.has_filename() ? path : path.parent_path();
  std::string stem = clean.stem().string();
  const std::string folder = clean.parent_path().filename().string();
  const bool says_little =
      stem == "genome" || stem == "network" || stem == "target" || stem == "labelled_genome";
  return says_little && !folder.empty() && folder != "." && folder != ".." ? folder : stem;
}

nlohmann::ordered_json activation_counts(const Network& network) {
  nlohmann::ordered_json counts = nlohmann::ordered_json::object();
  for (const Activation activation : all_activations) {
    const auto count = std::ranges::count(network.units(), activation, &Unit::activation);
    if (count > 0) counts[std::string(name(activation))] = count;
  }
  return counts;
}

std::int64_t sum_of(const std::vector<std::vector<std::uint8_t>>& flags) {
  std::int64_t sum = 0;
  for (const auto& layer : flags) sum += std::ranges::count(layer, 1);
  return sum;
}

}  // namespace

std::string_view name(NetSource source) {
  switch (source) {
    case NetSource::picbreeder:
      return "picbreeder";
    case NetSource::genome_file:
      return "genome file";
    case NetSource::mlp_file:
      return "mlp file";
    case NetSource::checkpoint:
      return "checkpoint";
    case NetSource::npy_folder:
      return "npy folder";
    case NetSource::run:
      return "run";
    case NetSource::built_in:
      return "built-in";
    case NetSource::breeding:
      return "breeding session";
    case NetSource::recursion_file:
      return "recursion file";
  }
  return "";
}

bool Net::draws() const {
  const auto known = picture_signature().inputs;
  return network.output_count() == 3 &&
         std::ranges::all_of(network.signature().inputs, [&](const std::string& input) {
           return std::ranges::find(known, input) != known.end();
         });
}

Net net_of(neat::AnnotatedGenome genome, std::string title, NetSource source) {
  neat::Phenotype phenotype = neat::express(genome.genome);
  Net net;
  net.title = std::move(title);
  net.source = source;
  net.network = std::move(phenotype.network);
  net.weights = std::move(phenotype.weights);
  net.warnings = genome.notes.warnings;
  net.genome = std::move(genome);
  return net;
}

Net net_of(sgd::Mlp mlp, std::string title, NetSource source) {
  sgd::validate(mlp);
  Net net;
  net.title = std::move(title);
  net.source = source;
  net.network = sgd::lower(mlp.wiring).network;
  net.weights = mlp.weights;
  net.mlp = std::move(mlp);
  return net;
}

Net net_of(sgd::RecursiveNet recursion, std::string title, NetSource source, int rounds) {
  sgd::validate(recursion);
  Net net;
  net.title = std::move(title);
  net.source = source;
  net.network = sgd::lower(recursion.recursion, recursion.signature, rounds).network;
  net.weights = recursion.weights;
  net.recursion = std::move(recursion);
  return net;
}

Net at_rounds(Net net, int rounds, const std::string& argument) {
  if (!net.recursion)
    throw ConfigError(argument + ": has no rounds; only a recursion can be drawn at others");
  return net_of(std::move(*net.recursion), std::move(net.title), net.source, rounds);
}

Net load_net(const std::string& argument) {
  if (argument.empty()) throw ConfigError("an empty name is no network");
  if (argument.starts_with('@')) {
    const BuiltInTarget& target = built_in_target(argument);
    if (!target.genome) throw ConfigError(argument + ": a picture made by a formula, not a network");
    return net_of(target.genome(), argument, NetSource::built_in);
  }
  if (auto bred = bred_picture(argument))
    return net_of(std::move(*bred),
                  title_of(argument.substr(0, argument.rfind('#'))) + argument.substr(argument.rfind('#')),
                  NetSource::breeding);
  const auto [file, number] = split_number(argument);
  if (!is_there(file)) throw FormatError(file + ": there is no such file or folder");
  if (fs::is_directory(file)) return from_folder(file, title_of(file));
  Net net = from_bytes(read_file(file), file, number,
                       title_of(file) + (number ? "#" + std::to_string(number) : ""));
  if (number > 1 && net.source != NetSource::picbreeder)
    throw ConfigError(file + ": holds a single network, number " + std::to_string(number) + " was asked for");
  return net;
}

Net load_drawing_net(const std::string& argument) {
  Net net = load_net(argument);
  if (!net.draws())
    throw ConfigError(argument +
                      ": this network does not draw; its inputs and outputs are not those of a picture");
  return net;
}

sgd::Mlp as_mlp(const Net& net) {
  if (net.recursion)
    throw ConfigError(net.title +
                      ": a recursion, whose rounds share their weights; as layers it would lose that "
                      "(render, info, score, sweep and train --arch work on it)");
  return net.mlp ? *net.mlp : bridge::layerize(net.genome->genome);
}

namespace {

/// Inputs to compare two networks on: a grid for those that draw, random ones in [-1, 1] for others.
std::vector<std::vector<double>> comparison_inputs(const Net& net) {
  constexpr int side = 64;
  std::vector<std::vector<double>> inputs;
  const Grid grid{side, side};
  RandomStream random(0, "inputs to compare networks on");
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      if (net.draws()) {
        inputs.push_back(oracle_inputs(net.network, grid, row, column));
        continue;
      }
      auto& values = inputs.emplace_back(net.network.signature().inputs.size());
      for (double& value : values) value = random.uniform(-1, 1);
    }
  return inputs;
}

}  // namespace

double max_abs_difference(const Net& a, const Net& b) {
  if (a.network.signature() != b.network.signature())
    throw ConfigError("networks with different inputs or outputs cannot be compared");
  const std::vector<double> weights_a(a.weights.begin(), a.weights.end()),
      weights_b(b.weights.begin(), b.weights.end());
  double most = 0;
  for (const std::vector<double>& inputs : comparison_inputs(a)) {
    const auto left = oracle_outputs(a.network, weights_a, inputs),
               right = oracle_outputs(b.network, weights_b, inputs);
    for (std::size_t o = 0; o < left.size(); ++o) most = std::max(most, std::abs(left[o] - right[o]));
  }
  return most;
}

namespace {

/// What a network is in layers; nothing, with a warning, where that form is too large to be made.
nlohmann::ordered_json recursive_form(const Net& net) {
  const sgd::Recursion& recursion = net.recursion->recursion;
  int block = 0;
  for (const auto& [kind, count] : recursion.block) block += count;
  return {{"arch", recursion.text()},
          {"width", recursion.state + block},
          {"parameters", sgd::parameter_count(recursion, net.recursion->signature)},
          {"nonzero", std::ranges::count_if(net.weights, [](float w) { return w != 0.0f; }) - 1},
          {"copies", 0},
          {"depth", net.network.depth() - 1}};
}

nlohmann::ordered_json layered_form(const Net& net, std::vector<std::string>& warnings) {
  if (net.recursion) return recursive_form(net);
  try {
    const sgd::Mlp mlp = as_mlp(net);
    const sgd::Architecture architecture = sgd::architecture_of(mlp.wiring);
    std::int64_t parameters = 0;
    for (int l = 0; l <= mlp.wiring.depth(); ++l) {
      const MatrixShape shape = mlp.wiring.shape(l);
      parameters += std::int64_t{shape.rows} * shape.columns;
    }
    return {{"arch", architecture.text()},
            {"width", architecture.width()},
            {"parameters", parameters},
            {"nonzero", std::ranges::count_if(mlp.weights, [](float w) { return w != 0.0f; })},
            {"copies", sum_of(mlp.wiring.copies)},
            {"depth", architecture.depth}};
  } catch (const ConfigError& error) {
    if (!net.genome) throw;
    warnings.push_back(std::string("its layered form is too large: ") + error.what());
    int depth = 0;
    for (const Unit& unit : net.network.units()) depth = std::max(depth, unit.layer);
    return {{"arch", nullptr},
            {"width", nullptr},
            {"parameters", nullptr},
            {"nonzero", std::ranges::count_if(net.weights, [](float w) { return w != 0.0f; })},
            {"copies", nullptr},
            {"depth", depth}};
  }
}

}  // namespace

nlohmann::ordered_json describe(const Net& net) {
  std::vector<std::string> warnings = net.warnings;
  const nlohmann::ordered_json layered = layered_form(net, warnings);
  const auto& genome = net.genome;
  return {
      {"kind", net.kind()},
      {"source", name(net.source)},
      {"title", net.title},
      {"inputs", net.network.signature().inputs},
      {"outputs", genome ? genome->genome.signature.outputs : net.network.signature().outputs},
      {"nodes", genome ? static_cast<std::int64_t>(genome->genome.nodes.size())
                       : std::int64_t{net.network.value_count()}},
      {"links", genome ? static_cast<std::int64_t>(genome->genome.links.size())
                       : std::int64_t{net.network.edge_count()}},
      {"disabled_links", genome ? std::ranges::count(genome->genome.links, false, &neat::Link::enabled) : 0},
      {"labelled_links", genome ? static_cast<std::int64_t>(genome->notes.labels.size()) : 0},
      {"depth", layered["depth"]},
      {"arch", layered["arch"]},
      {"width", layered["width"]},
      {"parameters", layered["parameters"]},
      {"nonzero", layered["nonzero"]},
      {"copies", layered["copies"]},
      {"activations", activation_counts(net.network)},
      {"trained",
       (net.mlp && !net.mlp->initial.empty()) || (net.recursion && !net.recursion->initial.empty())},
      {"warnings", warnings}};
}

namespace {

void require_target_size(int size) {
  if (size < 0 || size > largest_image_side)
    throw ConfigError("size " + std::to_string(size) + ": must be between 1 and " +
                      std::to_string(largest_image_side));
}

}  // namespace

TargetPicture target_of(Net net, int size) {
  require_target_size(size);
  const int side = size > 0 ? size : default_picture_size;
  if (!net.draws())
    throw ConfigError(net.title + ": this network does not draw, so it is no target for one that does");
  Picture picture = draw(Plan(net.network), net.weights, Grid{side, side});
  std::string title = net.title;
  return {std::move(title), std::move(picture), std::move(net)};
}

TargetPicture target_of(Picture picture, std::string title, int size) {
  require_target_size(size);
  const int longer = std::max(picture.width, picture.height);
  const auto scaled = [&](int length) {
    return static_cast<int>(std::max<std::int64_t>(1, (std::int64_t{length} * size + longer / 2) / longer));
  };
  if (size > 0 && size != longer) picture = resize(picture, scaled(picture.width), scaled(picture.height));
  return {std::move(title), std::move(picture), std::nullopt};
}

TargetPicture load_target(const std::string& argument, int size) {
  require_target_size(size);
  const int side = size > 0 ? size : default_picture_size;
  if (argument.starts_with('@') && !built_in_target(argument).genome)
    return {argument, built_in_target(argument).draw(Grid{side, side}), std::nullopt};
  if (is_there(argument) && fs::is_regular_file(argument)) {
    const std::string bytes = read_file(argument);
    if (is_image(bytes))
      return target_of(to_picture(decode_image(bytes, argument)), title_of(argument), size);
  }
  return target_of(load_drawing_net(argument), size);
}

}  // namespace skein::experiments

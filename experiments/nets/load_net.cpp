#include "experiments/nets/load_net.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "experiments/nets/bred_picture.hpp"
#include "experiments/runs/run_folder.hpp"
#include "experiments/targets/targets.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/framed_file.hpp"
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

}  // namespace

bool is_there(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return false;
  if (error) throw FormatError(path.string() + ": cannot be looked at: " + error.message());
  return true;
}

std::string title_of(const fs::path& path) {
  const fs::path clean = path.has_filename() ? path : path.parent_path();
  std::string stem = clean.stem().string();
  const std::string folder = clean.parent_path().filename().string();
  const bool says_little =
      stem == "genome" || stem == "network" || stem == "target" || stem == "labelled_genome";
  return says_little && !folder.empty() && folder != "." && folder != ".." ? folder : stem;
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

}  // namespace skein::experiments

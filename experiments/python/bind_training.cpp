// Training, pruning and the commands of the module.
#include <pybind11/stl.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>

#include "experiments/cli/command_line.hpp"
#include "experiments/cli/command_table.hpp"
#include "experiments/cli/strict_values.hpp"
#include "experiments/fit/prune_arguments.hpp"
#include "experiments/fit/train_arguments.hpp"
#include "experiments/nets/target_picture.hpp"
#include "experiments/python/arrays.hpp"
#include "experiments/python/held_net.hpp"
#include "experiments/python/stoppable.hpp"
#include "experiments/runs/version.hpp"
#include "lib/base/error.hpp"
#include "lib/base/parallel.hpp"

namespace skein::python {
namespace {

namespace py = pybind11;
using namespace experiments;
using Words = std::vector<std::string>;

/// Reads flags into what `declare` declares, as strictly as the command line does. Returns the parser, which whatever
/// looks at its options again needs. Throws ConfigError.
template <class Declare>
std::unique_ptr<CLI::App> parse_flags(const Words& words, const Declare& declare) {
  auto parser = std::make_unique<CLI::App>();
  CLI::App& app = *parser;
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  declare(app);
  read_values_strictly(app);
  try {
    app.parse(Words(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    throw ConfigError(error.what());
  }
  return parser;
}

/// A target as Python names it: a NET or a picture's file, a network, an array of a picture, or a pair of tables
/// (samples, inputs) and (samples, outputs).
struct GivenTarget {
  std::optional<TargetPicture> picture;
  std::optional<sgd::Examples> table;
  Signature signature = picture_signature();

  sgd::Examples examples() const { return table ? *table : sgd::Examples(picture->picture); }
  const Net* net() const { return picture && picture->net ? &*picture->net : nullptr; }
};

Words numbered_names(const char* stem, int count) {
  Words names;
  for (int i = 0; i < count; ++i) names.push_back(stem + std::to_string(i));
  return names;
}

GivenTarget table_target(const py::tuple& pair) {
  if (pair.size() != 2) throw ConfigError("a table to be learned is a pair (inputs, outputs)");
  const SampleTable inputs = table_of(pair[0], "inputs"), outputs = table_of(pair[1], "outputs");
  if (inputs.count != outputs.count || inputs.count == 0)
    throw ConfigError("the table has " + std::to_string(inputs.count) + " samples of inputs and " +
                      std::to_string(outputs.count) + " of outputs");
  GivenTarget target;
  target.signature = {numbered_names("in", inputs.inputs), numbered_names("out", outputs.inputs)};
  target.table.emplace(inputs, outputs.values);
  return target;
}

/// With Python's lock: takes what Python holds. `size` as in load_target.
GivenTarget target_from(const py::object& object, int size) {
  if (py::isinstance<py::tuple>(object)) {
    if (size != 0) throw ConfigError("size belongs to pictures; a table has its samples");
    return table_target(object);
  }
  GivenTarget target;
  if (py::isinstance<HeldNet>(object)) target.picture = target_of(object.cast<NetPointer>()->net(), size);
  else if (py::isinstance<py::str>(object)) target.picture = load_target(object.cast<std::string>(), size);
  else target.picture = target_of(picture_of(object), "picture", size);
  return target;
}

void require_fits(const sgd::TrainSettings& settings, const GivenTarget& target, const sgd::Wiring& wiring) {
  if (target.picture) require_batch_fits(settings, target.picture->picture);
  const Signature& has = wiring.signature;
  if (has.inputs.size() != target.signature.inputs.size() ||
      has.outputs.size() != target.signature.outputs.size())
    throw ConfigError("the network reads " + std::to_string(has.inputs.size()) + " and gives " +
                      std::to_string(has.outputs.size()) + "; the target has " +
                      std::to_string(target.signature.inputs.size()) + " inputs and " +
                      std::to_string(target.signature.outputs.size()) + " outputs");
  if (target.picture && has != picture_signature())
    throw ConfigError("this network does not draw; its inputs and outputs are not those of a picture");
}

/// Ends work whose listener said no.
[[noreturn]] void say_stopped() { throw Interrupted("stopped; nothing was written"); }

py::tuple train(const Words& flags, std::uint64_t seed, int threads, const NetPointer& net,
                const py::object& target_object, const py::object& on_step) {
  TrainArguments arguments;
  const auto parser = parse_flags(flags, [&](CLI::App& app) { add_train_arguments(app, arguments); });
  arguments.wiring = net ? net->net().title : "";
  arguments.uses.check();
  if (net && !arguments.arch.empty()) throw ConfigError("arch and a network exclude each other");
  const GivenTarget target = target_from(target_object, arguments.size);
  const auto trained = result_of(on_step, py::none(), [&](const Voice& voice) {
    const ThreadLimit limit(threads);
    const sgd::Mlp mlp =
        wiring_to_fit(arguments, net ? &net->net() : nullptr, target.net(), target.signature);
    const TrainingJob job = training_job(arguments, mlp, seed);
    require_fits(job.settings, target, mlp.wiring);
    const CheckpointPlan in_memory{.file = {}, .every = std::int64_t{1} << 62, .may_write = {}};
    return run_training(job, target.examples(), in_memory, voice.listener);
  });
  if (!trained) say_stopped();
  auto losses = trained->losses;
  const auto steps = static_cast<py::ssize_t>(losses.size());
  return py::make_tuple(held(trained->mlp, net ? net->net().title : "trained"), to_python(to_json(*trained)),
                        owned(std::move(losses), {steps}));
}

py::tuple prune(const Words& flags, std::uint64_t seed, int threads, const NetPointer& net,
                const py::object& target_object, const NetPointer& like, const std::string& folder,
                const py::object& on_step) {
  PruneArguments arguments;
  const auto parser = parse_flags(flags, [&](CLI::App& app) { add_prune_arguments(app, arguments); });
  arguments.uses.check();
  const GivenTarget target = target_from(target_object, arguments.size);
  nlohmann::ordered_json numbers;
  const auto pruned = result_of(on_step, py::none(), [&](const Voice& voice) {
    const ThreadLimit limit(threads);
    const PruningJob job =
        pruning_job(arguments, net->mlp(), target.examples(), like ? &like->mlp().wiring : nullptr, seed);
    require_fits(job.training, target, job.request.mlp.wiring);
    auto result = run_pruning(job, folder, book_in(folder), voice.listener, {}, arguments.loss_window);
    if (result) numbers = to_json(*result, job);
    return result;
  });
  if (!pruned) say_stopped();
  return py::make_tuple(held(pruned->mlp, net->net().title), to_python(numbers));
}

py::object command(const Words& arguments, const py::object& on_step, const py::object& say) {
  const auto json = result_of(on_step, say, [&](const Voice& voice) {
    return call_command(all_commands(), arguments, voice.listener, voice.say).json;
  });
  return to_python(json);
}

std::string help(const std::string& name) { return command_help(all_commands(), name); }

Words command_names() {
  Words names;
  for (const Command& one : all_commands()) names.push_back(one.name);
  return names;
}

}  // namespace

void bind_training(py::module_& module) {
  module.def("train", &train, py::arg("flags"), py::arg("seed"), py::arg("threads"), py::arg("net"),
             py::arg("target"), py::arg("on_step"));
  module.def("prune", &prune, py::arg("flags"), py::arg("seed"), py::arg("threads"), py::arg("net"),
             py::arg("target"), py::arg("like"), py::arg("folder"), py::arg("on_step"));
  module.def("command", &command, py::arg("arguments"), py::arg("on_step"), py::arg("say"));
  module.def("help", &help, py::arg("name"));
  module.def("command_names", &command_names);
  module.attr("version") = version;
  module.attr("build") = build_text();
}

}  // namespace skein::python

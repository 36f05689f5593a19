#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "experiments/cli/command_table.hpp"
#include "experiments/cli/parts_options.hpp"
#include "experiments/drawing/figure_file.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net_subject.hpp"
#include "experiments/robustness/robustness_report.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

struct RobustnessArguments {
  std::vector<std::string> nets;
  std::string out;
  PartsArguments parts;
  HiddenLossSettings hidden;
  int size = parts_size;
};

/// The genome, drawn where networks are.
struct Reference {
  std::vector<InputShift> shifts;
  std::vector<Picture> pictures;  ///< one per shift
};

std::optional<Reference> reference_of(const PartsTarget& target, int size) {
  std::vector<InputShift> shifts = input_shifts(size);
  if (!target.genome) return {};
  const neat::Phenotype phenotype = neat::express(*target.genome);
  std::vector<Picture> pictures = draw_shifted(Plan(phenotype.network), phenotype.weights, shifts);
  return Reference{std::move(shifts), std::move(pictures)};
}

RobustNetwork look_at(const std::string& name, const RobustnessArguments& a, const PartsTarget& target,
                      const std::optional<Reference>& reference, const ProgressListener& listener) {
  const Net net = load_drawing_net(name);
  const Plan plan(net.network);
  RobustNetwork result{.name = name, .title = net.title};
  for (const float weight : net.weights) result.nonzero += weight != 0;
  result.drawn = draw(plan, net.weights, {parts_size, parts_size});
  result.hidden = hidden_losses(subject_of(net), target.parts, target.pictures, a.hidden, listener);
  if (!reference) return result;
  result.shifted_pictures = draw_shifted(plan, net.weights, reference->shifts);
  result.shifts =
      shift_errors(result.shifted_pictures, reference->pictures, target.parts.regions, reference->shifts);
  return result;
}

void write_all(const std::filesystem::path& folder, const Outcome& outcome, const PartsTarget& target,
               const std::vector<RobustNetwork>& networks, const std::optional<Reference>& reference,
               const Session& session) {
  make_folder(folder);
  write_file(folder / "hidden_losses.csv", hidden_losses_csv(networks));
  write_file(folder / "worst_steps.csv", worst_steps_csv(networks));
  if (reference) write_file(folder / "shift_errors.csv", shift_errors_csv(networks));
  try_figure(session, folder / "robustness.png", [&] {
    write_figure(
        folder / "robustness.png",
        robustness_figure(target, networks, reference ? reference->shifts : std::vector<InputShift>{},
                          reference ? reference->pictures : std::vector<Picture>{}));
  });
  write_file(folder / "robustness.json", outcome.json.dump(2) + "\n");
}

Outcome run(RobustnessArguments a, const Session& session) {
  a.hidden.seed = session.seed();
  a.hidden.validate();
  const std::filesystem::path folder = a.out;
  if (!a.out.empty()) session.refuse_existing(folder / "robustness.json");
  const PartsTarget target = load_parts(a.parts);
  for (const std::string& warning : target.parts.warnings) session.say(warning);
  const std::optional<Reference> reference = reference_of(target, a.size);
  if (!reference)
    session.say(target.title +
                " is no genome: what it looks like elsewhere is not known, so nothing is shifted");
  std::vector<RobustNetwork> networks;
  for (const std::string& name : a.nets)
    networks.push_back(look_at(name, a, target, reference, session.listener()));
  for (const std::string& part : networks.front().hidden.unseen)
    session.say("the absence of '" + part + "' does not show where it is; it is left out");
  Outcome outcome{{{"target", target.title}, {"size", a.size}}, to_text(networks)};
  outcome.json["networks"] = nlohmann::ordered_json::array();
  for (const RobustNetwork& network : networks) outcome.json["networks"].push_back(to_json(network));
  if (!a.out.empty()) {
    outcome.json["out"] = a.out;
    write_all(folder, outcome, target, networks, reference, session);
  }
  return outcome;
}

}  // namespace

Command robustness_command() {
  return {"robustness", std::string(group_parts),
          "what a small loss hides: parts taken by one weight, inputs never fitted",
          "skein train @face --steps 500 --size 64 --out runs/dense && skein robustness @face runs/dense "
          "--target @face --out face-robustness",
          [](CLI::App& app) -> RunCommand {
            const auto a = std::make_shared<RobustnessArguments>();
            app.add_option("NET,--net", a->nets, "files, folders, runs or @names of networks")->required();
            app.add_option("--target", a->parts.target,
                           "the genome whose labels say what the parts are, or any picture with --regions")
                ->required();
            add_parts_options(app, a->parts);
            app.add_option("--weights", a->hidden.weights, "moved in each network (default 128)");
            app.add_option("--size", a->size,
                           "side of the grid that the networks were fitted on (default 64)");
            app.add_option("--out", a->out,
                           "folder: robustness.png, robustness.json, hidden_losses.csv, worst_steps.csv, "
                           "shift_errors.csv");
            return [a](const Session& session) { return run(*a, session); };
          }};
}

}  // namespace skein::experiments

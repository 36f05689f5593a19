#include "experiments/cli/family_options.hpp"

#include <CLI/CLI.hpp>

namespace skein::experiments {

void add_family_options(CLI::App& app, PartsArguments& parts, std::string& out) {
  app.add_option("TARGET,--target", parts.target, "a genome or @name whose links carry labels")->required();
  app.add_option("--out", out, "folder of the run")->required();
  app.add_option("--labels", parts.labels, "CSV of link_branch, link_id, label (default: the genome's own)");
}

void add_student_options(CLI::App& app, CoverageSettings& students) {
  app.add_option("--layers", students.layers, "hidden layers of a student (default 4)");
  app.add_option("--steps", students.steps, "of each student's training (default 3000)");
  app.add_option("--batch", students.batch, "samples of a step (default 1024)");
  app.add_option("--size", students.size, "side of the pictures in training, pixels (default 24)");
  app.add_option("--lr", students.rate, "Adam's rate of the students (default 0.003)");
}

}  // namespace skein::experiments

#include "experiments/swarm/part_experts.hpp"

#include <cstdio>
#include <filesystem>

#include "experiments/jobs/training_job.hpp"
#include "lib/base/error.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::experiments {
namespace {

std::string expert_name(std::size_t part) {
  char text[32];
  std::snprintf(text, sizeof text, "expert_%02zu", part + 1);
  return text;
}

sgd::Examples examples_of_part(const Picture& picture, const PartRegions& regions, std::size_t part) {
  PixelSubset subset{Grid{picture.width, picture.height}, {}};
  for (std::size_t p = 0; p < regions.pixels(); ++p)
    if (regions.owner[p] == part) subset.pixels.push_back(static_cast<std::uint32_t>(p));
  return {subset, picture};
}

}  // namespace

std::optional<Experts> fine_tune_parts(const sgd::Mlp& parent, const Picture& picture,
                                       const PartRegions& regions, const sgd::TrainSettings& settings,
                                       const RunFolder& run, const ProgressListener& listener) {
  if (regions.width != picture.width || regions.height != picture.height)
    throw ConfigError("fine-tuning: the parts are known at another size than the picture's");
  if (regions.count() < 2) throw ConfigError("fine-tuning: the target has a single part");
  Experts experts;
  for (std::size_t part = 0; part < regions.count(); ++part) {
    const auto file = run.file(expert_name(part) + ".mlp"),
               checkpoint = run.file(expert_name(part) + ".checkpoint");
    if (!std::filesystem::exists(file)) {
      const auto trained =
          run_training({parent.wiring, parent.weights, false, settings},
                       examples_of_part(picture, regions, part), {checkpoint, 1000}, listener);
      if (!trained) return std::nullopt;
      sgd::write_mlp(file, trained->mlp);
    }
    std::filesystem::remove(checkpoint);
    experts.names.push_back(regions.names[part]);
    experts.networks.push_back(sgd::read_mlp(file));
  }
  return experts;
}

}  // namespace skein::experiments

#include "sgd/train/checkpoint.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/files/bounded_archive.hpp"
#include "lib/files/framed_file.hpp"
#include "sgd/mlp/mlp_file.hpp"

namespace skein::sgd {

namespace {

/// One description of the payload serves both directions.
template <class Archive>
void fields(Archive& archive, Adam& adam) {
  archive(adam.beta1, adam.beta2, adam.epsilon);
}

template <class Archive>
void fields(Archive& archive, OptimizerSettings& optimizer) {
  auto kind = static_cast<std::uint8_t>(optimizer.index());
  archive(kind);
  if constexpr (Archive::is_loading::value) {
    if (kind > 2) archive.fail();
    optimizer = kind == 0   ? OptimizerSettings(Adam{})
                : kind == 1 ? OptimizerSettings(Momentum{})
                            : OptimizerSettings(Muon{});
  }
  if (auto* adam = std::get_if<Adam>(&optimizer)) fields(archive, *adam);
  if (auto* momentum = std::get_if<Momentum>(&optimizer)) archive(momentum->momentum, momentum->nesterov);
  if (auto* muon = std::get_if<Muon>(&optimizer)) {
    auto coefficients = static_cast<std::uint8_t>(muon->coefficients);
    archive(muon->momentum, muon->nesterov, muon->newton_schulz_steps, coefficients);
    muon->coefficients = static_cast<NewtonSchulzCoefficients>(coefficients & 1);
    fields(archive, muon->adam);
  }
}

template <class Archive>
void fields(Archive& archive, TrainSettings& s) {
  auto schedule = static_cast<std::uint8_t>(s.schedule);
  archive(s.steps, s.learning_rate, schedule, s.warmup, s.schedule_floor, s.normalize_gradient, s.rewind_step,
          s.batch, s.seed, s.report_every);
  s.schedule = static_cast<ScheduleKind>(std::min<std::uint8_t>(schedule, 2));
  fields(archive, s.optimizer);
}

/// Since version 2; before, there was no weight-sparse training.
template <class Archive>
void fields(Archive& archive, Sparsity& s) {
  auto schedule = static_cast<std::uint8_t>(s.schedule);
  archive(s.keep, schedule);
  s.schedule = static_cast<SparsitySchedule>(schedule & 1);
}

/// Since version 3; before, there was no penalty.
template <class Archive>
void fields(Archive& archive, Penalty& p) {
  auto kind = static_cast<std::uint8_t>(p.kind);
  archive(kind, p.strength);
  p.kind = static_cast<PenaltyKind>(std::min<std::uint8_t>(kind, 2));
}

template <class Archive>
void fields(Archive& archive, TrainState& s) {
  archive(s.step, s.best, s.best_loss, s.best_step, s.losses, s.optimizer.step, s.optimizer.first,
          s.optimizer.second);
}

template <class Archive>
void fields(Archive& archive, Checkpoint& c) {
  archive(c.freeze_copies, c.target, c.instruction_set);
  fields(archive, c.settings);
  fields(archive, c.state);
}

template <class Numbers>
bool every_one_finite(const Numbers& numbers) {
  return std::ranges::all_of(numbers, [](auto x) { return std::isfinite(x); });
}

/// Parts of a file that a valid checksum does not make belong together.
void require_whole(const Checkpoint& c, const std::string& name) {
  const auto slots = c.state.weights.size();
  const auto size_or_none = [&](const auto& vector) { return vector.empty() || vector.size() == slots; };
  const auto& s = c.state;
  if (s.step < 0 || static_cast<std::uint64_t>(s.step) < s.losses.size() || s.step > c.settings.steps ||
      s.initial.size() != slots || !size_or_none(s.best) || !size_or_none(s.optimizer.first) ||
      !size_or_none(s.optimizer.second) || (s.step > 0 && s.best.empty() && slots > 0))
    throw FormatError(name + ": the parts of this checkpoint do not belong together");
  if (!every_one_finite(s.best) || !every_one_finite(s.losses) || !every_one_finite(s.optimizer.first) ||
      !every_one_finite(s.optimizer.second))
    throw FormatError(name + ": the checkpoint holds numbers that are not finite");
}

template <class Number>
void hash_numbers(const std::vector<Number>& numbers, std::uint64_t& hash) {
  hash = fnv1a({reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)}, hash);
}

void hash_text(const std::string& text, std::uint64_t& hash) { hash = fnv1a(text, hash); }

void hash_samples(const SampleSource& samples, std::uint64_t& hash) {
  if (const auto* grid = std::get_if<Grid>(&samples))
    hash_text("grid " + std::to_string(grid->width) + "x" + std::to_string(grid->height) + " " +
                  std::to_string(grid->extent),
              hash);
  if (const auto* table = std::get_if<SampleTable>(&samples)) {
    hash_text("table " + std::to_string(table->inputs) + "x" + std::to_string(table->count), hash);
    hash_numbers(table->values, hash);
  }
  if (const auto* subset = std::get_if<PixelSubset>(&samples)) {
    hash_samples(subset->grid, hash);
    hash_numbers(subset->pixels, hash);
  }
  if (const auto* subset = std::get_if<TableSubset>(&samples)) {
    if (subset->table) hash_samples(*subset->table, hash);
    hash_numbers(subset->samples, hash);
  }
}

std::uint64_t hash_of_target(const Target& target) {
  if (const auto* picture = std::get_if<Picture>(&target)) {
    std::uint64_t hash = fnv1a(std::to_string(picture->width) + "x" + std::to_string(picture->height));
    hash_numbers(picture->rgb, hash);
    return hash;
  }
  const auto* own = std::get_if<SampleLoss>(&target);
  std::uint64_t hash = fnv1a(own ? "loss " + own->name : std::string("numbers"));
  if (const auto* numbers = std::get_if<std::vector<float>>(&target)) hash_numbers(*numbers, hash);
  return hash;
}

template <class Value>
void require_equal(const Value& saved, const Value& wanted, const char* what) {
  if (saved != wanted)
    throw ConfigError(std::string("this run was started with another ") + what +
                      "; give the same one to resume it, or --force to start anew");
}

}  // namespace

std::uint64_t fingerprint(const Examples& examples) {
  std::uint64_t hash = hash_of_target(examples.target);
  const auto* grid = std::get_if<Grid>(&examples.samples);
  const auto* picture = std::get_if<Picture>(&examples.target);
  if (grid && picture && *grid == Grid{picture->width, picture->height}) return hash;
  hash_samples(examples.samples, hash);
  return hash;
}

std::string encode_checkpoint(const Checkpoint& checkpoint) {
  const auto& state = checkpoint.state;
  const Mlp mlp{checkpoint.wiring, state.weights, state.initial, state.rewind,
                state.rewind.empty() ? 0 : checkpoint.settings.rewind_step};
  ByteOutput output;
  output(mlp_payload(mlp));
  Checkpoint rest = checkpoint;
  fields(output, rest);
  fields(output, rest.settings.sparsity);
  fields(output, rest.settings.penalty);
  return frame(checkpoint_kind, checkpoint_version, output.bytes());
}

Checkpoint decode_checkpoint(std::string_view bytes, const std::string& name) {
  const Framed framed = unframe(bytes, checkpoint_kind, checkpoint_version, name);
  BoundedInput input(framed.payload, name);
  std::string payload;
  input(payload);
  Mlp mlp = mlp_from_payload(payload, name);
  Checkpoint checkpoint;
  fields(input, checkpoint);
  if (framed.version >= 2) fields(input, checkpoint.settings.sparsity);
  if (framed.version >= 3) fields(input, checkpoint.settings.penalty);
  input.finish();
  checkpoint.wiring = std::move(mlp.wiring);
  checkpoint.state.weights = std::move(mlp.weights);
  checkpoint.state.initial = std::move(mlp.initial);
  checkpoint.state.rewind = std::move(mlp.rewind);
  try {
    checkpoint.settings.validate();
  } catch (const ConfigError& error) {
    throw FormatError(name + ": " + error.what());
  }
  require_whole(checkpoint, name);
  return checkpoint;
}

void write_checkpoint(const std::filesystem::path& file, const Checkpoint& checkpoint) {
  write_file(file, encode_checkpoint(checkpoint));
}

Checkpoint read_checkpoint(const std::filesystem::path& file) {
  return decode_checkpoint(read_file(file, largest_framed), file.string());
}

void require_same_training(const Checkpoint& saved, const Checkpoint& wanted) {
  const auto &a = saved.settings, &b = wanted.settings;
  require_equal(saved.target, wanted.target, "target");
  require_equal(saved.wiring, wanted.wiring, "wiring");
  require_equal(saved.freeze_copies, wanted.freeze_copies, "treatment of copies");
  require_equal(saved.state.initial, wanted.state.initial, "seed or kind of initial weights");
  require_equal(a.optimizer, b.optimizer, "optimizer");
  require_equal(a.learning_rate, b.learning_rate, "learning rate");
  require_equal(a.schedule, b.schedule, "schedule");
  if (a.schedule != ScheduleKind::constant) {
    require_equal(a.steps, b.steps, "number of steps");
    require_equal(a.warmup, b.warmup, "warm-up");
    require_equal(a.schedule_floor, b.schedule_floor, "floor of the schedule");
  }
  require_equal(a.sparsity, b.sparsity, "sparsity or schedule of it");
  if (a.sparsity.active() && a.sparsity.schedule == SparsitySchedule::linear)
    require_equal(a.steps, b.steps, "number of steps");
  require_equal(a.penalty, b.penalty, "penalty");
  if (a.penalty.active()) require_equal(a.steps, b.steps, "number of steps");
  require_equal(a.normalize_gradient, b.normalize_gradient, "treatment of the gradient's norm");
  require_equal(a.rewind_step, b.rewind_step, "rewind step");
  require_equal(a.batch, b.batch, "number of samples per step");
  if (a.batch > 0) require_equal(a.seed, b.seed, "seed");
  require_equal(saved.instruction_set, wanted.instruction_set, "instruction set (the bits would differ)");
}

}  // namespace skein::sgd

#include "sgd/train/checkpoint.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/files/framed_file.hpp"
#include "sgd/mlp/initial_weights.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/fuzz.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Wiring small_wiring() { return dense_wiring(parse_architecture("3;gaussian:2,tanh:2"), picture_signature()); }

Picture striped(int size) {
  Picture picture(size, size);
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) picture.rgb[i] = static_cast<float>(i % 7) / 7;
  return picture;
}

TrainSettings settings_for(const OptimizerSettings& optimizer) {
  return {.steps = 30, .optimizer = optimizer, .rewind_step = 4, .batch = 50, .seed = 2};
}

Trainer fresh(const TrainSettings& settings) {
  return {picture_problem(small_wiring(), striped(9)), settings, initial_weights(small_wiring())};
}

Checkpoint checkpoint_of(const Trainer& trainer) {
  return {small_wiring(), false, trainer.settings(), fingerprint(striped(9)), "test", trainer.state()};
}

const OptimizerSettings resumable_optimizers[] = {
    Adam{}, Momentum{0.8, true},
    Muon{.newton_schulz_steps = 7, .coefficients = NewtonSchulzCoefficients::convergent}};

}  // namespace

TEST_CASE("a checkpoint reads back as it was written, before the first step and after some") {
  for (const auto& optimizer : resumable_optimizers)
    for (const std::int64_t steps : {0, 3, 11}) {
      auto trainer = fresh(settings_for(optimizer));
      trainer.advance(steps);
      const auto checkpoint = checkpoint_of(trainer);
      CHECK(decode_checkpoint(encode_checkpoint(checkpoint), "memory") == checkpoint);
    }
}

TEST_CASE("a training continued from its file ends in the same bits as one never interrupted") {
  const test::TemporaryFolder folder;
  for (const auto& optimizer : resumable_optimizers) {
    auto whole = fresh(settings_for(optimizer));
    whole.run();
    auto interrupted = fresh(settings_for(optimizer));
    interrupted.advance(11);
    write_checkpoint(folder.path() / "checkpoint", checkpoint_of(interrupted));
    const auto saved = read_checkpoint(folder.path() / "checkpoint");
    Trainer resumed(picture_problem(saved.wiring, striped(9)), saved.settings, saved.state);
    resumed.run();
    CHECK(resumed.state() == whole.state());
    CHECK(encode_checkpoint(checkpoint_of(resumed)) == encode_checkpoint(checkpoint_of(whole)));
  }
}

TEST_CASE("damaged checkpoints are refused or read, never crash") {
  auto trainer = fresh(settings_for(Muon{}));
  trainer.advance(6);
  const auto bytes = encode_checkpoint(checkpoint_of(trainer));
  CHECK(test::refuses_or_reads(bytes, 300,
                               [](const std::string& copy) { decode_checkpoint(copy, "damaged"); }) > 290);
}

TEST_CASE("payloads damaged behind a valid checksum are refused or give a state that can be judged") {
  auto trainer = fresh(settings_for(Adam{}));
  trainer.advance(6);
  const auto framed =
      unframe(encode_checkpoint(checkpoint_of(trainer)), checkpoint_kind, checkpoint_version, "");
  test::refuses_or_reads(framed.payload, 300, [](const std::string& payload) {
    const auto read = decode_checkpoint(frame(checkpoint_kind, checkpoint_version, payload), "damaged");
    Trainer(picture_problem(read.wiring, striped(9)), read.settings, read.state);
  });
}

TEST_CASE("a checkpoint of another kind or a newer version is refused") {
  CHECK_THROWS_AS(decode_checkpoint(frame("mlp", 1, "x"), "f"), FormatError);
  CHECK_THROWS_AS(decode_checkpoint(frame(checkpoint_kind, checkpoint_version + 1, "x"), "f"), FormatError);
  CHECK_THROWS_AS(decode_checkpoint("", "f"), FormatError);
}

TEST_CASE("only the same training may go on") {
  auto trainer = fresh(settings_for(Adam{}));
  const auto saved = checkpoint_of(trainer);
  const auto refused = [&](auto change) {
    auto wanted = saved;
    change(wanted);
    CHECK_THROWS_AS(require_same_training(saved, wanted), ConfigError);
  };
  CHECK_NOTHROW(require_same_training(saved, saved));
  refused([](Checkpoint& c) { c.settings.learning_rate = 1; });
  refused([](Checkpoint& c) { c.settings.optimizer = Muon{}; });
  refused([](Checkpoint& c) { c.settings.normalize_gradient = false; });
  refused([](Checkpoint& c) { c.target = fingerprint(striped(10)); });
  refused([](Checkpoint& c) { c.wiring.masks[0][0] = 0; });
  refused([](Checkpoint& c) { c.freeze_copies = true; });
  refused([](Checkpoint& c) { c.state.initial[0] += 1; });
  refused([](Checkpoint& c) { c.instruction_set = "other"; });
  refused([](Checkpoint& c) { c.settings.seed = 3; });
  auto longer = saved;
  longer.settings.steps = 99;
  CHECK_NOTHROW(require_same_training(saved, longer));
}

TEST_CASE("fuzz: checkpoint, behind a checksum that fits") {
  auto trainer = fresh(settings_for(Adam{}));
  trainer.advance(3);
  const std::string payload =
      unframe(encode_checkpoint(checkpoint_of(trainer)), checkpoint_kind, checkpoint_version, "").payload;
  test::fuzz({payload}, [](const std::string& damaged) {
    const auto read = decode_checkpoint(frame(checkpoint_kind, checkpoint_version, damaged), "fuzzed");
    trained_mlp(read.wiring, read.settings, read.state);
  });
}

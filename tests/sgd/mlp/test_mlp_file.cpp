#include "sgd/mlp/mlp_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/files/framed_file.hpp"
#include "lib/files/npy.hpp"
#include "sgd/mlp/matrices.hpp"
#include "sgd/mlp/mlp_folder.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

/// A random masked MLP on pictures, with copies, origins, zero weights, initial weights and a snapshot.
Mlp random_mlp(std::uint64_t seed) {
  RandomStream random(seed, "test mlp");
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture("3;gaussian:2,cache:3,sin:1"), picture_signature());
  mlp.wiring.inputs = {{9, 0}, {9, 1}, {9, 2}, {9, 3}};
  for (auto& layer : mlp.wiring.hidden)
    for (MlpUnit& unit : layer)
      if (random.chance(0.7))
        unit.origin = UnitOrigin{static_cast<std::int32_t>(random.below(5)) - 1,
                                 static_cast<std::int32_t>(random.below(100)), unit.kind.cache};
  for (std::size_t l = 0; l < mlp.wiring.masks.size(); ++l)
    for (std::size_t i = 0; i < mlp.wiring.masks[l].size(); ++i) {
      mlp.wiring.masks[l][i] = random.chance(0.4) ? 1 : 0;
      mlp.wiring.copies[l][i] = mlp.wiring.masks[l][i] != 0 && random.chance(0.2) ? 1 : 0;
    }
  for (int w = mlp.wiring.weight_count(); w > 0; --w) {
    mlp.weights.push_back(random.chance(0.2) ? 0.0f : static_cast<float>(random.normal()));
    mlp.initial.push_back(static_cast<float>(random.normal()));
    mlp.rewind.push_back(static_cast<float>(random.normal()));
  }
  mlp.rewind_step = 500;
  return mlp;
}

}  // namespace

TEST_CASE("an MLP file reads back as written") {
  const test::TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    Mlp mlp = random_mlp(seed);
    if (seed % 2 == 0) mlp.initial.clear();
    if (seed % 3 == 0) mlp.wiring.inputs.clear();
    write_mlp(folder.path() / "a.mlp", mlp);
    CHECK(read_mlp(folder.path() / "a.mlp") == mlp);
  }
  CHECK(framed_kind(read_file(folder.path() / "a.mlp")) == "mlp");
}

TEST_CASE("a damaged MLP file is refused or read, never worse") {
  const Mlp mlp = random_mlp(1);
  test::refuses_or_reads(encode_mlp(mlp), 300, [](const std::string& bytes) { decode_mlp(bytes, "file"); });
  // Past the checksum: the payload itself damaged, framed anew.
  const std::size_t refused = test::refuses_or_reads(mlp_payload(mlp), 2000, [](const std::string& payload) {
    lower(mlp_from_payload(payload, "file").wiring);
  });
  CHECK(refused > 500);
}

TEST_CASE("an MLP file with a weight that is not finite is refused") {
  Mlp mlp = random_mlp(2);
  mlp.weights[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH_AS(decode_mlp(encode_mlp(mlp), "some.mlp"), doctest::Contains("some.mlp"), FormatError);
}

TEST_CASE("a folder of layers reads back with the wiring its masks state") {
  const test::TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const Mlp mlp = random_mlp(seed);
    write_mlp_folder(folder.path() / "net", mlp);
    CHECK(is_mlp_folder(folder.path() / "net"));
    const Mlp back = read_mlp_folder(folder.path() / "net");
    CHECK(back.wiring.masks == mlp.wiring.masks);
    CHECK(back.wiring.copies == mlp.wiring.copies);
    CHECK(back.weights == mlp.weights);
    CHECK(architecture_of(back.wiring) == architecture_of(mlp.wiring));
  }
}

TEST_CASE("a folder without masks has the weights that are not zero") {
  const test::TemporaryFolder folder;
  const auto net = folder.path() / "net";
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture("1;cache:1,sin:1"), picture_signature());
  mlp.weights = Weights(14, 0.5f);
  write_mlp_folder(net, mlp);
  for (const char* mask : {"mask_00.npy", "mask_01.npy"}) std::filesystem::remove(net / mask);
  CHECK(read_mlp_folder(net).wiring.weight_count() == 14);

  write_npy(net / "layer_00.npy", {{4, 2}, std::vector<float>{0, 2, 1, 0, 0, 3, 0, 0}});
  const Mlp back = read_mlp_folder(net);
  CHECK(back.wiring.masks[0] == std::vector<std::uint8_t>{0, 1, 0, 0, 1, 0, 1, 0});
  CHECK(back.wiring.copies[0] == std::vector<std::uint8_t>{0, 1, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("a folder whose arrays do not fit is refused") {
  const test::TemporaryFolder folder;
  const auto net = folder.path() / "net";
  const Mlp mlp = random_mlp(4);
  const auto fresh = [&] { write_mlp_folder(net, mlp); };
  const auto refused = [&](const char* part) {
    CHECK_THROWS_WITH_AS(read_mlp_folder(net), doctest::Contains(part), FormatError);
  };
  CHECK_FALSE(is_mlp_folder(net));
  fresh();
  std::filesystem::remove(net / "layer_02.npy");
  refused("layer_02.npy");
  fresh();
  write_npy(net / "layer_01.npy", {{6, 5}, std::vector<float>(30, 1.0f)});
  refused("(6, 5)");
  fresh();
  write_npy(net / "layer_04.npy", {{6, 6}, std::vector<float>(36, 1.0f)});
  refused("layer_04.npy");
  fresh();
  write_npy(net / "mask_01.npy", {{6, 6}, std::vector<std::uint8_t>(36, 0)});
  refused("mask_01.npy");
  fresh();
  write_npy(net / "mask_01.npy", {{6, 6}, std::vector<std::uint8_t>(36, 7)});
  refused("mask_01.npy");
  fresh();
  write_npy(net / "layer_01.npy", {{6, 6}, std::vector<float>(36, std::numeric_limits<float>::infinity())});
  refused("not finite");
  fresh();
  write_file(net / "arch.txt", "3;nonsense:2");
  refused("arch.txt");
  write_file(net / "arch.txt", "1024;sin:4096");
  refused("arch.txt");
}

TEST_CASE("arranging into a wider architecture keeps the function") {
  const Mlp mlp = random_mlp(5);
  const Architecture wide = parse_architecture("3;cache:4,gaussian:5,identity:1,sin:2");
  const Mlp moved = arrange(mlp, wide);
  CHECK(uniform_architecture(moved.wiring) == wide);
  CHECK(moved.weights.size() == mlp.weights.size());
  const Grid grid{7, 5};
  std::vector<float> before(3 * grid.pixels()), after(before.size());
  evaluate(Plan(lower(mlp.wiring).network), mlp.weights, grid, before);
  evaluate(Plan(lower(moved.wiring).network), moved.weights, grid, after);
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(after[i] == doctest::Approx(before[i]).epsilon(1e-5));
  CHECK_THROWS_AS(arrange(mlp, parse_architecture("3;cache:2,gaussian:5,sin:2")), ConfigError);
  CHECK_THROWS_AS(arrange(mlp, parse_architecture("4;cache:4,gaussian:5,sin:2")), ConfigError);
}

TEST_CASE("the study's layers are read: counts of weights and copies, and the colours they draw") {
  struct Known {
    const char* name;
    int weights, copies;
    const char* architecture;
  };
  for (const Known& known : {Known{"skull", 147, 90, "12;cache:15,gaussian:4,identity:2,sin:1"},
                             Known{"butterfly", 281, 177, "16;cache:17,gaussian:4,sigmoid:1,sin:1"}})
    for (const bool evolved : {true, false}) {
      const std::string folder = std::string(known.name) + (evolved ? "/evolved" : "/sgd");
      CAPTURE(folder);
      const auto truth_file = test::reference_data(folder + "/output_hsv_64.npy");
      if (!truth_file) return;
      const auto net = truth_file->parent_path();
      CHECK(is_mlp_folder(net));
      const Mlp mlp = read_mlp_folder(net);
      CHECK(architecture_of(mlp.wiring).text() == known.architecture);
      if (evolved) {
        CHECK(mlp.wiring.weight_count() == known.weights);
        CHECK(std::ranges::count(trainable_without_copies(mlp.wiring), 0) == known.copies);
      }
      const std::vector<double> truth = read_npy(*truth_file).doubles();
      const Grid grid{64, 64};
      std::vector<float> hsv(3 * grid.pixels());
      evaluate(Plan(lower(mlp.wiring).network), mlp.weights, grid, hsv);
      double worst = 0;
      for (std::size_t p = 0; p < grid.pixels(); ++p)
        for (std::size_t c = 0; c < 3; ++c)
          worst =
              std::max(worst, std::abs(static_cast<double>(hsv[c * grid.pixels() + p]) - truth[3 * p + c]));
      CHECK(worst < 1e-4);
    }
}

TEST_CASE("a folder with a damaged array is refused or read, never worse") {
  const test::TemporaryFolder folder;
  const auto net = folder.path() / "net";
  write_mlp_folder(net, random_mlp(6));
  for (const char* name : {"layer_01.npy", "mask_01.npy", "arch.txt"}) {
    const std::string whole = read_file(net / name);
    test::refuses_or_reads(whole, 60, [&](const std::string& bytes) {
      write_file(net / name, bytes);
      lower(read_mlp_folder(net).wiring);
    });
    write_file(net / name, whole);
  }
  CHECK_NOTHROW(read_mlp_folder(net));
}

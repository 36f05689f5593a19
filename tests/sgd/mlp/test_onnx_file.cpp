#include "sgd/mlp/onnx_file.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/files/protobuf.hpp"
#include "tests/support/damage.hpp"
#include "tests/support/reference_data.hpp"
#include "tests/support/skipped.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

/// Masked, every activation among its units, layers of their own widths.
Mlp every_kind(std::uint64_t seed) {
  RandomStream random(seed, "test mlp as ONNX");
  Mlp mlp;
  mlp.wiring.signature = picture_signature();
  for (int l = 0; l < 3; ++l) {
    auto& units = mlp.wiring.hidden.emplace_back();
    for (const Activation activation : all_activations)
      for (std::uint32_t n = random.below(3) + (l == 1 ? 1 : 0); n > 0; --n)
        units.push_back({{activation, false}, {}});
    units.push_back({{Activation::identity, true}, {}});
  }
  for (int l = 0; l <= 3; ++l) {
    const MatrixShape shape = mlp.wiring.shape(l);
    auto& mask = mlp.wiring.masks.emplace_back();
    for (int i = 0; i < shape.rows * shape.columns; ++i) mask.push_back(random.chance(0.6) ? 1 : 0);
    auto& copies = mlp.wiring.copies.emplace_back(mask.size());
    for (std::size_t i = 0; i < mask.size(); ++i) copies[i] = mask[i] != 0 && random.chance(0.1) ? 1 : 0;
  }
  for (int w = mlp.wiring.weight_count(); w > 0; --w)
    mlp.weights.push_back(random.chance(0.1) ? 0.0f : static_cast<float>(random.normal()));
  return mlp;
}

}  // namespace

TEST_CASE("numbers, texts and repeated numbers come back from Protocol Buffers") {
  ProtoMessage message;
  for (const std::uint64_t value :
       {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{300}, ~std::uint64_t{0}})
    message.number(3, value);
  message.bytes(4, "text");
  message.real(5, 1.5f);
  message.bytes(6, std::string("\x05\xac\x02", 3));
  const auto fields = proto_fields(message.written(), "message");
  CHECK(proto_numbers(fields, 3, "message") == std::vector<std::uint64_t>{0, 127, 300, ~std::uint64_t{0}});
  CHECK(fields[4].bytes == "text");
  CHECK(proto_numbers(fields, 6, "message") == std::vector<std::uint64_t>{5, 300});
  // The example of the documentation: field 1, the number 150.
  ProtoMessage documented;
  documented.number(1, 150);
  CHECK(documented.written() == "\x08\x96\x01");
}

TEST_CASE("a network written as ONNX reads back with its units, masks and weights") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const Mlp mlp = every_kind(seed);
    const std::string model = onnx_model(mlp, {.colour_head = seed % 2 == 0});
    CHECK(may_be_onnx(model));
    CHECK(parse_onnx(model, "a.onnx") == mlp);
    CHECK(onnx_model(mlp, {.colour_head = seed % 2 == 0}) == model);
  }
}

TEST_CASE("damaged ONNX is refused or read, never more") {
  const std::string model = onnx_model(every_kind(0));
  CHECK(test::refuses_or_reads(
            model, 500, [](const std::string& b) { lower(parse_onnx(b, "damaged.onnx").wiring); }) > 200);
  CHECK_THROWS_WITH_AS(parse_onnx("\x08\x07\x12\x07pytorch", "other.onnx"),
                       doctest::Contains("not an ONNX model that skein wrote"), FormatError);
}

TEST_CASE("a colour head is refused to a network that does not draw") {
  Mlp mlp = every_kind(1);
  mlp.wiring.signature.outputs = {"a", "b", "c"};
  CHECK_THROWS_AS(onnx_model(mlp, {.colour_head = true}), ConfigError);
  CHECK_NOTHROW(onnx_model(mlp));
}

TEST_CASE("ONNX's own checker accepts what is written") {
  if (std::system("/usr/bin/python3 -c 'import onnx' > /dev/null 2>&1") != 0)
    return test::skipped("python3-onnx is not installed");
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "model.onnx";
  write_file(file, onnx_model(every_kind(4), {.colour_head = true}));
  const std::string check =
      "/usr/bin/python3 -c 'import onnx, sys; m = onnx.load(sys.argv[1]); onnx.checker.check_model(m, "
      "full_check=True)' " +
      file.string() + " > /dev/null 2>&1";
  CHECK(std::system(check.c_str()) == 0);
  // What is no model does not pass.
  std::string broken = onnx_model(every_kind(4));
  const auto at = broken.find("MatMul");
  broken.replace(at, 6, "MatMux");
  write_file(file, broken);
  CHECK(std::system(check.c_str()) != 0);
}

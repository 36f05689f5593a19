#include "sgd/mlp/onnx_file.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/files/protobuf.hpp"
#include "sgd/mlp/onnx_fields.hpp"
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

TEST_CASE("what is wrong with an ONNX model is said in one line") {
  Mlp mlp;
  mlp.wiring = dense_wiring(parse_architecture("1;sin:3"), picture_signature());
  for (int w = 0; w < mlp.wiring.weight_count(); ++w) mlp.weights.push_back(1.0f + static_cast<float>(w));
  mlp.weights[5] = 12345.678f;
  const std::string model = onnx_model(mlp);
  REQUIRE(parse_onnx(model, "a.onnx").weights == mlp.weights);
  // The model with every `from` replaced by a text of the same length.
  const auto with = [&](const std::string& from, const std::string& to) {
    REQUIRE(from.size() == to.size());
    std::string changed = model;
    std::size_t found = 0;
    for (auto at = changed.find(from); at != std::string::npos; at = changed.find(from, at + to.size())) {
      changed.replace(at, from.size(), to);
      ++found;
    }
    REQUIRE(found > 0);
    return changed;
  };
  const auto bytes_of = [](float value) {
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
  };
  const std::vector<std::pair<std::string, std::string>> damaged{
      {with("units", "stuff"), "has no property 'units'"},
      {with("sin:3", "sun:3"), "names units of an unknown kind"},
      {with("sin:3", "sin:x"), "counts units wrongly"},
      {with("sin:3", "sin:4"), "its initializer 'layer_00' has not the shape or type"},
      {with("mask_01", "mask_91"), "has no initializer 'mask_01'"},
      {with(bytes_of(12345.678f), bytes_of(std::numeric_limits<float>::quiet_NaN())),
       "holds a weight that is none"}};
  for (const auto& one : damaged) {
    CAPTURE(one.second);
    CHECK_THROWS_WITH_AS(parse_onnx(one.first, "a.onnx"), doctest::Contains(one.second.c_str()), FormatError);
  }
}

TEST_CASE(
    "an ONNX model that counts more units than there can be is refused, however many they are said to be") {
  for (const std::string units :
       {"sin:4097000", "sin:18446744073709551615", "sin:1,cos:18446744073709551615", "sin:-1"}) {
    CAPTURE(units);
    ProtoMessage model;
    model.number(onnx::model::ir_version, 8);
    model.bytes(onnx::model::producer_name, "skein");
    const std::vector<std::pair<std::string, std::string>> properties{
        {"inputs", "x,y,d,bias"}, {"outputs", "hue,saturation,brightness"}, {"units", units}};
    for (const auto& one : properties) {
      ProtoMessage property;
      property.bytes(onnx::property::key, one.first);
      property.bytes(onnx::property::value, one.second);
      model.bytes(onnx::model::metadata, property.written());
    }
    REQUIRE(may_be_onnx(model.written()));
    CHECK_THROWS_WITH_AS(parse_onnx(model.written(), "a.onnx"), doctest::Contains("counts units wrongly"),
                         FormatError);
  }
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

// Files of MLPs and recursions from damaged bytes: read or refused, whatever they are.
#include <doctest/doctest.h>

#include "lib/files/framed_file.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "sgd/mlp/mlp_json.hpp"
#include "sgd/mlp/onnx_file.hpp"
#include "sgd/recursion/recursion_file.hpp"
#include "sgd/train/checkpoint.hpp"
#include "tests/support/fuzz.hpp"

using namespace skein;
using namespace skein::sgd;

namespace {

Mlp small_mlp(const char* architecture) {
  Mlp mlp;
  mlp.wiring =
      dense_wiring(parse_architecture(architecture), {{"x", "bias"}, {"hue", "saturation", "brightness"}});
  mlp.weights.assign(static_cast<std::size_t>(mlp.wiring.weight_count()), 0.5f);
  mlp.initial = mlp.weights;
  mlp.wiring.inputs = {{.branch = 3, .id = 1}, {.branch = 3, .id = 2}};
  return mlp;
}

}  // namespace

TEST_CASE("fuzz: MLP file, behind a checksum that fits and as it is") {
  std::vector<std::string> files, payloads;
  for (const char* architecture : {"2;sin:2,cache:1", "1;tanh:3"}) {
    files.push_back(encode_mlp(small_mlp(architecture)));
    payloads.push_back(mlp_payload(small_mlp(architecture)));
  }
  const auto read = [](const std::string& bytes) { lower(decode_mlp(bytes, "fuzzed").wiring); };
  test::fuzz(files, read, 500);
  test::fuzz(payloads, [&](const std::string& payload) { read(frame(mlp_kind, mlp_version, payload)); });
}

TEST_CASE("fuzz: JSON network") {
  std::vector<std::string> corpus;
  for (const char* architecture : {"2;sin:2,cache:1", "1;tanh:3"})
    corpus.push_back(mlp_json(small_mlp(architecture)));
  test::fuzz(corpus, [](const std::string& text) {
    const Mlp mlp = parse_mlp_json(text, "fuzzed");
    lower(mlp.wiring);
    CHECK(parse_mlp_json(mlp_json(mlp), "again").weights == mlp.weights);
  });
}

TEST_CASE("fuzz: ONNX model") {
  std::vector<std::string> corpus;
  for (const char* architecture : {"2;sin:2,cache:1", "1;tanh:3"})
    corpus.push_back(onnx_model(small_mlp(architecture)));
  test::fuzz(corpus, [](const std::string& bytes) { lower(parse_onnx(bytes, "fuzzed").wiring); });
}

TEST_CASE("fuzz: recursion, behind a checksum that fits and as it is") {
  RecursiveNet whole{parse_recursion("rec:2(3;relu:2,tanh:1;sin:2)"), picture_signature(), {}, {}};
  whole.weights = whole.initial = initial_weights(whole.recursion, whole.signature, 1);
  const std::string file = encode_recursion(whole);
  const auto read = [](const std::string& bytes) {
    const RecursiveNet net = decode_recursion(bytes, "fuzzed");
    lower(net.recursion, net.signature);
  };
  test::fuzz({file}, read, 500);
  test::fuzz({unframe(file, recursion_kind, recursion_version, "corpus").payload},
             [&](const std::string& payload) { read(frame(recursion_kind, recursion_version, payload)); });
}

// What a command does not use, cannot read or cannot mean is one line that names it.
#include "lib/files/npy.hpp"
#include "lib/picture/image.hpp"
#include "tests/cli/run_skein.hpp"
#include "tests/support/made_png.hpp"

using namespace skein;
using namespace skein::test;

namespace {

/// A chain or a fan of hidden nodes in Picbreeder's format.
std::string large_genome(int count, bool deep) {
  const auto marking = [](const char* name, int id) {
    return std::string("<") + name + " branch=\"1\" id=\"" + std::to_string(id) + "\"/>";
  };
  std::string nodes, links;
  const auto node = [&](int id, const std::string& what, const char* activation) {
    nodes +=
        "<node " + what + ">" + marking("marking", id) + "<activation>" + activation + "</activation></node>";
  };
  const auto link = [&](int id, int from, int to) {
    links += "<link>" + marking("marking", id) + marking("source", from) + marking("target", to) +
             "<weight>0.5</weight></link>";
  };
  for (const char* input : {"x", "y", "d", "bias"})
    node(input[0], std::string("type=\"in\" label=\"") + input + "\"", "identity(x)");
  node(1, "type=\"out\" label=\"ink\"", "sin(x)");
  for (int i = 0; i < count; ++i) {
    node(1000 + i, "type=\"hidden\"", "sin(x)");
    link(20000 + i, deep && i > 0 ? 999 + i : 'x', 1000 + i);
    if (!deep) link(40000 + i, 1000 + i, 1);
  }
  if (deep) link(60000, 999 + count, 1);
  return "<data><genome><identifier branch=\"1\" id=\"2\"/><nodes>" + nodes + "</nodes><links>" + links +
         "</links></genome></data>";
}

}  // namespace

TEST_CASE("numbers are read strictly, everywhere") {
  const TemporaryFolder folder;
  refused(folder, "train @face --out r --size 0", "--size");
  refused(folder, "train @face --out r --arch ''", "--arch");
  refused(folder, "train @face --out r --schedule warmup-cosine --warmup 99999999999999999999",
          "--warmup: '99999999999999999999'");
  refused(folder, "train @face --out r --steps 1e3", "--steps");
  refused(folder, "train @face --out r --steps 0x10", "--steps");
  refused(folder, "train @face --out r --batch-pixels -1", "--batch-pixels");
  refused(folder, "train @face --out r --batch-pixels 4294967296", "--batch-pixels");
  refused(folder, "train @face --out r --init-scale inf", "--init-scale");
  refused(folder, "compare @face --out r --seeds -1", "--seeds");
  refused(folder, "compare @face --out r --seeds 0", "--seeds");
  refused(folder, "reach --out r --reached nan", "--reached");
  refused(folder, "evolve --goal novelty --out r --crossover nan", "--crossover");
  refused(folder, "evolve --goal novelty --out r --population 99999999999", "--population");
  refused(folder, "info @face --seed -1", "--seed");
  refused(folder, "info @face --seed 9223372036854775808", "--seed");
  refused(folder, "info @face --seed 18446744073709551616", "--seed");
  refused(folder, "sweep @face --out s --directions 1000000000", "--directions");
  CHECK(skein_in(folder, "info @face --seed 9223372036854775807 --json").code == 0);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "r"));
}

TEST_CASE("an option that would do nothing is refused") {
  const TemporaryFolder folder;
  done_in(folder, "layerize @face --out f.mlp");
  const std::string prune = "prune f.mlp --target @face --out p.mlp --steps 2 --size 8 --keep 60 ";
  refused(folder, prune + "--method lottery --rounds 1", "--rounds");
  refused(folder, prune + "--method magnitude --similarity 0.9",
          "--similarity is used only with --method sp");
  refused(folder, prune + "--method magnitude --scope units", "--scope");
  refused(folder, prune + "--method sp --taylor second", "--taylor");
  refused(folder, prune + "--method sp --cut 0.3", "--cut");
  refused(folder, prune + "--method sp --like @face", "--like");
  refused(folder, prune + "--method sp --rounds 0", "--rounds");
  refused(folder, "train @face --out r --newton-schulz 7",
          "--newton-schulz is used only with --optimizer muon");
  refused(folder, "train @face --out r --warmup 10", "--warmup is used only with --schedule warmup-cosine");
  refused(folder, "train @face --out r --copies freeze", "--copies");
  refused(folder, "train @face --out r --wiring @face --init keep --init-scale 2", "--init-scale");
  refused(folder, "score @face --judge-model m", "--judge-model is used only with --judge vlm");
  refused(
      folder,
      "hide @face --out h.mlp --arch '6;cache:30,gaussian:20,identity:9,relu:9,sigmoid:9,tanh:9' --widen 3",
      "--widen");
  refused(folder, "evolve --goal novelty --out r --evaluations 100",
          "--evaluations is used only with --goal map-elites");
  refused(folder, "evolve --goal task:xor --out r --size 32", "--size");
  refused(folder, "evolve --goal novelty --out r --gradient-steps 3", "--gradient-steps");
  refused(folder, "evolve --goal novelty --out r --strength 0.1", "--strength");
  refused(folder, "evolve --goal map-elites --out r --species 3", "--species");
  refused(folder, "compare @face --out r --methods dense-adam --newton-schulz 7", "--newton-schulz");
  refused(folder, "compare @face --out r --methods dense-muon --warmup 7", "--warmup");
  refused(folder, "reach --out r --targets @disc --gradient-steps 3",
          "--gradient-steps is used only with an arm");
  refused(folder, "reach --out r --targets @disc --arms same-pixels --gradient-rate 0.1", "--gradient-rate");
  refused(folder, "validate @face --out r --steps 30", "--steps is used only with --seeds");
  refused(folder, "validate @face --out r --training-size 32", "--training-size is used only with --seeds");
  refused(folder, "bench --signature-only --rounds 3", "--rounds");
  CHECK_FALSE(std::filesystem::exists(folder.path() / "r"));
}

TEST_CASE("a run's own configuration can be given to another run of the same kind") {
  const TemporaryFolder folder;
  REQUIRE(skein_in(folder, "train @face --out a --arch '2;sin:3' --steps 2 --size 8").code == 0);
  const Finished again = skein_in(folder, "train --config a/config.toml --out b --json");
  CAPTURE(again.err);
  CHECK(again.code == 0);
  done_in(folder, "prune a --target @face --method magnitude --keep 0.5 --steps 2 --size 8 --out p.mlp");
  const Finished pruned = skein_in(folder, "prune a --config p.mlp.run/config.toml --out q.mlp --json");
  CAPTURE(pruned.err);
  CHECK(pruned.code == 0);
}

TEST_CASE("a population smaller than the wished number of species is no mistake; a wish for more is") {
  const TemporaryFolder folder;
  CHECK(skein_in(folder, "evolve --goal novelty --population 6 --generations 1 --size 16 --out o").code == 0);
  refused(folder, "evolve --goal novelty --population 6 --species 10 --out p",
          "--species 10: at most the population, 6");
}

TEST_CASE("a configuration file that is wrong is named with what is wrong in it") {
  const TemporaryFolder folder;
  const auto with = [&](const std::string& text) { write_file(folder.path() / "c.toml", text); };
  with("lrr = 0.1\n");
  refused(folder, "train @face --out o --config c.toml", "c.toml: no option 'lrr' of `skein train`");
  with("[trian]\nlr = 0.1\n");
  refused(folder, "train @face --out o --config c.toml", "c.toml: no command 'trian'");
  with("steps = \"many\"\n");
  refused(folder, "train @face --out o --config c.toml", "c.toml: --steps");
  with("steps = { a = 1 }\n[train]\n");
  refused(folder, "train @face --out o --config c.toml", "c.toml");
  with("= = =\n");
  refused(folder, "train @face --out o --config c.toml", "c.toml: not TOML at line 1");
}

TEST_CASE("paths that cannot be are told from files that are not there") {
  const TemporaryFolder folder;
  refused(folder, "info nothing.xml", "there is no such file", 1);
  std::filesystem::create_symlink("round", folder.path() / "round");
  refused(folder, "info round", "cannot be looked at", 1);
  refused(folder, "train round --out o", "cannot be looked at", 1);
  refused(folder, "info " + std::string(300, 'a'), "cannot be looked at", 1);
}

TEST_CASE("pictures of other kinds and sizes are refused by name") {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.gif", "GIF89a" + std::string(40, '\0'));
  refused(folder, "train a.gif --out o", "a picture of the kind GIF; PNG and JPEG are read", 1);
  MadePng wide;
  wide.header(20000, 10, 8, 2).data("x");
  write_file(folder.path() / "wide.png", wide.end());
  refused(folder, "train wide.png --out o", "a picture of 20000 x 10; at most 16384 a side", 1);
}

TEST_CASE("info says what a genome is whose layered form is too large") {
  const TemporaryFolder folder;
  for (const bool deep : {true, false}) {
    const int count = deep ? 3000 : 5000;
    write_file(folder.path() / "g.xml", large_genome(count, deep));
    const Finished run = done_in(folder, "info g.xml --json");
    const auto json = run.json();
    CHECK(json["nodes"] == count + 5);
    CHECK(json["links"] == (deep ? count + 1 : 2 * count));
    CHECK(json["depth"] == (deep ? count + 1 : 2));
    CHECK(json["arch"].is_null());
    CHECK(json["warnings"].dump().find("layered form is too large") != std::string::npos);
  }
}

TEST_CASE("a set is read genome by genome, and masks of truth values like any other") {
  const TemporaryFolder folder;
  std::string good = large_genome(2, true);
  good = good.substr(6, good.size() - 6 - 7);  // the genome alone
  std::string bad = good;
  bad.replace(bad.rfind("sin(x)"), 6, "abs(x)");
  write_file(folder.path() / "set.xml", "<data>" + good + bad + "</data>");
  CHECK(skein_in(folder, "info set.xml#1 --json").json()["nodes"] == 7);
  refused(folder, "info set.xml#2", "genome 2", 1);
  done_in(folder, "layerize @face --out f.mlp");
  done_in(folder, "export f.mlp --out arrays --format npy-folder");
  const auto before = skein_in(folder, "info arrays --json").json();
  const auto mask = folder.path() / "arrays" / "mask_00.npy";
  std::string bytes = read_file(mask);
  REQUIRE(bytes.find("|u1") != std::string::npos);
  bytes.replace(bytes.find("|u1"), 3, "|b1");
  write_file(mask, bytes);
  CHECK(skein_in(folder, "info arrays --json").json()["nonzero"] == before["nonzero"]);
}

TEST_CASE("a report of a run whose rows cannot be read is made, and fails") {
  const TemporaryFolder folder;
  REQUIRE(skein_in(folder,
                   "compare @face --out c --methods dense-adam --seeds 1 --steps 3 --size 8 --arch '1;sin:2'")
              .code == 0);
  CHECK(skein_in(folder, "report c").code == 0);
  for (const char* damaged : {"{\"format\": 1, \"rows\": [", "{}", ""}) {
    write_file(folder.path() / "c" / "results.json", damaged);
    const Finished run = skein_in(folder, "report c --quiet");
    CHECK(run.code == 1);
    CAPTURE(run.err);
    CHECK(is_one_line(run.err));
    CHECK(run.err.find("results.json") != std::string::npos);
  }
}

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "experiments/cli/command_line.hpp"
#include "experiments/cli/command_table.hpp"
#include "experiments/nets/load_net.hpp"
#include "experiments/nets/net.hpp"
#include "experiments/nets/net_description.hpp"
#include "lib/base/error.hpp"
#include "sgd/mlp/mlp_file.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

int skein_command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "skein");
  arguments.insert(arguments.end(), {"--quiet", "--json"});
  return run_command_line(all_commands(), arguments);
}

}  // namespace

TEST_CASE("a wiring is hidden, written and compared from the command line") {
  const test::TemporaryFolder folder;
  const std::string out = (folder.path() / "hidden.mlp").string(),
                    plain = (folder.path() / "plain.mlp").string();
  REQUIRE(skein_command({"hide", "@face", "--out", out, "--seed", "3"}) == 0);
  REQUIRE(skein_command({"layerize", "@face", "--out", plain}) == 0);
  const Net face = load_net("@face"), hidden = load_net(out), layered = load_net(plain);
  CHECK(max_abs_difference(face, hidden) < 1e-3);
  CHECK(hidden.mlp->weights.size() > 3 * layered.mlp->weights.size());
  CHECK(skein_command({"wiring", out, "--reference", "@face", "--null-samples", "3"}) == 0);
  CHECK_THROWS_AS(skein_command({"hide", "@face", "--out", out}), ConfigError);
  CHECK(skein_command({"hide", "@face", "--out", out, "--force", "--ways", "permute,useless", "--sparse"}) ==
        0);
}

TEST_CASE("impossible hidings and comparisons are refused") {
  const test::TemporaryFolder folder;
  const std::string out = (folder.path() / "hidden.mlp").string();
  CHECK(skein_command({"hide", "@face", "--out", out, "--ways", "wish"}) == 2);
  CHECK_THROWS_AS(skein_command({"hide", "@face", "--out", out, "--ways", "permute"}), ConfigError);
  CHECK_THROWS_AS(skein_command({"hide", "@face", "--out", out, "--arch", "3;sin:1"}), ConfigError);
  CHECK_THROWS_AS(skein_command({"hide", "@face", "--out", out, "--widen", "0.5"}), ConfigError);
  CHECK(skein_command({"wiring", "@face", "--null-samples", "-1"}) == 2);
  CHECK_FALSE(std::filesystem::exists(out));
}

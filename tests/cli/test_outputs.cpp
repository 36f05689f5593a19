// What a command writes over, what it leaves alone, and numbers as they are typed.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "lib/picture/image.hpp"
#include "tests/cli/run_skein.hpp"

using namespace skein;
using namespace skein::test;

namespace {

namespace fs = std::filesystem;

const std::string small_train = "train @face --arch '2;sin:3' --steps 8 --size 12 --out ";

}  // namespace

TEST_CASE("numbers that cannot be held are refused, not bent into some that can") {
  const TemporaryFolder folder;
  for (const char* seed : {"-1", "9223372036854775808", "18446744073709551615", "18446744073709551616",
                           "99999999999999999999999", "010", "0x10", "1e3", "1.0", "' 1'", "''"}) {
    CAPTURE(seed);
    const Finished run = skein_in(folder, small_train + "r --seed " + seed);
    CHECK(run.code == 2);
    CAPTURE(run.err);
    CHECK(is_one_line(run.err));
    CHECK_FALSE(fs::exists(folder.path() / "r"));
  }
  for (const char* flags : {"--warmup 99999999999999999999", "--steps 9223372036854775808", "--steps 08",
                            "--rewind-step -99999999999999999999", "--lr inf", "--lr nan", "--lr 1e999",
                            "--batch-pixels 18446744073709551617", "--checkpoint-every 9223372036854775808",
                            "--size 4294967304", "--threads 4294967297"}) {
    CAPTURE(flags);
    CHECK(skein_in(folder, small_train + "r " + flags).code == 2);
    CHECK_FALSE(fs::exists(folder.path() / "r"));
  }
  CHECK(skein_in(folder, "reach --out r --targets @face --reached nan").code == 2);
  write_file(folder.path() / "c.toml", "seed = -1\n");
  CHECK(skein_in(folder, small_train + "r --config c.toml").code == 2);
  CHECK(skein_in(folder, "evolve --goal task:xor --seeds 2 --seed 9223372036854775807 --out r").code == 2);
  CHECK_FALSE(fs::exists(folder.path() / "r"));
}

TEST_CASE("the last seed there is makes a run that is read back") {
  const TemporaryFolder folder;
  const std::string train = small_train + "r --seed 9223372036854775807";
  CHECK(skein_in(folder, train).code == 0);
  CHECK(skein_in(folder, train).code == 0);
  CHECK(skein_in(folder, "info r").code == 0);
}

TEST_CASE("a network too large to draw is trained and kept; the figure is a note") {
  const TemporaryFolder folder;
  const Finished run = skein_in(folder, "train @face --arch '1000;sin:4' --steps 2 --size 8 --out r");
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(run.err.find("note: r/features.png is not drawn: ") != std::string::npos);
  CHECK(fs::exists(folder.path() / "r/DONE"));
  CHECK(skein_in(folder, "info r").code == 0);
}

TEST_CASE("prune writes to --out what a finished run has, and not over what is another's") {
  const TemporaryFolder folder;
  done_in(folder, small_train + "r");
  const std::string prune =
      "prune r --target @face --method magnitude --keep 9 --steps 4 --size 12 --out-run p --quiet --json "
      "--out ";
  write_file(folder.path() / "thesis.tex", "precious");
  CHECK(skein_in(folder, prune + "thesis.tex").code == 2);
  CHECK(read_file(folder.path() / "thesis.tex") == "precious");
  CHECK_FALSE(fs::exists(folder.path() / "p"));
  done_in(folder, prune + "a.mlp");
  CHECK(skein_in(folder, prune + "a.mlp").code == 0);
  const std::string network = read_file(folder.path() / "a.mlp");
  fs::remove(folder.path() / "a.mlp");
  CHECK(skein_in(folder, prune + "a.mlp").code == 0);
  CHECK(read_file(folder.path() / "a.mlp") == network);
  const Finished other = skein_in(folder, prune + "b.mlp");
  CHECK(other.json()["out"] == "b.mlp");
  CHECK(read_file(folder.path() / "b.mlp") == network);
  CHECK(skein_in(folder, prune + "thesis.tex").code == 2);
  CHECK(read_file(folder.path() / "thesis.tex") == "precious");
}

TEST_CASE("sweep does not write over pictures that are not its own, and keeps them with --force") {
  const TemporaryFolder folder;
  make_folder(folder.path() / "photos/strips");
  write_png(folder.path() / "photos/sheet.png", Image(3, 3, 9));
  write_png(folder.path() / "photos/strips/weight-0.png", Image(3, 3, 9));
  const std::string before = read_file(folder.path() / "photos/sheet.png");
  const std::string sweep = "sweep @face --weights 0,1 --steps 3 --size 12 --quiet --out ";
  CHECK(skein_in(folder, sweep + "photos").code == 2);
  CHECK(skein_in(folder, sweep + "photos --force").code == 2);
  CHECK(read_file(folder.path() / "photos/sheet.png") == before);
  CHECK(read_file(folder.path() / "photos/strips/weight-0.png") == before);
  CHECK_FALSE(fs::exists(folder.path() / "photos/.lock"));
  CHECK(skein_in(folder, sweep + "s").code == 0);
  write_file(folder.path() / "s/notes.txt", "mine");
  CHECK(skein_in(folder, sweep + "s --range 2 --force").code == 0);
  CHECK(read_file(folder.path() / "s/notes.txt") == "mine");
}

TEST_CASE("two renders at once do not meet, and no file of a like name is touched") {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.png.tmp", "mine");
  done_in(folder, "render @face --size 1500 --out one.png");
  const std::string render = "'" SKEIN_PROGRAM "' render @face --size 1500 --quiet --out a.png --force";
  const std::string twice =
      "cd '" + folder.path().string() + "' && { " + render + " & " + render + " && wait $!; }";
  CHECK(std::system(twice.c_str()) == 0);
  CHECK(read_file(folder.path() / "a.png") == read_file(folder.path() / "one.png"));
  CHECK(read_file(folder.path() / "a.png.tmp") == "mine");
}

TEST_CASE("--force leaves the old run when the new flags are refused") {
  const TemporaryFolder folder;
  done_in(folder, small_train + "r");
  done_in(folder, "evolve --goal task:xor --seeds 2 --out e");
  done_in(folder, "prune r --target @face --method magnitude --keep 9 --steps 2 --size 12 --out p");
  const std::string network = read_file(folder.path() / "r/network.mlp");
  for (const char* command :
       {"train @face --out r --lr -1 --force", "train @face --out r --rewind-step 9 --steps 3 --force",
        "train @face --out r --batch-pixels 99999999 --steps 3 --size 12 --force",
        "train r --out r --steps 3 --force", "train @face --wiring r --out r --steps 3 --force",
        "train nothing.png --out r --force", "train @face --out r --arch '0;sin:1' --force",
        "evolve --goal task:xor --out e --seeds 0 --force", "evolve --goal task:nothing --out e --force",
        "evolve --goal novelty --population 0 --add-link 7 --out e --force",
        "prune r --target @face --method lottery --out p --force",
        "prune r --target @face --keep 99999 --out p --force", "validate r --out r --force",
        "reach --targets r --out r --force", "reach --add-link 9 --out r --force",
        "compare r --out r --force", "compare @face --methods magic --out r --force",
        "compare @face --seeds -1 --out r --force", "compare @face --lr -1 --out r --force"}) {
    CAPTURE(command);
    CHECK(skein_in(folder, command).code != 0);
    REQUIRE(fs::exists(folder.path() / "r/DONE"));
    REQUIRE(fs::exists(folder.path() / "e/DONE"));
    REQUIRE(fs::exists(folder.path() / "p.run/DONE"));
    CHECK(read_file(folder.path() / "r/network.mlp") == network);
  }
}

TEST_CASE("a link given as --out stays one; permissions stay as they were") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "elsewhere");
  fs::create_directory_symlink("elsewhere", folder.path() / "run");
  write_file(folder.path() / "real.png", "old");
  fs::permissions(folder.path() / "real.png", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("real.png", folder.path() / "a.png");
  CHECK(skein_in(folder, "render @face --size 20 --out a.png --force").code == 0);
  CHECK(fs::is_symlink(folder.path() / "a.png"));
  CHECK(read_image(folder.path() / "real.png").width == 20);
  CHECK(fs::status(folder.path() / "real.png").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(skein_in(folder, small_train + "run").code == 0);
  CHECK(skein_in(folder, small_train + "run --seed 1 --force").code == 0);
  CHECK(fs::is_symlink(folder.path() / "run"));
  CHECK(fs::exists(folder.path() / "elsewhere/DONE"));
  CHECK(skein_in(folder, "render @face --size 20 --out /dev/null --force").code == 0);
  CHECK(fs::is_character_file("/dev/null"));
  CHECK(skein_in(folder, "render @face --size 2000 --out /dev/full --force").code == 1);
}

TEST_CASE("a run that was stopped between checkpoints ends with the same files as one that was not") {
  const TemporaryFolder folder;
  const std::string train =
      "train @face --arch '2;sin:3' --steps 20000 --size 12 --checkpoint-every 7000 --quiet --out ";
  done_in(folder, train + "whole");
  for (int stops = 0; stops < 3; ++stops) skein_in(folder, train + "parts", "timeout -s INT 0.2");
  done_in(folder, train + "parts");
  same_files(folder, "whole", "parts", {"checkpoint", "network.mlp", "loss.csv", "metrics.jsonl"});
}

TEST_CASE("--quiet says nothing on standard error") {
  const TemporaryFolder folder;
  for (const std::string& command :
       {small_train + "r", small_train + "r", std::string("render @face --size 9 --out a.png"),
        std::string("evolve --goal task:xor --seeds 2 --out e"),
        std::string("bench --only 'activation, sin' --rounds 1"),
        std::string("score @face --size 16 --weights 4 --resamples 2"), std::string("report r"),
        std::string("prune r --target @face --method magnitude --keep 9 --steps 2 --size 12 --out p"),
        std::string("train @face --arch '1000;sin:4' --steps 1 --size 8 --out big")}) {
    CAPTURE(command);
    const Finished run = skein_in(folder, command + " --quiet");
    CHECK(run.code == 0);
    CHECK(run.err == "");
  }
}

TEST_CASE("text for people: whole numbers as such, every line ended") {
  const TemporaryFolder folder;
  const Finished wiring = skein_in(folder, "wiring @face --null-samples 2");
  CHECK(wiring.code == 0);
  CHECK(wiring.out.find(".0\n") == std::string::npos);
  CHECK(wiring.out.find("edges_alive") != std::string::npos);
  done_in(folder, small_train + "r");
  CHECK(skein_in(folder, "report r").out == "report: r/report.html\n");
}

TEST_CASE("paths of any bytes: --json does not fail after the work, and the run is read back") {
  const TemporaryFolder folder;
  const std::string name = "'r\xff\xfe'";
  const Finished run = skein_in(folder, small_train + name + " --json");
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(run.json()["out"] == "r\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(skein_in(folder, small_train + name).code == 0);
  CHECK(skein_in(folder, "render @face --size 9 --json --out 'a\xff.png'").code == 0);
  CHECK(skein_in(folder, "render @face --size 9 --out 'b\xff.png'").code == 0);
}

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>

#include "experiments/judges/vlm_judge.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/file.hpp"
#include "tests/experiments/judges/local_chat_server.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

Picture grey(float level) {
  Picture picture(8, 8);
  std::fill(picture.rgb.begin(), picture.rgb.end(), level);
  return picture;
}

}  // namespace

TEST_CASE("a verdict is read from what models write around it") {
  CHECK(read_verdict("{\"whole\": true}") == true);
  CHECK(read_verdict("```json\n{\"whole\": false}\n```") == false);
  CHECK(read_verdict("Either {\"whole\": true} or ... I say {\"whole\":false}.") == false);
  CHECK(read_verdict("{\"whole\": true, \"why\": \"a face\"} }") == true);
  for (const char* nothing :
       {"", "yes", "{", "}{", "{\"whole\": \"true\"}", "{\"whole\": 1}", "{\"broken\": true}"})
    CHECK(!read_verdict(nothing));
}

TEST_CASE("answers are kept by content, so that a second time asks nothing and a broken-off one goes on") {
  const TemporaryFolder cache;
  const std::vector<Picture> changed{grey(0.1f), grey(0.2f), grey(0.3f), grey(0.4f)};
  std::atomic<bool> out_of_order = false;
  const LocalChatServer server([&](const httplib::Request&, httplib::Response& response, int number) {
    if (out_of_order) response.status = 500;
    response.set_content(completion(number % 2 ? "{\"whole\": true}" : "{\"whole\": false}"),
                         "application/json");
  });
  const VlmSettings settings{server.chat(), cache.path};
  const auto first = ask_vlm(settings, grey(0), {changed[0], changed[1]});
  CHECK(server.asked() == 2);
  CHECK(ask_vlm(settings, grey(0), {changed[0], changed[1]}) == first);
  CHECK(server.asked() == 2);
  out_of_order = true;
  CHECK_THROWS_AS(ask_vlm(settings, grey(0), changed), Error);
  out_of_order = false;
  const int before = server.asked();
  const auto all = ask_vlm(settings, grey(0), changed);
  CHECK(server.asked() == before + 2);
  CHECK(std::equal(first.begin(), first.end(), all.begin()));
  auto other = settings;
  other.chat.model = "another";
  ask_vlm(other, grey(0), {changed[0]});
  CHECK(server.asked() == before + 3);
  for (const auto& file : std::filesystem::directory_iterator(cache.path)) write_file(file.path(), "torn {");
  ask_vlm(settings, grey(0), {changed[0]});
  CHECK(server.asked() == before + 4);
}

TEST_CASE("a model that refuses or rambles leaves steps without an opinion") {
  const TemporaryFolder cache;
  const LocalChatServer server([](const httplib::Request&, httplib::Response& response, int number) {
    response.set_content(
        number == 1 ? completion("", "content_filter") : completion("It is a lovely picture."),
        "application/json");
  });
  const VlmSettings settings{server.chat(), cache.path};
  CHECK(ask_vlm(settings, grey(0), {grey(0.5f)}) == std::vector{Verdict::refused});
  CHECK(ask_vlm(settings, grey(0), {grey(0.6f)}) == std::vector{Verdict::unclear});
  CHECK(server.asked() == 4);  // once refused, three times asked to be understood
}

TEST_CASE("a model's verdicts become the compositional score") {
  const TemporaryFolder cache;
  const LocalChatServer server(always(completion("{\"whole\": true}")));
  ScoreSettings scoring;
  scoring.size = 32;
  scoring.weights = 6;
  scoring.directions = 4;
  scoring.noise_draws = 1;
  scoring.resamples = 5;
  Evidence evidence = gather(subject_of(flower().genome), scoring);
  const VlmSettings settings{server.chat(), cache.path};
  const JudgedSteps judged = judge_by_model(evidence, settings);
  CHECK(judged.asked > 0);
  CHECK(judged.asked == static_cast<std::size_t>(server.asked()));
  const Score result = score(evidence);
  CHECK(result.at("compositional_score").value == 1.0);
  CHECK(!result.at("compositional_score_directions").value);
}

TEST_CASE("agreement with known pictures is accuracy, and kappa is what chance leaves of it") {
  using enum Verdict;
  const std::vector<bool> known{true, true, true, true, false, false, false, false};
  const auto perfect = agreement_with(known, {whole, whole, whole, whole, broken, broken, broken, broken});
  CHECK(perfect.accuracy == 1);
  CHECK(perfect.kappa == doctest::Approx(1));
  const auto yes_man = agreement_with(known, std::vector(8, whole));
  CHECK(yes_man.accuracy == 0.5);
  CHECK(yes_man.kappa == doctest::Approx(0));
  const auto middling = agreement_with(known, {whole, whole, whole, broken, broken, broken, broken, whole});
  CHECK(middling.accuracy == 0.75);
  CHECK(middling.kappa == doctest::Approx(0.5));
  const auto silent = agreement_with(known, std::vector(8, refused));
  CHECK(silent.unanswered == 8);
  CHECK(silent.accuracy == 0);
  CHECK_THROWS_AS(agreement_with(known, {whole}), ConfigError);
}

TEST_CASE("the pictures of known state are as many whole as broken, and all changed") {
  const auto known = known_pictures(48);
  CHECK(known.size() == 48);
  CHECK(std::count_if(known.begin(), known.end(), [](const KnownPicture& p) { return p.whole; }) == 24);
  int changed = 0;
  for (const KnownPicture& picture : known) changed += !(picture.original == picture.changed);
  CHECK(changed >= 47);  // one of them may be its own mirror image
}

TEST_CASE("the judge's settings come from the environment, and what is missing is named") {
  for (const char* name : {"SKEIN_JUDGE_URL", "SKEIN_JUDGE_MODEL", "SKEIN_JUDGE_KEY"}) ::unsetenv(name);
  CHECK(error_of([] { vlm_settings("", ""); }).find("SKEIN_JUDGE_URL") != std::string::npos);
  CHECK(error_of([] { vlm_settings("http://localhost/v1", ""); }).find("SKEIN_JUDGE_MODEL") !=
        std::string::npos);
  ::setenv("SKEIN_JUDGE_MODEL", "from the environment", 1);
  ::setenv("SKEIN_JUDGE_CACHE", "/tmp/answers", 1);
  CHECK(vlm_settings("http://localhost/v1", "").chat.model == "from the environment");
  CHECK(vlm_settings("http://localhost/v1", "given").chat.model == "given");
  CHECK(vlm_settings("http://localhost/v1", "given").cache == "/tmp/answers");
  ::unsetenv("SKEIN_JUDGE_MODEL");
  ::unsetenv("SKEIN_JUDGE_CACHE");
}

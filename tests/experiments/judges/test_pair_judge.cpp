#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>

#include "experiments/judges/pair_calibration.hpp"
#include "experiments/judges/word_questions.hpp"
#include "experiments/measures/measures.hpp"
#include "experiments/targets/hand_built.hpp"
#include "lib/base/base64.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/picture/image.hpp"
#include "tests/experiments/judges/local_chat_server.hpp"

using namespace skein;
using namespace skein::experiments;

namespace {

/// A question as the server sees it.
struct Question {
  std::string text;
  std::vector<std::string> pictures;  ///< addresses with the data in them
};

Question question_of(const httplib::Request& request) {
  Question question;
  const nlohmann::json body = nlohmann::json::parse(request.body);
  for (const auto& part : body["messages"][0]["content"]) {
    if (part["type"] == "text") question.text = part["text"];
    else question.pictures.push_back(part["image_url"]["url"]);
  }
  return question;
}

std::string address_of_picture(const Picture& picture) {
  return "data:image/png;base64," + base64(encode_png(to_image(picture)));
}

/// The pictures that are whole, as a server would have them.
const std::set<std::string>& whole_pictures() {
  static const std::set<std::string> whole = [] {
    std::set<std::string> addresses;
    for (const KnownPicture& known : known_atom_pictures())
      if (known.whole) addresses.insert(address_of_picture(known.changed));
    return addresses;
  }();
  return whole;
}

bool is_pair(const Question& question) { return question.pictures.size() == 4; }

/// What one who sees everything says.
std::string true_answer(const Question& question) {
  const auto whole = [&](std::size_t picture) {
    return whole_pictures().count(question.pictures[picture]) > 0;
  };
  return is_pair(question) ? (whole(1) ? "former" : "latter") : whole(1) ? "Yes." : "No.";
}

/// A completion with log-probabilities for its first token.
std::string completion_with_chances(const std::string& text,
                                    const std::vector<std::pair<std::string, double>>& tokens) {
  auto body = nlohmann::json::parse(completion(text));
  auto alternatives = nlohmann::json::array();
  for (const auto& [token, chance] : tokens)
    alternatives.push_back({{"token", token}, {"logprob", std::log(chance)}});
  const nlohmann::json first{{"token", tokens.front().first},
                             {"logprob", std::log(tokens.front().second)},
                             {"top_logprobs", alternatives}};
  body["choices"][0]["logprobs"]["content"] = nlohmann::json::array();
  body["choices"][0]["logprobs"]["content"].push_back(first);
  return body.dump();
}

Answer by_words(std::function<std::string(const Question&)> say) {
  return [say = std::move(say)](const httplib::Request& request, httplib::Response& response, int) {
    response.set_content(completion(say(question_of(request))), "application/json");
  };
}

Picture level(float value) {
  Picture picture(8, 8);
  std::ranges::fill(picture.rgb, value);
  return picture;
}

}  // namespace

TEST_CASE("one of two words is read from what models write around it") {
  const std::array<std::string, 2> words{"yes", "no"};
  CHECK(read_word("Yes.", words) == true);
  CHECK(read_word("**No**, it is torn", words) == false);
  for (const char* nothing : {"", "yes and no", "nobody knows", "eyes", "maybe"})
    CHECK(!read_word(nothing, words));
  using Tokens = std::vector<std::pair<std::string, double>>;
  CHECK(*chance_of_word(Tokens{{" Yes", std::log(0.6)}, {"No", std::log(0.2)}, {"The", std::log(0.2)}},
                        words) == doctest::Approx(0.75));
  CHECK(*chance_of_word(Tokens{{"for", std::log(0.9)}, {"lat", std::log(0.1)}}, {"former", "latter"}) ==
        doctest::Approx(0.9));
  CHECK(!chance_of_word(Tokens{{"The", -0.1}, {"n", -1.0}}, words));
  CHECK(!chance_of_word({}, words));
}

TEST_CASE("there are 96 pairs of known answer, 16 of each picture, with blank and identity pairs") {
  const auto pairs = known_pairs(32);
  REQUIRE(pairs.size() == 96);
  const auto of = [&](const std::string& family) {
    return std::ranges::count(pairs, family, &KnownPair::family);
  };
  for (const char* family : {"blots", "torn", "tiles", "scraps"}) CHECK(of(family) == 18);
  CHECK(of("blank") == 12);
  CHECK(of("identity") == 12);
  CHECK(std::ranges::count_if(pairs, [](const KnownPair& p) { return p.a == true; }) == 42);
  for (const KnownPair& known : pairs) {
    CHECK((known.pair.a == known.pair.b) == !known.a.has_value());
    if (known.family == "blank") CHECK(is_constant(*known.a ? known.pair.b : known.pair.a));
  }
  CHECK(known_atom_pictures(32).size() == 60);
}

TEST_CASE("slow: a model that sees everything is calibrated as perfect, and its fit is kept for scores") {
  const TemporaryFolder cache;
  const LocalChatServer server(by_words(true_answer));
  const VlmSettings settings{server.chat(), cache.path};
  CHECK(error_of([&] { kept_calibration(settings); }).find("skein judges --judge vlm") != std::string::npos);
  const PairCalibration found = calibrate_pairs(settings);
  CHECK(found.pairs == 84);
  CHECK(found.kept == 84);
  CHECK(found.accuracy == 1);
  CHECK(found.kappa == doctest::Approx(1));
  CHECK(found.order_bias == 0);
  CHECK(found.identity == 12);
  CHECK(found.families.size() == 5);
  for (const FamilyCalibration& family : found.families) {
    CHECK(family.pair_area == 1);
    CHECK(family.atom_area == 1);
  }
  CHECK(!found.by_chances);
  CHECK(found.tested == 30);
  CHECK(found.test_area == 1);
  CHECK(found.test_accuracy == 1);
  CHECK(found.test_brier < 0.1);
  const int asked = server.asked();
  CHECK(asked <= 96 * 2 + 60 * 4);
  CHECK(to_json(calibrate_pairs(settings)) == to_json(found));
  CHECK(server.asked() == asked);  // all is in the cache
  const LogisticFit fit = kept_calibration(settings);
  CHECK(fit.chance(std::array{0.0}) > 0.8);
  CHECK(fit.chance(std::array{std::log(0.02)}) < 0.2);
  auto other = settings;
  other.chat.model = "another";
  CHECK_THROWS_AS(kept_calibration(other), ConfigError);
}

TEST_CASE("slow: a model that prefers what it sees first, or says anything, is found out") {
  SUBCASE("by order") {
    const TemporaryFolder cache;
    const LocalChatServer server(
        by_words([](const Question& question) { return is_pair(question) ? "former" : "yes"; }));
    const PairCalibration found = calibrate_pairs({server.chat(), cache.path});
    CHECK(found.kept == 0);
    CHECK(found.discarded == 84);
    CHECK(found.order_bias == 0.5);
    CHECK(found.identity_first == 1);
    CHECK(found.kappa == 0);
    CHECK(found.accuracy == 0);
    CHECK(found.test_area == 0.5);
    for (const FamilyCalibration& family : found.families) {
      CHECK(family.pair_area == 0.5);
      CHECK(family.atom_area == 0.5);
    }
  }
  SUBCASE("at random") {
    const TemporaryFolder cache;
    const LocalChatServer server(by_words([](const Question& question) {
      std::string all = question.text;
      for (const std::string& picture : question.pictures) all += picture;
      const bool heads = RandomStream(fnv1a(all), "a model that says anything").chance(0.5);
      return is_pair(question) ? (heads ? "former" : "latter") : heads ? "yes" : "no";
    }));
    const PairCalibration found = calibrate_pairs({server.chat(), cache.path});
    CHECK(found.discarded > 20);
    CHECK(found.discarded < 64);
    CHECK(std::abs(found.kappa) < 0.4);
    CHECK(std::abs(found.order_bias) < 0.15);
    CHECK(std::abs(found.test_area - 0.5) < 0.3);
    CHECK(found.test_brier > 0.2);
  }
}

TEST_CASE("log-probabilities become chances where the server gives them, and are not insisted on") {
  const TemporaryFolder cache;
  const std::vector<ChangedPair> pictures{{level(0), level(0.5f)}};
  const LocalChatServer server([](const httplib::Request& request, httplib::Response& response, int) {
    CHECK(nlohmann::json::parse(request.body)["top_logprobs"] == 10);
    response.set_content(completion_with_chances("Yes", {{"Yes", 0.6}, {"no", 0.3}, {"?", 0.1}}),
                         "application/json");
  });
  const auto sure = ask_atoms({server.chat(), cache.path}, pictures);
  REQUIRE(sure[0].score);
  CHECK(sure[0].by_chances);
  CHECK(*sure[0].score == doctest::Approx(2.0 / 3));

  const LocalChatServer plain([](const httplib::Request& request, httplib::Response& response, int) {
    if (nlohmann::json::parse(request.body).contains("logprobs")) {
      response.status = 400;
      response.set_content("{\"error\": \"logprobs are not supported\"}", "application/json");
    } else {
      response.set_content(completion("no"), "application/json");
    }
  });
  auto settings = VlmSettings{plain.chat(), cache.path};
  settings.chat.model = "without chances";
  const auto words = ask_atoms(settings, pictures);
  CHECK(!words[0].by_chances);
  CHECK(*words[0].score == doctest::Approx(0.02));
  CHECK(plain.asked() == 8);  // every atom once with and once without
}

TEST_CASE("hostile log-probabilities and cache files are passed over") {
  for (const char* logprobs :
       {"{\"content\": 3}", "[]", "null", "{\"content\": [null, {\"token\": 5}]}",
        "{\"content\": [{\"token\": \"yes\", \"logprob\": 4, \"top_logprobs\": {\"token\": \"yes\"}}]}",
        "{\"content\": [{\"token\": \"yes\", \"logprob\": \"-1\"}]}"}) {
    CAPTURE(logprobs);
    const TemporaryFolder cache;
    auto body = nlohmann::json::parse(completion("no"));
    body["choices"][0]["logprobs"] = nlohmann::json::parse(logprobs);
    const LocalChatServer server(always(body.dump()));
    const auto answer = ask_atoms({server.chat(), cache.path}, {{level(0), level(0.5f)}});
    CHECK(!answer[0].by_chances);
    CHECK(*answer[0].score == doctest::Approx(0.02));
  }
  const TemporaryFolder cache;
  const LocalChatServer server(always(completion("perhaps")));
  const VlmSettings settings{server.chat(), cache.path};
  CHECK(!ask_atoms(settings, {{level(0), level(0.5f)}})[0].score);
  CHECK(server.asked() == static_cast<int>(3 * atom_count));  // each three times
  for (const auto& file : std::filesystem::directory_iterator(cache.path))
    write_file(file.path(), "{\"format\": \"skein word\", \"first\": 7, \"by_chances\": true}");
  CHECK(!ask_atoms(settings, {{level(0), level(0.5f)}})[0].score);
  CHECK(server.asked() == static_cast<int>(6 * atom_count));
}

TEST_CASE("a model in two minds about a pair is asked in both orders and counts for neither") {
  const TemporaryFolder cache;
  const PicturePair pair{level(0), level(0.2f), level(0), level(0.4f)};
  using enum PairAnswer::Preference;
  const std::string favourite = address_of_picture(pair.b);
  const LocalChatServer fair(
      by_words([&](const Question& q) { return q.pictures[1] == favourite ? "former" : "latter"; }));
  const auto one = ask_pairs({fair.chat(), cache.path}, {pair});
  CHECK(one[0].preference == b);
  CHECK(one[0].shown_first == 1);
  CHECK(fair.asked() == 2);
  const TemporaryFolder again;
  const LocalChatServer silent(always(completion("", "content_filter")));
  CHECK(ask_pairs({silent.chat(), again.path}, {pair})[0].preference == unanswered);
  std::size_t seen = 0;
  CHECK_THROWS_AS(ask_pairs({fair.chat(), cache.path}, {pair, pair},
                            [&](const Progress&) {
                              ++seen;
                              return false;
                            }),
                  Error);
  CHECK(seen > 0);
}

TEST_CASE("atoms become a network's score, and two networks are held against each other") {
  ScoreSettings scoring;
  scoring.size = 32;
  scoring.weights = 6;
  scoring.directions = 2;
  scoring.noise_draws = 1;
  scoring.resamples = 5;
  Evidence evidence = gather(subject_of(flower().genome), scoring);
  const Evidence other = gather(subject_of(sunset().genome), scoring);
  const std::string mine = address_of_picture(evidence.picture);
  const LocalChatServer server(by_words([&](const Question& q) {
    return !is_pair(q) ? "yes" : q.pictures[0] == mine ? "former" : "latter";
  }));
  const TemporaryFolder cache;
  const VlmSettings settings{server.chat(), cache.path};
  const NetworkPreference found = prefer(evidence, other, settings, 5);
  CHECK(found.pairs >= 2);  // as many as the network of fewer visible steps has, at most 5
  CHECK(found.pairs <= 5);
  CHECK(found.a == found.pairs);
  CHECK(prefer(other, evidence, settings, 5).b == found.pairs);
  CHECK(prefer(evidence, other, settings, 1).pairs == 1);
  const LogisticFit fit{.intercept = 1, .slope = {2}, .low = {-4}, .high = {0}};
  const JudgedSteps judged = judge_by_atoms(evidence, settings, fit);
  CHECK(judged.asked > 0);
  CHECK(judged.unclear == 0);
  CHECK(*score(evidence).at("compositional_score").value == doctest::Approx(1 / (1 + std::exp(-1.0))));
}

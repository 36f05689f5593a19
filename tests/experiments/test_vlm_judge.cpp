#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "experiments/hand_built.hpp"
#include "experiments/measures.hpp"
#include "experiments/vlm_judge.hpp"
#include "lib/error.hpp"
#include "lib/file.hpp"
// clang-format off: the resolver's header, which httplib draws in, defines a macro that Eigen trips over.
#include <httplib.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
// clang-format on

using namespace skein;
using namespace skein::experiments;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;
using Answer = std::function<void(const httplib::Request&, httplib::Response&, int number)>;

/// A chat-completions server on a free port of this machine, as well or badly behaved as `answer` makes it.
class LocalServer {
 public:
  explicit LocalServer(Answer answer) {
    server_.Post("/v1/chat/completions", [this, answer = std::move(answer)](const httplib::Request& request,
                                                                            httplib::Response& response) {
      answer(request, response, ++asked_);
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~LocalServer() {
    server_.stop();
    thread_.join();
  }
  int asked() const { return asked_; }
  ChatSettings chat() const {
    ChatSettings settings;
    settings.url = "http://127.0.0.1:" + std::to_string(port_) + "/v1";
    settings.model = "local";
    settings.key = "secret-key";
    settings.timeout = 5;
    settings.first_wait = 0.001;
    settings.attempts = 3;
    return settings;
  }

 private:
  httplib::Server server_;
  std::atomic<int> asked_ = 0;
  int port_ = 0;
  std::thread thread_;
};

std::string completion(const std::string& text, const std::string& end = "stop") {
  return json{
      {"choices", {{{"message", {{"role", "assistant"}, {"content", text}}}, {"finish_reason", end}}}}}
      .dump();
}

Answer always(const std::string& body, int status = 200) {
  return [=](const httplib::Request&, httplib::Response& response, int) {
    response.status = status;
    response.set_content(body, "application/json");
  };
}

/// A folder for answers that is gone afterwards.
struct Cache {
  fs::path folder = fs::temp_directory_path() / ("skein-judge-" + std::to_string(::getpid()));
  Cache() { fs::remove_all(folder); }
  ~Cache() { fs::remove_all(folder); }
};

Picture grey(float level) {
  Picture picture(8, 8);
  std::fill(picture.rgb.begin(), picture.rgb.end(), level);
  return picture;
}

/// A certificate for localhost, signed by nobody but itself.
struct OwnCertificate {
  EVP_PKEY* key = EVP_RSA_gen(2048);
  X509* x509 = X509_new();
  OwnCertificate() {
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key);
    X509_NAME* name = X509_get_subject_name(x509);
    const std::string host = "127.0.0.1";
    X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(host.data()),
                               static_cast<int>(host.size()), -1, 0);
    X509_set_issuer_name(x509, name);
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(x509, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(x509, key, EVP_sha256());
  }
  ~OwnCertificate() {
    X509_free(x509);
    EVP_PKEY_free(key);
  }
  void write(const fs::path& file) const {
    BIO* bio = BIO_new_file(file.c_str(), "w");
    PEM_write_bio_X509(bio, x509);
    BIO_free(bio);
  }
};

std::string error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a question reaches the server as the protocol wants it") {
  json seen;
  std::string key;
  const LocalServer server([&](const httplib::Request& request, httplib::Response& response, int) {
    seen = json::parse(request.body);
    key = request.get_header_value("Authorization");
    response.set_content(completion("fine"), "application/json");
  });
  const std::vector<std::string> pngs{"one", "two"};
  const ChatAnswer answer = ask(server.chat(), "what is it?", pngs);
  CHECK(answer.kind == ChatAnswer::Kind::text);
  CHECK(answer.text == "fine");
  CHECK(key == "Bearer secret-key");
  CHECK(seen["model"] == "local");
  CHECK(seen["temperature"] == 0);
  const json& content = seen["messages"][0]["content"];
  REQUIRE(content.size() == 3);
  CHECK(content[0]["text"] == "what is it?");
  CHECK(content[1]["image_url"]["url"] == "data:image/png;base64,b25l");
  CHECK(content[2]["image_url"]["url"] == "data:image/png;base64,dHdv");
}

TEST_CASE("what may pass is tried again") {
  for (const int status : {408, 425, 429, 500, 503}) {
    const LocalServer server([&](const httplib::Request&, httplib::Response& response, int number) {
      if (number < 3) response.status = status;
      response.set_content(number < 3 ? "busy" : completion("fine"), "application/json");
    });
    CHECK(ask(server.chat(), "?", {}).text == "fine");
    CHECK(server.asked() == 3);
  }
  for (const std::string nonsense : {"", "<html>", "[]", "{}", "{\"choices\":[]}", "{\"choices\":[3]}",
                                     "{\"choices\":[{\"message\":{\"content\":null}}]}",
                                     "{\"choices\":[{\"message\":\"text\"}]}", "{\"choices\":{\"a\":1}}"}) {
    const LocalServer server([&](const httplib::Request&, httplib::Response& response, int number) {
      response.set_content(number < 2 ? nonsense : completion("fine"), "application/json");
    });
    INFO(nonsense);
    CHECK(ask(server.chat(), "?", {}).text == "fine");
    CHECK(server.asked() == 2);
  }
}

TEST_CASE("a server that asks for patience gets it, and is given up on when it asks for too much") {
  const auto limited = [](const std::string& seconds) {
    return [=](const httplib::Request&, httplib::Response& response, int number) {
      if (number > 1) return response.set_content(completion("fine"), "application/json");
      response.status = 429;
      response.set_header("Retry-After", seconds);
    };
  };
  const LocalServer soon(limited("0.2")), late(limited("3600")), odd(limited("next week"));
  auto chat = soon.chat();
  chat.first_wait = 60;  // what the server says goes before
  CHECK(ask(chat, "?", {}).text == "fine");
  CHECK(error_of([&] { ask(late.chat(), "?", {}); }).find("3600 s") != std::string::npos);
  CHECK(late.asked() == 1);
  CHECK(ask(odd.chat(), "?", {}).text == "fine");
}

TEST_CASE("attempts end, with the cause and without the key") {
  const LocalServer broken(always("out of order", 500)), gibberish(always("not json"));
  for (const LocalServer* server : {&broken, &gibberish}) {
    const std::string said = error_of([&] { ask(server->chat(), "?", {}); });
    CHECK(said.find("3 attempts") != std::string::npos);
    CHECK(said.find("secret-key") == std::string::npos);
    CHECK(server->asked() == 3);
  }
  const LocalServer slow([](const httplib::Request&, httplib::Response& response, int) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    response.set_content(completion("late"), "application/json");
  });
  auto impatient = slow.chat();
  impatient.timeout = 0.05;
  impatient.attempts = 2;
  CHECK(error_of([&] { ask(impatient, "?", {}); }).find("no reply") != std::string::npos);
  ChatSettings nobody = slow.chat();
  nobody.url = "http://127.0.0.1:1/v1";
  nobody.attempts = 1;
  CHECK(error_of([&] { ask(nobody, "?", {}); }).find("no reply") != std::string::npos);
}

TEST_CASE("what will not pass ends at once as the user's mistake") {
  for (const int status : {301, 400, 401, 403, 404}) {
    const LocalServer server(always("no", status));
    CHECK_THROWS_AS(ask(server.chat(), "?", {}), ConfigError);
    CHECK(server.asked() == 1);
  }
  const LocalServer server(always(completion("fine")));
  for (const std::string url : {"", "127.0.0.1", "ftp://127.0.0.1", "http://"}) {
    auto chat = server.chat();
    chat.url = url;
    CHECK_THROWS_AS(ask(chat, "?", {}), ConfigError);
  }
  auto torn = server.chat();
  torn.key = "two\r\nlines";
  CHECK_THROWS_AS(ask(torn, "?", {}), ConfigError);
  CHECK(server.asked() == 0);
}

TEST_CASE("over https a server is asked when its certificate is trusted, and not otherwise") {
  const OwnCertificate certificate;
  const Cache folder;
  fs::create_directories(folder.folder);
  httplib::SSLServer server(certificate.x509, certificate.key);
  REQUIRE(server.is_valid());
  server.Post("/v1/chat/completions", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(completion("fine"), "application/json");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::yield();
  ChatSettings chat;
  chat.url = "https://127.0.0.1:" + std::to_string(port) + "/v1";
  chat.model = "local";
  chat.attempts = 1;
  ::unsetenv("SSL_CERT_FILE");
  CHECK(error_of([&] { ask(chat, "?", {}); }).find("not trusted") != std::string::npos);
  certificate.write(folder.folder / "own.pem");
  ::setenv("SSL_CERT_FILE", (folder.folder / "own.pem").c_str(), 1);
  CHECK(error_of([&] { CHECK(ask(chat, "?", {}).text == "fine"); }).empty());
  ::unsetenv("SSL_CERT_FILE");
  server.stop();
  thread.join();
}

TEST_CASE("a reply without end is cut off") {
  const LocalServer server(always(std::string(5 << 20, 'a')));
  auto chat = server.chat();
  chat.attempts = 1;
  CHECK(error_of([&] { ask(chat, "?", {}); }).find("4 MiB") != std::string::npos);
}

TEST_CASE("refusals and answers cut short are told from answers") {
  const std::string refusal =
      json{{"choices", {{{"message", {{"content", nullptr}, {"refusal", "I would rather not"}}}}}}}.dump();
  const LocalServer refusing(always(refusal)), filtered(always(completion("", "content_filter")));
  CHECK(ask(refusing.chat(), "?", {}).kind == ChatAnswer::Kind::refusal);
  CHECK(ask(filtered.chat(), "?", {}).kind == ChatAnswer::Kind::refusal);
  std::vector<int> tokens;
  const LocalServer wordy([&](const httplib::Request& request, httplib::Response& response, int) {
    tokens.push_back(json::parse(request.body)["max_tokens"]);
    response.set_content(completion("Let me think about", "length"), "application/json");
  });
  CHECK(ask(wordy.chat(), "?", {}).kind == ChatAnswer::Kind::truncated);
  REQUIRE(tokens.size() == 2);
  CHECK(tokens[1] == 2 * tokens[0]);
}

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
  const Cache cache;
  const std::vector<Picture> changed{grey(0.1f), grey(0.2f), grey(0.3f), grey(0.4f)};
  std::atomic<bool> out_of_order = false;
  const LocalServer server([&](const httplib::Request&, httplib::Response& response, int number) {
    if (out_of_order) response.status = 500;
    response.set_content(completion(number % 2 ? "{\"whole\": true}" : "{\"whole\": false}"),
                         "application/json");
  });
  const VlmSettings settings{server.chat(), cache.folder};
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
  for (const auto& file : fs::directory_iterator(cache.folder)) write_file(file.path(), "torn {");
  ask_vlm(settings, grey(0), {changed[0]});
  CHECK(server.asked() == before + 4);
}

TEST_CASE("a model that refuses or rambles leaves steps without an opinion") {
  const Cache cache;
  const LocalServer server([](const httplib::Request&, httplib::Response& response, int number) {
    response.set_content(
        number == 1 ? completion("", "content_filter") : completion("It is a lovely picture."),
        "application/json");
  });
  const VlmSettings settings{server.chat(), cache.folder};
  CHECK(ask_vlm(settings, grey(0), {grey(0.5f)}) == std::vector{Verdict::refused});
  CHECK(ask_vlm(settings, grey(0), {grey(0.6f)}) == std::vector{Verdict::unclear});
  CHECK(server.asked() == 4);  // once refused, three times asked to be understood
}

TEST_CASE("a model's verdicts become the compositional score") {
  const Cache cache;
  const LocalServer server(always(completion("{\"whole\": true}")));
  ScoreSettings scoring;
  scoring.size = 32;
  scoring.weights = 6;
  scoring.directions = 4;
  scoring.noise_draws = 1;
  scoring.resamples = 5;
  Evidence evidence = gather(subject_of(flower().genome), scoring);
  const VlmSettings settings{server.chat(), cache.folder};
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

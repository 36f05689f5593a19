#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <cstdlib>

#include "tests/experiments/judges/local_chat_server.hpp"

using namespace skein;
using namespace skein::experiments;
using nlohmann::json;

namespace {

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
  void write(const std::filesystem::path& file) const {
    BIO* bio = BIO_new_file(file.c_str(), "w");
    PEM_write_bio_X509(bio, x509);
    BIO_free(bio);
  }
};

}  // namespace

TEST_CASE("a question reaches the server as the protocol wants it") {
  json seen;
  std::string key;
  const LocalChatServer server([&](const httplib::Request& request, httplib::Response& response, int) {
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
    const LocalChatServer server([&](const httplib::Request&, httplib::Response& response, int number) {
      if (number < 3) response.status = status;
      response.set_content(number < 3 ? "busy" : completion("fine"), "application/json");
    });
    CHECK(ask(server.chat(), "?", {}).text == "fine");
    CHECK(server.asked() == 3);
  }
  for (const std::string nonsense : {"", "<html>", "[]", "{}", "{\"choices\":[]}", "{\"choices\":[3]}",
                                     "{\"choices\":[{\"message\":{\"content\":null}}]}",
                                     "{\"choices\":[{\"message\":\"text\"}]}", "{\"choices\":{\"a\":1}}"}) {
    const LocalChatServer server([&](const httplib::Request&, httplib::Response& response, int number) {
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
  const LocalChatServer soon(limited("0.2")), late(limited("3600")), odd(limited("next week"));
  auto chat = soon.chat();
  chat.first_wait = 60;  // what the server says goes before
  CHECK(ask(chat, "?", {}).text == "fine");
  CHECK(error_of([&] { ask(late.chat(), "?", {}); }).find("3600 s") != std::string::npos);
  CHECK(late.asked() == 1);
  CHECK(ask(odd.chat(), "?", {}).text == "fine");
}

TEST_CASE("attempts end, with the cause and without the key") {
  const LocalChatServer broken(always("out of order", 500)), gibberish(always("not json"));
  for (const LocalChatServer* server : {&broken, &gibberish}) {
    const std::string said = error_of([&] { ask(server->chat(), "?", {}); });
    CHECK(said.find("3 attempts") != std::string::npos);
    CHECK(said.find("secret-key") == std::string::npos);
    CHECK(server->asked() == 3);
  }
  const LocalChatServer slow([](const httplib::Request&, httplib::Response& response, int) {
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
    const LocalChatServer server(always("no", status));
    CHECK_THROWS_AS(ask(server.chat(), "?", {}), ConfigError);
    CHECK(server.asked() == 1);
  }
  const LocalChatServer server(always(completion("fine")));
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
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path);
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
  certificate.write(folder.path / "own.pem");
  ::setenv("SSL_CERT_FILE", (folder.path / "own.pem").c_str(), 1);
  CHECK(error_of([&] { CHECK(ask(chat, "?", {}).text == "fine"); }).empty());
  ::unsetenv("SSL_CERT_FILE");
  server.stop();
  thread.join();
}

TEST_CASE("a reply without end is cut off") {
  const LocalChatServer server(always(std::string(5 << 20, 'a')));
  auto chat = server.chat();
  chat.attempts = 1;
  CHECK(error_of([&] { ask(chat, "?", {}); }).find("4 MiB") != std::string::npos);
}

TEST_CASE("refusals and answers cut short are told from answers") {
  const std::string refusal =
      json{{"choices", {{{"message", {{"content", nullptr}, {"refusal", "I would rather not"}}}}}}}.dump();
  const LocalChatServer refusing(always(refusal)), filtered(always(completion("", "content_filter")));
  CHECK(ask(refusing.chat(), "?", {}).kind == ChatAnswer::Kind::refusal);
  CHECK(ask(filtered.chat(), "?", {}).kind == ChatAnswer::Kind::refusal);
  std::vector<int> tokens;
  const LocalChatServer wordy([&](const httplib::Request& request, httplib::Response& response, int) {
    tokens.push_back(json::parse(request.body)["max_tokens"]);
    response.set_content(completion("Let me think about", "length"), "application/json");
  });
  CHECK(ask(wordy.chat(), "?", {}).kind == ChatAnswer::Kind::truncated);
  REQUIRE(tokens.size() == 2);
  CHECK(tokens[1] == 2 * tokens[0]);
}

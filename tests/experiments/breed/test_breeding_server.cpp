// The server as an adversary meets it: over loopback, as a page of another site or a program would.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "breeding_server.hpp"
#include "experiments/breed/breeding_session.hpp"
#include "experiments/breed/session_replay.hpp"
#include "lib/base/file.hpp"
#include "neat/files/genome_file.hpp"
#include "neat/files/picbreeder.hpp"
#include "neat/operators/start.hpp"
#include "tests/support/reference_data.hpp"

using namespace skein;
using namespace skein::test;
using nlohmann::json;

namespace {

const char* const json_type = "application/json";

std::string token_of(httplib::Client& client) {
  const auto page = client.Get("/");
  REQUIRE(page);
  REQUIRE(page->status == 200);
  const auto at = page->body.find("name=\"token\" content=\"");
  REQUIRE(at != std::string::npos);
  return page->body.substr(at + 22, 32);
}

json settings() { return json::parse(experiments::to_json(neat::BreedingSettings{}).dump()); }

json state_of(httplib::Client& client) { return json::parse(client.Get("/api/state")->body); }

/// The number of the generation in an answer with pictures; checks that all its pictures came.
int generation_in(const httplib::Result& answer) {
  REQUIRE(answer);
  REQUIRE_MESSAGE(answer->status == 200, answer->body.substr(0, 200));
  std::uint32_t length = 0;
  std::memcpy(&length, answer->body.data(), sizeof length);
  const json head = json::parse(answer->body.substr(4, length));
  CHECK(answer->body.size() == 4 + length + head["generation"]["origins"].size() * 3 * 128 * 128);
  return head["generation"]["number"];
}

/// One line of an error, never more.
std::string complaint_in(const httplib::Result& answer) {
  const std::string words = json::parse(answer->body).at("error");
  CHECK(words.find('\n') == std::string::npos);
  return words;
}

int dial(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET, to.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
  return socket;
}

void send_text(int socket, const std::string& text) {
  ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
}

}  // namespace

TEST_CASE("breeding over HTTP: evolve, pick, keep a name, end with Ctrl-C, begin again") {
  const TemporaryFolder folder;
  const auto session = folder.path() / "s";
  {
    BreedingServer server(session, "@face");
    httplib::Client client("127.0.0.1", server.port());
    const httplib::Headers headers{{"X-Skein-Token", token_of(client)}};
    const json evolve{{"from", 1}, {"picks", {1, 4}}, {"settings", settings()}, {"previous", 1}};
    CHECK(generation_in(client.Post("/api/evolve", headers, evolve.dump(), json_type)) == 2);
    CHECK(client.Post("/api/pick", headers, json{{"generation", 2}, {"picks", {3}}}.dump(), json_type)
              ->status == 200);
    const json note{{"generation", 2},
                    {"place", 3},
                    {"name", "<img src=x onerror=alert(1)>"},
                    {"note", ""},
                    {"favourite", true}};
    CHECK(client.Post("/api/note", headers, note.dump(), json_type)->status == 200);
    const auto saved = client.Get("/api/save?format=png&size=16&generation=2&place=3");
    CHECK(saved->body.starts_with("\x89PNG"));
    CHECK(saved->get_header_value("Content-Disposition").find('<') == std::string::npos);
    CHECK(client.Get("/api/pictures?generation=9")->status == 400);
    const auto small = client.Get("/api/thumbnails?list=1.0,2.14,2.3");
    CHECK(small->status == 200);
    CHECK(small->body.ends_with(client.Get("/api/thumbnails?list=2.3")->body.substr(60)));
    std::string many = "1.0";
    for (int i = 0; i < 300; ++i) many += ",1.0";
    for (const std::string& list :
         {many, std::string("1"), std::string("1."), std::string("1.0;2.0"), std::string("9.0"),
          std::string("1.99"), std::string("-1.0"), std::string("1.99999999999")})
      CHECK_MESSAGE(client.Get("/api/thumbnails?list=" + list)->status == 400, list.substr(0, 20));
    CHECK(client.Post("/api/evolve", headers, "{\"from\":", json_type)->status == 400);
    CHECK(client.Post("/api/evolve", headers, "[]", json_type)->status == 400);
    const json like{{"like", 1}, {"settings", settings()}, {"previous", 2}};
    CHECK(generation_in(client.Post("/api/begin", headers, like.dump(), json_type)) == 3);
    CHECK(client.Post("/api/begin", headers, json{{"like", 2}, {"settings", settings()}}.dump(), json_type)
              ->status == 400);
    CHECK(server.interrupt() == 0);
  }
  BreedingServer server(session, "@face");
  httplib::Client client("127.0.0.1", server.port());
  const json state = state_of(client);
  CHECK(state["generations"].size() == 3);
  CHECK(state["generations"][2]["source"] == "@face");
  CHECK(state["generations"][2]["previous"] == 2);
  CHECK(state["generations"][1]["picks"] == json{3});
  CHECK(state["notes"][0][2] == "<img src=x onerror=alert(1)>");
}

TEST_CASE("two clients on one session: both write, none corrupts, each sees what the other did") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s");
  const auto work = [&](std::uint32_t pick) {
    httplib::Client client("127.0.0.1", server.port());
    const httplib::Headers headers{{"X-Skein-Token", token_of(client)}};
    for (int i = 0; i < 20; ++i) {
      const json asked{{"from", 1}, {"picks", {pick}}, {"settings", settings()}, {"previous", 1}};
      generation_in(client.Post("/api/evolve", headers, asked.dump(), json_type));
    }
  };
  std::thread other([&] { work(2); });
  work(7);
  other.join();
  httplib::Client client("127.0.0.1", server.port());
  CHECK(state_of(client)["generations"].size() == 41);
  server.kill();
  const experiments::Replay replay = experiments::replay_session(folder.path() / "s");
  CHECK(replay.generations == 41);
  CHECK(replay.equal == 41);
}

TEST_CASE("a page of another site can do nothing, by its own name or by a rebound one") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s");
  httplib::Client client("127.0.0.1", server.port());
  const std::string token = token_of(client), own = "127.0.0.1:" + std::to_string(server.port());
  const std::string body = json{{"source", "nothing"}, {"settings", settings()}}.dump();
  const auto post = [&](httplib::Headers headers, const char* type = json_type) {
    return client.Post("/api/begin", headers, body, type)->status;
  };
  CHECK(post({}) == 403);
  CHECK(post({{"X-Skein-Token", std::string(32, '0')}}) == 403);
  CHECK(post({{"X-Skein-Token", token}, {"Origin", "http://evil.example"}}) == 403);
  CHECK(post({{"X-Skein-Token", token}, {"Origin", "null"}}) == 403);
  CHECK(post({{"X-Skein-Token", token}, {"Origin", "https://" + own}}) == 403);
  CHECK(post({{"X-Skein-Token", token}, {"Sec-Fetch-Site", "cross-site"}}) == 403);
  CHECK(post({{"X-Skein-Token", token}, {"Host", "evil.example:" + std::to_string(server.port())}}) == 421);
  CHECK(post({{"X-Skein-Token", token}, {"Host", "127.0.0.1:1"}}) == 421);
  CHECK(post({{"X-Skein-Token", token}}, "text/plain") == 415);
  CHECK(client.Get("/", {{"Host", "evil.example:" + std::to_string(server.port())}})->status == 421);
  CHECK(client.Get("/api/state", {{"Sec-Fetch-Site", "cross-site"}})->status == 403);
  CHECK(client.Options("/api/begin")->status == 405);
  CHECK(state_of(client)["generations"].size() == 1);
  CHECK(post({{"X-Skein-Token", token}, {"Origin", "http://" + own}}) == 200);
  const auto page = client.Get("/");
  CHECK(page->get_header_value("Content-Security-Policy").find("default-src 'none'") == 0);
  CHECK_FALSE(page->has_header("Access-Control-Allow-Origin"));
}

TEST_CASE("no path leads out: every address is one of a table") {
  const TemporaryFolder folder;
  write_file(folder.path() / "secret", "secret");
  BreedingServer server(folder.path() / "s");
  httplib::Client client("127.0.0.1", server.port());
  const httplib::Headers headers{{"X-Skein-Token", token_of(client)}};
  for (const char* path :
       {"/page/../secret", "/page/..%2fsecret", "/../../../../etc/passwd", "/page/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd", "/page/app.js/..", "/report?job=0", "/api/trained?job=99",
        "/api/save?format=../../x&generation=1&place=0", "/api/network?generation=1&place=99999999999"}) {
    CAPTURE(path);
    const auto answer = client.Get(path);
    REQUIRE(answer);
    CHECK(answer->status >= 400);
    CHECK(answer->body.find("secret") == std::string::npos);
    CHECK(answer->body.find("root:") == std::string::npos);
  }
  for (const char* name : {"../secret", "/etc", "..", ""}) {
    const auto answer = client.Post("/api/open", headers, json{{"name", name}}.dump(), json_type);
    CHECK(answer->status == 400);
  }
  const auto dropped = client.Post("/api/drop?name=../../x%0Ay", headers, std::string("no genome"),
                                   "application/octet-stream");
  CHECK(dropped->status == 500);
  CHECK(complaint_in(dropped).find("no genome") != std::string::npos);
}

TEST_CASE("a body of a gigabyte and bodies without length are refused unread, memory stays bounded") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s");
  httplib::Client client("127.0.0.1", server.port());
  const std::string token = token_of(client),
                    host = "Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n",
                    start = "POST /api/drop?name=x HTTP/1.1\r\n" + host + "X-Skein-Token: " + token +
                            "\r\nContent-Type: application/octet-stream\r\n";
  const std::size_t before = server.memory();
  for (const std::string length :
       {"Content-Length: 1073741824\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n",
        "Content-Length: 18446744073709551617\r\n\r\n", "Content-Length: -1\r\n\r\n",
        "Content-Encoding: gzip\r\nContent-Length: 10\r\n\r\n"}) {
    CAPTURE(length);
    const int socket = dial(server.port());
    send_text(socket, start + length);
    const std::string block(1 << 16, 'x');
    for (int i = 0; i < 64; ++i)
      if (::send(socket, block.data(), block.size(), MSG_NOSIGNAL | MSG_DONTWAIT) <= 0) break;
    char answer[64] = {};
    ::recv(socket, answer, sizeof answer - 1, 0);
    ::close(socket);
    const std::string said = answer;
    CHECK((said.find(" 413") != std::string::npos || said.find(" 411") != std::string::npos || said.empty()));
  }
  CHECK(server.memory() < before + (std::size_t{64} << 20));
  CHECK(state_of(client)["generations"].size() == 1);
}

TEST_CASE("slow requests hold nobody up and are dropped") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s");
  std::vector<int> slow;
  for (int i = 0; i < 40; ++i) {
    slow.push_back(dial(server.port()));
    send_text(slow.back(), "GET / HTTP/1.1\r\nHost: 127.");
  }
  const auto start = std::chrono::steady_clock::now();
  httplib::Client client("127.0.0.1", server.port());
  CHECK(client.Get("/api/state")->status == 200);
  bool dropped = false;  // however slowly bytes go on coming
  for (int waited = 0; waited < 200 && !dropped; ++waited) {
    send_text(slow[0], "x");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    char byte = 0;
    dropped = ::recv(slow[0], &byte, 1, MSG_DONTWAIT) == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
  }
  CHECK(dropped);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
  for (const int socket : slow) ::close(socket);
}

TEST_CASE("a genome of ten thousand links is bred, one of a million refused, in one line") {
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s");
  httplib::Client client("127.0.0.1", server.port());
  client.set_read_timeout(60);
  const httplib::Headers headers{{"X-Skein-Token", token_of(client)}};
  const auto dense = [](std::int32_t hidden) {
    neat::Genome genome = neat::minimal_genome(picture_signature(), Activation::identity);
    for (std::int32_t i = 0; i < hidden; ++i) {
      const neat::Marking id{0, 100 + i};
      genome.nodes.push_back({id, neat::NodeRole::hidden, Activation::sin});
      for (std::int32_t j = std::max(0, i - 60); j < i; ++j)
        genome.links.push_back({{0, 1000 + 1000 * i + j}, {0, 100 + j}, id, 0.1, true});
      genome.links.push_back({{0, 999 + 1000 * i}, {0, i % 4}, id, 0.5, true});
    }
    genome.links.push_back({{0, 90'000'000}, {0, 99 + hidden}, {0, 6}, 1, true});
    return neat::genome_bytes({genome, {"<img onerror>", {}, {}, {}, {}}});
  };
  const auto drop = [&](const std::string& bytes) {
    return client.Post("/api/drop?name=large", headers, bytes, "application/octet-stream");
  };
  CHECK(generation_in(drop(dense(195))) == 2);
  CHECK(server.memory() < (std::size_t{700} << 20));
  const auto refused = drop(dense(400));
  CHECK(refused->status == 400);
  CHECK(complaint_in(refused).find("too large to breed") != std::string::npos);
}

TEST_CASE("the real skull is bred further and saved; what was saved imports equal") {
  const auto file = reference_data("skull/genome.zip");
  if (!file) return;
  const TemporaryFolder folder;
  BreedingServer server(folder.path() / "s");
  httplib::Client client("127.0.0.1", server.port());
  const httplib::Headers headers{{"X-Skein-Token", token_of(client)}};
  const auto drop = [&](const std::string& bytes) {
    return generation_in(client.Post("/api/drop?name=skull.zip", headers, bytes, "application/octet-stream"));
  };
  REQUIRE(drop(read_file(*file)) == 2);
  const auto founder = client.Get("/api/save?format=zip&generation=2&place=0");
  CHECK(neat::parse_picbreeder(founder->body, "saved")[0].genome == neat::read_picbreeder(*file)[0].genome);
  const json evolve{{"from", 2}, {"picks", {5}}, {"settings", settings()}, {"previous", 2}};
  REQUIRE(generation_in(client.Post("/api/evolve", headers, evolve.dump(), json_type)) == 3);
  const auto zip = client.Get("/api/save?format=zip&generation=3&place=8"),
             own = client.Get("/api/save?format=genome&generation=3&place=8");
  CHECK(neat::parse_picbreeder(zip->body, "saved")[0].genome ==
        neat::parse_genome(own->body, "saved").genome);
  CHECK(drop(zip->body) == 4);
}

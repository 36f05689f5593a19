#pragma once

#include <doctest/doctest.h>
#include <httplib.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "breeding_server.hpp"
#include "experiments/breed/breeding_session.hpp"

namespace skein::test {

using Asked = nlohmann::json;

/// A page's side of the conversation with a server.
class Page {
 public:
  explicit Page(const BreedingServer& server) : client_("127.0.0.1", server.port()) {
    client_.set_read_timeout(600);
    const auto page = client_.Get("/");
    REQUIRE(page);
    const auto at = page->body.find("name=\"token\" content=\"");
    REQUIRE(at != std::string::npos);
    headers_ = {{"X-Skein-Token", page->body.substr(at + 22, 32)}};
  }

  httplib::Result post(const std::string& path, const Asked& asked) {
    return client_.Post(path, headers_, asked.dump(), "application/json");
  }
  /// What a request that must succeed is answered.
  Asked answer(const std::string& path, const Asked& asked) {
    const auto told = post(path, asked);
    REQUIRE(told);
    REQUIRE_MESSAGE(told->status == 200, told->body);
    return Asked::parse(told->body);
  }
  httplib::Result get(const std::string& path) { return client_.Get(path); }
  Asked state() { return Asked::parse(client_.Get("/api/state")->body); }
  int start(const char* kind, int steps) {
    return answer("/api/job", {{"generation", 1}, {"place", 0}, {"kind", kind}, {"steps", steps}})["job"];
  }
  /// The job when it has come so far, or as it is after ten minutes.
  Asked wait_for(int job, const std::function<bool(const Asked&)>& so_far) {
    for (int tries = 0; tries < 6000; ++tries) {
      const Asked told = state()["jobs"][static_cast<std::size_t>(job)];
      if (so_far(told)) return told;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return state()["jobs"][static_cast<std::size_t>(job)];
  }
  static Asked settings() { return Asked::parse(experiments::to_json(neat::BreedingSettings{}).dump()); }
  httplib::Result evolve(int from, const std::string& folder = "") {
    return post(
        "/api/evolve",
        {{"from", from}, {"picks", {1}}, {"settings", settings()}, {"previous", from}, {"folder", folder}});
  }

 private:
  httplib::Client client_;
  httplib::Headers headers_;
};

}  // namespace skein::test

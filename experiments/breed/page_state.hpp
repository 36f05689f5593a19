#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include "experiments/breed/breeding_page.hpp"
#include "experiments/breed/breeding_session.hpp"
#include "experiments/breed/gallery.hpp"
#include "experiments/breed/jobs.hpp"
#include "experiments/runs/run_folder.hpp"

namespace skein::experiments {

/// What the page's routes share; everything under one lock, since a person clicks one thing at a time.
struct BreedingPage::State {
  /// An open session with its lock on the folder.
  struct Opened {
    RunFolder run;
    BreedingSession session;
    Jobs jobs;
    Opened(const std::filesystem::path& folder, const std::filesystem::path& program, const Session& asked);
  };

  std::mutex mutex;
  BreedingPageSettings settings;
  const Session* asked = nullptr;
  std::unique_ptr<Opened> open;
  Gallery gallery;

  BreedingSession& session() { return open->session; }
};

/// A generation as the page knows it.
nlohmann::ordered_json generation_json(const Generation& generation);
/// {"generation", "revision"} and the pictures: a length (32 bits, little endian), as much JSON, then RGB bytes.
WebReply generation_reply(BreedingPage::State& state, std::uint32_t number);
WebReply json_reply(const nlohmann::ordered_json& json);

/// A number of the query. Throws ConfigError.
std::uint32_t asked_number(const WebRequest& request, const std::string& name);

/// The folder of the open session as the page is told it.
std::string told_folder(BreedingPage::State& state);
/// Throws ConfigError when a page names the folder of its session and another session is open by now. Pages that name none
/// are taken at their word.
void require_open(BreedingPage::State& state, const std::string& folder);

/// A route under the lock, whose body is a JSON object; its "folder" is required to be the open one.
WebRoute post_route(
    BreedingPage::State& state, const std::string& path,
    std::function<WebReply(BreedingPage::State&, const nlohmann::ordered_json& asked)> answer);

std::vector<WebRoute> breeding_routes(BreedingPage::State& state);  ///< what breeds
std::vector<WebRoute> inside_routes(
    BreedingPage::State& state);  ///< what looks inside, saves and starts jobs
std::vector<WebRoute> session_routes(BreedingPage::State& state);  ///< the list of sessions

}  // namespace skein::experiments

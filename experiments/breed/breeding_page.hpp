#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "experiments/breed/local_server.hpp"
#include "experiments/runs/session.hpp"

namespace skein::experiments {

struct BreedingPageSettings {
  std::filesystem::path folder;   ///< of the session
  std::filesystem::path program;  ///< the skein that trains, scores and compares
  std::string start;              ///< a NET; empty: from nothing, or where the session was
};

/// The page's session, pictures and jobs, and what the server answers. From any thread.
class BreedingPage {
 public:
  /// Opens or begins the session; a NET that none of its lines began with begins one. Throws as RunFolder,
  /// BreedingSession and founders_named do.
  BreedingPage(BreedingPageSettings settings, const Session& session);
  ~BreedingPage();
  BreedingPage(const BreedingPage&) = delete;
  BreedingPage& operator=(const BreedingPage&) = delete;

  /// `token` is written into the page.
  std::vector<WebRoute> routes(const std::string& token);
  /// A line for the terminal: what was found.
  std::string greeting() const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace skein::experiments

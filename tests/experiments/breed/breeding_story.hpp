#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "breeding_server.hpp"
#include "tests/support/reference_data.hpp"
#include "web_driver.hpp"

namespace skein::test {

/// A picture as tests name it: its generation, and its place there from 0.
using StoryPicture = std::pair<std::uint32_t, std::uint32_t>;

/// A person before the page: a session in a folder of its own, its server, and a browser in which the pictures are there.
struct Sitting {
  explicit Sitting(Browser::Screen screen, const std::string& start = "");
  /// The server is killed, and another takes its place at the same address.
  void crash();
  /// Waits until the server has been told that so many of a generation's pictures are picked: a crash before that loses it.
  bool has_told(int generation, int picks);
  /// The server ends as by Ctrl-C; every one of so many generations is bred again to the same bytes.
  void end(std::size_t generations);

  TemporaryFolder folder;
  std::filesystem::path session;
  std::unique_ptr<BreedingServer> server;
  Browser browser;
};

/// Expressions that become true in the page.
std::string at_generation(int number);
std::string pictures_shown(int count);
std::string pictures_picked(int count);
/// One picture's ancestors are there, so all of it is.
inline const std::string inside_is_open =
    "document.getElementById('inside').open && document.getElementById('film').children.length > 0";

/// The page is there with its first fifteen pictures.
void open_page(Browser& browser, const BreedingServer& server);
/// Every error of the console fails the test. A page that answers nothing while its server is away says so there.
void require_silence(Browser& browser);
/// Where SKEIN_SCREENSHOTS names a folder, the page is left there as a person sees it.
void keep_screenshot(Browser& browser, const std::string& name);

/// The line under the chosen weight's slider.
std::string told_of_weight(Browser& browser);
/// Moves the slider of the chosen weight.
template <class Slide>
bool slides_weight(Browser& browser, const Slide& slide) {
  const std::string before = told_of_weight(browser);
  slide();
  return browser.becomes("document.getElementById('changed').textContent === '1 weight moved'") &&
         told_of_weight(browser) != before;
}
/// How many times the larger view is enlarged, and its centre; 1, 0, 0 for the square.
std::array<double, 3> view_place(Browser& browser);
/// The colours of the large picture as one number, once it is drawn finely where it has been moved to.
std::string view_sum(Browser& browser);

/// Trains the same picture by 500 steps, until its line says the loss and the pair is shown.
void train(Browser& browser);
/// The first training's line and pair are there.
bool has_trained(Browser& browser);

/// The zip that the open dialog saves, as its link gives it.
std::string saved_zip(Browser& browser);
/// The picture that the open dialog saves.
StoryPicture saved_picture(Browser& browser);
/// What was saved is the picture of the session that it says it is.
void check_saved(const std::filesystem::path& session, StoryPicture picture, const std::string& zip);

}  // namespace skein::test

#include "tests/support/skipped.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <ostream>
#include <utility>
#include <vector>

namespace skein::test {

namespace {

/// Name and first reason of the cases that were skipped, in the order in which they ran. Test cases run one after
/// another on the main thread.
std::vector<std::pair<std::string, std::string>>& cases() {
  static std::vector<std::pair<std::string, std::string>> noted;
  return noted;
}

}  // namespace

void skipped(const std::string& reason) {
  MESSAGE("skipped: ", reason);
  const std::string name = doctest::getContextOptions()->currentTest->m_name;
  auto& noted = cases();
  if (std::ranges::find(noted, name, &std::pair<std::string, std::string>::first) == noted.end())
    noted.emplace_back(name, reason);
}

void list_skipped(std::ostream& out) {
  const auto& noted = cases();
  if (noted.empty()) return;
  out << "[skipped] " << noted.size() << (noted.size() == 1 ? " test case" : " test cases")
      << ", wholly or in part:\n";
  for (const auto& [name, reason] : noted) out << "[skipped]   \"" << name << "\": " << reason << '\n';
}

}  // namespace skein::test

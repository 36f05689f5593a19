#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/report/report.hpp"
#include "report_run_fixture.hpp"

/// What is looked at of a report's page.
namespace skein::test {

inline std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

inline std::string page_of(const MadeUpRun& run) {
  return experiments::make_report({experiments::read_report_run(run.folder)}).html;
}

/// Every element that was opened is closed in order (void elements, and what stands in scripts and styles,
/// aside).
inline std::string unbalanced(const std::string& html) {
  std::vector<std::string> open;
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const bool closing = html[at + 1] == '/';
    const std::size_t from = at + (closing ? 2 : 1), to = html.find_first_of(" >/\n", from),
                      end = html.find('>', from);
    const std::string tag = html.substr(from, to - from);
    if (tag.empty() || tag[0] == '!' || html[end - 1] == '/') continue;
    if (tag == "meta" || tag == "img" || tag == "input" || tag == "br" || tag == "link") continue;
    if (closing) {
      if (open.empty() || open.back() != tag) return "</" + tag + "> at " + std::to_string(at);
      open.pop_back();
    } else {
      open.push_back(tag);
      if (tag == "script" || tag == "style") at = html.find("</" + tag, at) - 1;
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> left open";
}

inline nlohmann::json data_of(const std::string& html) {
  const std::string start = "<script type=\"application/json\" id=\"data\">";
  const std::size_t from = html.find(start) + start.size();
  return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
}

}  // namespace skein::test

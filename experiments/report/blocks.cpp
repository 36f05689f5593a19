#include "experiments/report/blocks.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "experiments/report/report_assets.hpp"

namespace skein::experiments {
namespace {

/// Text of a block and the place behind it, which the last has not.
struct Stretch {
  std::string_view text, place;
};

std::vector<Stretch> stretches_of(std::string_view text) {
  std::vector<Stretch> stretches;
  for (std::size_t open = text.find("{{"); open != std::string_view::npos; open = text.find("{{")) {
    const std::size_t close = text.find("}}", open);
    if (close == std::string_view::npos) throw std::logic_error("a place of a block is not closed");
    stretches.push_back({text.substr(0, open), text.substr(open + 2, close - open - 2)});
    text.remove_prefix(close + 2);
  }
  stretches.push_back({text, {}});
  return stretches;
}

}  // namespace

Blocks::Blocks(const std::string& file) {
  constexpr std::string_view head = "<!-- block: ", head_end = " -->";
  std::string* block = nullptr;
  bool is_first_line = false;
  std::istringstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(head) && line.ends_with(head_end)) {
      const std::string name = line.substr(head.size(), line.size() - head.size() - head_end.size());
      const auto [place, is_new] = texts_.emplace(name, std::string());
      if (!is_new) throw std::logic_error("two blocks " + name);
      block = &place->second;
      is_first_line = true;
    } else if (block) {
      if (!std::exchange(is_first_line, false)) *block += '\n';
      *block += line;
    }
  }
}

std::vector<std::string> Blocks::names() const {
  std::vector<std::string> names;
  for (const auto& [name, text] : texts_) names.push_back(name);
  return names;
}

std::set<std::string> Blocks::places(const std::string& name) const {
  std::set<std::string> places;
  for (const Stretch& stretch : stretches_of(text(name)))
    if (!stretch.place.empty()) places.emplace(stretch.place);
  return places;
}

Markup Blocks::filled(const std::string& name, const std::vector<Filling>& fillings) const {
  const std::vector<Stretch> stretches = stretches_of(text(name));
  const auto refuse = [&](const std::string& what) { throw std::logic_error("block " + name + ": " + what); };
  for (const Filling& filling : fillings) {
    if (std::ranges::find(stretches, filling.place, &Stretch::place) == stretches.end())
      refuse("no place " + filling.place);
    if (std::ranges::count(fillings, filling.place, &Filling::place) > 1)
      refuse(filling.place + " is given twice");
  }
  std::string html;
  for (const auto& [text, place] : stretches) {
    html += text;
    if (place.empty()) continue;
    const auto filling = std::ranges::find(fillings, place, &Filling::place);
    if (filling == fillings.end()) refuse("nothing is given for " + std::string(place));
    html += filling->markup.html();
  }
  return Markup::verbatim(std::move(html));
}

const std::string& Blocks::text(const std::string& name) const {
  const auto found = texts_.find(name);
  if (found == texts_.end()) throw std::logic_error("no block " + name);
  return found->second;
}

Markup block(const std::string& name, const std::vector<Filling>& fillings) {
  static const Blocks of_report{std::string(report_blocks())};
  return of_report.filled(name, fillings);
}

Markup paragraph(std::string_view text, std::string_view style) {
  return style.empty() ? block("paragraph", {{"text", text}})
                       : block("styled-paragraph", {{"style", style}, {"text", text}});
}

Markup section(const std::string& id, const std::string& title, const Markup& content) {
  return block("section", {{"id", id}, {"title", title}, {"content", content}});
}

}  // namespace skein::experiments

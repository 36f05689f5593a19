#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/report/markup.hpp"

namespace skein::experiments {

/// What is put in a place of a block: text, which is escaped, or markup, which is not.
struct Filling {
  std::string place;
  Markup markup;

  Filling(std::string_view where, std::string_view text)
      : place(where), markup(Markup::verbatim(escape_markup(text))) {}
  Filling(std::string_view where, Markup content) : place(where), markup(std::move(content)) {}
};

/// The named blocks of an HTML file, as report.html says at its head.
class Blocks {
 public:
  /// Throws std::logic_error for two blocks of one name.
  explicit Blocks(const std::string& file);

  std::vector<std::string> names() const;

  /// Throws std::logic_error for a block that is not there or has a place that is not closed.
  std::set<std::string> places(const std::string& name) const;

  /// The block with every place filled. Throws std::logic_error as `places`, and unless each place is given, once, and
  /// nothing else is.
  Markup filled(const std::string& name, const std::vector<Filling>& fillings) const;

 private:
  const std::string& text(const std::string& name) const;
  std::map<std::string, std::string> texts_;
};

/// A block of report.html, filled.
Markup block(const std::string& name, const std::vector<Filling>& fillings);

/// A paragraph of text, with a class of the page's style sheet unless that is empty.
Markup paragraph(std::string_view text, std::string_view style = {});

/// A heading with what stands below it.
Markup section(const std::string& id, const std::string& title, const Markup& content);

}  // namespace skein::experiments

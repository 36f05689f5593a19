#include <algorithm>
#include <cctype>
#include <charconv>

#include "experiments/labels/label_agreement.hpp"
#include "experiments/statistics/table.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

std::int32_t number_of(const std::string& text, const std::string& where) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw FormatError(where + ": '" + text + "' where a link's branch or id (a whole number) should stand");
  return value;
}

/// A branch is a number, or a word where Picbreeder's client wrote one.
std::int32_t branch_of(const std::string& text, const std::string& where) {
  const bool is_word = std::ranges::any_of(text, [](unsigned char c) { return std::isalpha(c) || c > 127; });
  return is_word ? neat::branch_of_word(text) : number_of(text, where);
}

}  // namespace

std::vector<neat::LinkLabel> parse_labels(const std::string& text, const std::string& name) {
  std::vector<neat::LinkLabel> labels;
  std::size_t branch = 0, id = 0, label = 0, needed = 0;
  int line_number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const auto fields = csv_fields(text.substr(at, end - at));
    at = end + 1;
    const std::string where = name + ", line " + std::to_string(++line_number);
    if (line_number == 1) {
      const auto column = [&](const char* wanted) {
        const auto found = std::find(fields.begin(), fields.end(), wanted);
        if (found == fields.end()) throw FormatError(where + ": no column called '" + wanted + "'");
        return static_cast<std::size_t>(found - fields.begin());
      };
      branch = column("link_branch"), id = column("link_id"), label = column("label");
      needed = std::max({branch, id, label}) + 1;
      continue;
    }
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (fields.size() < needed)
      throw FormatError(where + ": " + std::to_string(fields.size()) + " fields, at least " +
                        std::to_string(needed) + " are needed");
    neat::LinkLabel read;
    read.link = {branch_of(fields[branch], where), number_of(fields[id], where)};
    read.label = fields[label];
    labels.push_back(std::move(read));
  }
  if (line_number == 0) throw FormatError(name + ": empty, a header line is needed");
  return labels;
}

std::vector<neat::LinkLabel> read_labels(const std::filesystem::path& file) {
  return parse_labels(read_file(file), file.string());
}

}  // namespace skein::experiments

#include "experiments/campaign/campaign_file.hpp"

#include <glob.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "experiments/rows/depth_axis.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

/// Reads one campaign; the members that throw name the file.
class CampaignReader {
 public:
  CampaignReader(std::string file, std::uint64_t first_seed)
      : file_(std::move(file)), first_seed_(first_seed) {}

  CampaignRequest read(const toml::table& campaign) {
    request_.settings.options.training.steps = 0;
    for (const auto& [key, node] : campaign) take(std::string(key.str()), node);
    if (request_.targets.empty()) refuse("'targets' is missing");
    const Budget& budget = budget_called(request_.settings.budget);
    if (request_.settings.seeds.empty()) request_.settings.seeds = seeds_from(first_seed_, budget.seeds);
    request_.settings.variants = variants_;
    return std::move(request_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw ConfigError(file_ + ": " + what); }

  void take(const std::string& key, const toml::node& node) {
    if (key == "targets") take_targets(node);
    else if (key == "methods") request_.axes[key] = request_.settings.methods = texts(key, node);
    else if (key == "keep") request_.axes[key] = request_.settings.keep = texts(key, node);
    else if (key == "depth-offsets") take_offsets(node);
    else if (key == "seeds") take_seeds(node);
    else if (key == "exclude") take_exclusions(node);
    else if (key == "budget") request_.fixed[key] = request_.settings.budget = text(key, node);
    else take_option(key, node);
  }

  void take_targets(const toml::node& node) {
    for (const std::string& pattern : texts("targets", node)) {
      if (pattern.find_first_of("*?[") == std::string::npos) {
        request_.targets.push_back(pattern);
        continue;
      }
      glob_t found{};
      const int failure = ::glob(pattern.c_str(), 0, nullptr, &found);
      for (std::size_t i = 0; failure == 0 && i < found.gl_pathc; ++i)
        request_.targets.emplace_back(found.gl_pathv[i]);
      ::globfree(&found);
      if (failure != 0) refuse("no file matches the target '" + pattern + "'");
    }
    std::vector<std::string> once;
    for (const std::string& target : request_.targets)
      if (std::ranges::find(once, target) == once.end()) once.push_back(target);
    request_.axes["targets"] = request_.targets = once;
  }

  void take_offsets(const toml::node& node) {
    std::string joined;
    for (const std::string& offset : texts("depth-offsets", node))
      joined += (joined.empty() ? "" : ",") + offset;
    request_.settings.depth_offsets = parse_offsets(joined);
    request_.axes["depth-offsets"] = request_.settings.depth_offsets;
  }

  void take_seeds(const toml::node& node) {
    auto& seeds = request_.settings.seeds;
    if (!node.is_array()) {
      if (!node.is_integer()) refuse("'seeds' must be a count or a list of seeds");
      seeds = seeds_from(first_seed_, node.as_integer()->get());
      request_.axes["seeds"] = seeds.size();
      return;
    }
    for (const toml::node& seed : *node.as_array()) {
      if (!seed.is_integer() || seed.as_integer()->get() < 0)
        refuse("'seeds' must be a count or a list of seeds");
      seeds.push_back(static_cast<std::uint64_t>(seed.as_integer()->get()));
    }
    if (seeds.empty()) refuse("the axis 'seeds' is empty");
    request_.axes["seeds"] = seeds;
  }

  void take_exclusions(const toml::node& node) {
    if (!node.is_array()) refuse("'exclude' must be a list of tables");
    for (const toml::node& one : *node.as_array()) {
      if (!one.is_table()) refuse("'exclude' must be a list of tables");
      Variant parts;
      for (const auto& [key, value] : *one.as_table()) {
        const std::string name(key.str());
        constexpr std::string_view parts_of_keys[] = {"target", "method", "keep", "depth-offset", "seed"};
        if (std::ranges::find(parts_of_keys, name) == std::ranges::end(parts_of_keys) && !is_option(name))
          refuse("'" + name +
                 "' of an exclusion is no part of a row; there are target, method, keep, "
                 "depth-offset, seed and the options of rows");
        parts.emplace_back(name, text(name, value));
      }
      if (parts.empty()) refuse("an empty exclusion would leave no row");
      request_.settings.excluded.push_back(std::move(parts));
    }
  }

  static bool is_option(const std::string& name) {
    return std::ranges::find(row_option_table(), name, &RowOption::name) != row_option_table().end();
  }

  /// An option with one value is set for all rows; one with a list has rows for each value.
  void take_option(const std::string& key, const toml::node& node) {
    if (!is_option(key)) {
      std::string known = "targets, methods, keep, depth-offsets, seeds, budget, exclude";
      for (const RowOption& option : row_option_table()) known += ", " + std::string(option.name);
      refuse("the axis '" + key + "' is unknown; there are " + known);
    }
    if (!node.is_array()) {
      const std::string value = text(key, node);
      const auto option = std::ranges::find(row_option_table(), key, &RowOption::name);
      try {
        option->set(request_.settings.options, value);
      } catch (const ConfigError& e) {
        refuse(key + " = " + value + ": " + e.what());
      }
      request_.fixed[key] = value;
      return;
    }
    std::vector<Variant> more;
    const std::vector<std::string> values = texts(key, node);
    for (const Variant& variant : variants_)
      for (const std::string& value : values) {
        more.push_back(variant);
        more.back().emplace_back(key, value);
      }
    variants_ = std::move(more);
    request_.axes[key] = values;
  }

  std::string text(const std::string& key, const toml::node& node) const {
    if (const auto* string = node.as_string()) return string->get();
    if (const auto* whole = node.as_integer()) return std::to_string(whole->get());
    if (const auto* real = node.as_floating_point()) return Json(real->get()).dump();
    if (const auto* flag = node.as_boolean()) return flag->get() ? "on" : "off";
    refuse("'" + key + "' must be text or a number, or a list of these");
  }

  std::vector<std::string> texts(const std::string& key, const toml::node& node) const {
    if (!node.is_array()) return {text(key, node)};
    std::vector<std::string> all;
    for (const toml::node& one : *node.as_array()) {
      all.push_back(text(key, one));
      if (std::ranges::count(all, all.back()) > 1) refuse("'" + key + "' has " + all.back() + " twice");
    }
    if (all.empty()) refuse("the axis '" + key + "' is empty");
    return all;
  }

  std::string file_;
  std::uint64_t first_seed_;
  CampaignRequest request_;
  std::vector<Variant> variants_{{}};
};

}  // namespace

CampaignRequest read_campaign(const std::filesystem::path& file, std::uint64_t first_seed) {
  const std::string name = file.string();
  toml::table table;
  try {
    std::istringstream text(read_file(file, std::size_t{1} << 20));
    table = toml::parse(text);
  } catch (const toml::parse_error& e) {
    throw FormatError(name + ": not TOML at line " + std::to_string(e.source().begin.line) + ": " +
                      std::string(e.description()));
  }
  const toml::table* campaign = table["campaign"].as_table();
  if (!campaign) throw FormatError(name + ": has no table [campaign]");
  return CampaignReader(name, first_seed).read(*campaign);
}

}  // namespace skein::experiments

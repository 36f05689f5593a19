#include "experiments/swarm/evaluation_log.hpp"

#include <limits>
#include <sstream>

#include "experiments/records/json_file.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t longest_log = std::size_t{8} << 30;  // bytes; our own file, a line per batch

std::vector<NetworkWorth> worths_of(const Json& line) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const Json &utility = line.at("utility"), &loss = line.at("loss");
  std::vector<NetworkWorth> worths;
  for (std::size_t i = 0; i < utility.size(); ++i)
    worths.push_back({utility.at(i).is_null() ? -infinite : utility.at(i).get<double>(),
                      loss.at(i).is_null() ? infinite : loss.at(i).get<double>()});
  return worths;
}

}  // namespace

EvaluationLog::EvaluationLog(const RunFolder& run) : run_(run) {
  run.forget_after("batch", std::numeric_limits<std::int64_t>::max());
  const auto file = run.file("metrics.jsonl");
  if (!std::filesystem::exists(file)) return;
  std::istringstream lines(read_file(file, longest_log));
  for (std::string line; std::getline(lines, line);) try {
      const Json json = Json::parse(line);
      if (!json.contains("search")) continue;
      const auto search = json.at("search").get<std::string>();
      auto& batches = known_[search];
      if (json.at("batch").get<std::size_t>() != batches.size()) throw FormatError("");
      batches.push_back(worths_of(json));
    } catch (const std::exception&) {
      throw FormatError(file.string() + ": a line is not of this run; --force starts it anew");
    }
}

std::vector<NetworkWorth> EvaluationLog::next(const std::string& search, std::size_t networks,
                                              const std::function<std::vector<NetworkWorth>()>& evaluate) {
  auto& batches = known_[search];
  const std::size_t index = told_[search]++;
  if (index < batches.size()) {
    if (batches[index].size() != networks)
      throw FormatError(run_.file("metrics.jsonl").string() + ": batch " + std::to_string(index) + " of " +
                        search + " is of another search; --force starts it anew");
    return batches[index];
  }
  const Batch batch = evaluate();
  Json utility = Json::array(), loss = Json::array();
  for (const NetworkWorth& worth : batch) {
    utility.push_back(finite_or_null(worth.utility));
    loss.push_back(finite_or_null(worth.loss));
  }
  run_.record({{"search", search}, {"batch", index}, {"utility", utility}, {"loss", loss}});
  batches.push_back(batch);
  return batches.back();
}

}  // namespace skein::experiments

#include "experiments/basin/basin_book.hpp"

#include <limits>

#include "experiments/records/json_file.hpp"

namespace skein::experiments {
namespace {

using Json = nlohmann::ordered_json;

/// A loss of a line; infinite for null. Throws as nlohmann's reader.
double loss_in(const Json& line, const char* key) {
  const Json& value = line.at(key);
  return value.is_null() ? std::numeric_limits<double>::infinity() : value.get<double>();
}

Json line_of(const std::string& wiring, const StartResult& start) {
  return {{"start", start.index},
          {"wiring", wiring},
          {"first_loss", finite_or_null(start.first_loss)},
          {"loss", finite_or_null(start.loss)},
          {"best_loss", finite_or_null(start.best_loss)},
          {"steps", start.steps},
          {"diverged", start.diverged},
          {"seconds", start.seconds}};
}

Json line_of(const CopyKey& key, const Return& copy) {
  const auto& [content, where, noise, number] = key;
  return {{"copy", number},
          {"content", content},
          {"where", where},
          {"noise", noise},
          {"disturbed_loss", finite_or_null(copy.disturbed_loss)},
          {"best_loss", finite_or_null(copy.best_loss)},
          {"diverged", copy.diverged},
          {"seconds", copy.seconds}};
}

}  // namespace

BasinBook::BasinBook(const RunFolder& run) {
  run.each_record([&](const Json& line) {
    try {
      if (line.contains("start")) {
        const StartResult start{line.at("start").get<std::uint64_t>(),
                                loss_in(line, "first_loss"),
                                loss_in(line, "loss"),
                                loss_in(line, "best_loss"),
                                line.at("steps").get<std::int64_t>(),
                                line.at("diverged").get<bool>(),
                                line.at("seconds").get<double>()};
        starts_.known[{line.at("wiring").get<std::string>(), start.index}] = start;
        seconds_ += start.seconds;
      } else if (line.contains("copy")) {
        const Return copy{loss_in(line, "disturbed_loss"), loss_in(line, "best_loss"),
                          line.at("diverged").get<bool>(), line.at("seconds").get<double>()};
        copies_.known[{line.at("content").get<std::string>(), line.at("where").get<std::string>(),
                       line.at("noise").get<double>(), line.at("copy").get<int>()}] = copy;
        seconds_ += copy.seconds;
      }
    } catch (const Json::exception&) {
      // damaged: the fit is made again
    }
  });
  starts_.keep = [this, &run](const std::string& wiring, const StartResult& start) {
    run.record(line_of(wiring, start));
    seconds_ += start.seconds;
  };
  copies_.keep = [this, &run](const CopyKey& key, const Return& copy) {
    run.record(line_of(key, copy));
    seconds_ += copy.seconds;
  };
}

}  // namespace skein::experiments

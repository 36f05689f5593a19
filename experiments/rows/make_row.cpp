#include "experiments/rows/make_row.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "experiments/records/digest.hpp"
#include "experiments/rows/json_reader.hpp"
#include "experiments/rows/row_circuits.hpp"
#include "experiments/rows/row_measures.hpp"
#include "experiments/rows/row_network.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/seconds_since.hpp"
#include "lib/engine/engine.hpp"
#include "lib/picture/image.hpp"

namespace skein::experiments {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Making a network takes this long before it is recorded on its own, ahead of measuring it.
constexpr double worth_recording = 2;  // seconds

/// A row in the making: its record, and what is known of it so far.
class RowInTheMaking {
 public:
  RowInTheMaking(const RowContext& context, const RowPlan& plan, const PlannedRow& planned,
                 const std::function<bool()>& may_write, const ProgressListener& listener)
      : context_(context),
        plan_(plan),
        planned_(planned),
        target_(context.target_of(planned)),
        method_(*find_method(planned.key.method)),
        record_(context.record_of_row(planned.key), context.hash_of_row(planned.key), may_write),
        listener_(listener) {}

  std::optional<CompareRow> make() {
    record_.begin();
    read_progress();
    try {
      if (!made_ && !make_network()) return std::nullopt;
    } catch (const ConfigError& e) {
      fail(e.what());
    } catch (const NumericError& e) {
      fail(e.what());
    }
    if (!row_.network.empty() && row_.status != RowStatus::blank) measure();
    Json members = to_json(row_);
    members["state"] = name(row_.status);
    record_.write(members);
    return row_;
  }

 private:
  /// What the record of an unfinished row says: why a first attempt failed, rounds, the network if it is made.
  void read_progress() {
    const auto json = record_.read();
    if (!json) return;
    const std::string file = record_.path().string();
    try {
      if (const auto finished = finished_row(context_, planned_.key)) {
        // Measures have been added since: they are taken of the network that is there.
        row_ = *finished;
        row_.measures.clear();
        made_ = bytes_of_digest(context_.run / row_.network, row_.network_digest).has_value();
        return;
      }
      if (json->contains("trouble")) trouble_ = json->at("trouble").get<std::string>();
      if (json->contains("rounds"))
        for (const Json& round : json->at("rounds")) rounds_.push_back(round_from_json(round, file));
      if (json->value("made", false)) {
        row_ = row_from_json(*json, file);
        row_.status = static_cast<RowStatus>(json->at("outcome").get<int>());
        made_ = bytes_of_digest(context_.run / row_.network, row_.network_digest).has_value();
      }
    } catch (const FormatError&) {
      forget();
    } catch (const Json::exception&) {
      forget();
    }
  }
  void forget() { trouble_.clear(), rounds_.clear(), made_ = false; }

  void write_progress() const {
    Json members{{"key", to_json(planned_.key)}, {"state", name(RowStatus::running)}, {"trouble", trouble_}};
    members["rounds"] = Json::array();
    for (const RoundRecord& round : rounds_) members["rounds"].push_back(to_json(round));
    record_.write(members);
  }

  void fail(const std::string& cause) {
    row_ = blank_row(context_, plan_, planned_);
    row_.status = RowStatus::failed;
    row_.note = cause;
  }

  /// Makes the network; at a tenth of the rate when that diverges or goes dead. False when stopped.
  bool make_network() {
    const auto start = std::chrono::steady_clock::now();
    const RowOptions options = options_of(context_.settings, planned_.key);
    sgd::TrainSettings settings = options.training.settings(planned_.key.seed.value_or(0));
    if (trouble_.empty()) try {
        const auto drawn = attempt(options, settings);
        if (drawn && is_dead(*drawn))
          throw NumericError("draws one colour after " + std::to_string(row_.steps) + " steps");
        if (drawn) record_made(start);
        return drawn.has_value();
      } catch (const NumericError& e) {
        if (!method_.trains) throw;
        trouble_ = e.what();
        rounds_.clear();
        write_progress();
        remove_leftovers();
      }
    settings.learning_rate *= second_rate;
    try {
      const auto drawn = attempt(options, settings);
      if (!drawn) return false;
      row_.status = is_dead(*drawn) ? RowStatus::blank : RowStatus::retried;
      row_.note = trouble_ + (is_dead(*drawn) ? ", at a tenth of the rate too" : "");
    } catch (const NumericError& e) {
      row_ = blank_row(context_, plan_, planned_);
      row_.learning_rate = settings.learning_rate;
      row_.note = e.what();
      row_.status = RowStatus::diverged;
      remove_leftovers();
      return true;
    }
    record_made(start);
    return true;
  }

  /// What an attempt that failed leaves: its record says so already.
  void remove_leftovers() const {
    for (const char* left : {"checkpoint", "network.mlp", "network.recursion", "picture.png", "loss.csv"}) {
      std::error_code ignored;
      fs::remove(record_.folder() / left, ignored);
    }
  }

  /// Records the network before it is measured, where making it took long.
  void record_made(std::chrono::steady_clock::time_point start) const {
    if (seconds_since(start) < worth_recording) return;
    Json members = to_json(row_);
    members["state"] = name(RowStatus::running);
    members["made"] = true;
    members["outcome"] = static_cast<int>(row_.status);
    members["trouble"] = trouble_;
    record_.write(members);
  }

  std::optional<Picture> attempt(const RowOptions& options, const sgd::TrainSettings& settings) {
    row_ = blank_row(context_, plan_, planned_);
    if (method_.trains) row_.learning_rate = settings.learning_rate;
    RowWork work{planned_.key, target_, options, settings, record_.folder(), {}, {}, {}, {}, {}, {}};
    work.may_write = record_.may_write();
    work.listener = listener_;
    work.rounds = {rounds_,
                   [this](const std::vector<RoundRecord>& rounds) {
                     rounds_ = rounds;
                     write_progress();
                   },
                   record_.may_write()};
    if (planned_.parent != no_row)
      work.parent = [this] { return read_parent(context_, plan_.parents[at(planned_.parent)].key); };
    if (planned_.like != no_row) work.like = [this] { return network_of_like(); };
    work.begun = [&] { return state_of_parent(context_, planned_.key, settings); };
    const auto made = method_.make(work);
    if (!made) return std::nullopt;
    return keep(*made);
  }

  static std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }

  /// The network of the row that a control matches.
  sgd::Mlp network_of_like() const {
    const RowKey& key = plan_.rows[at(planned_.like)].key;
    const auto like = finished_row(context_, key);
    if (!like || like->network.empty())
      throw ConfigError("there is no network of " + id_of(key) + " to match");
    return as_mlp(network_of_row(context_.run, *like));
  }

  /// Writes the network, its picture and curve, and what can be said of them. Returns the picture.
  Picture keep(const MadeRow& made) {
    const std::string relative = plan_.folder_of(planned_) + "/";
    const Picture& wanted = target_.picture;
    const Net& net = made.network;
    const Picture picture = draw(Plan(net.network), net.weights, Grid{wanted.width, wanted.height});
    const std::string network = encode_row_network(net), file = file_of_network(net);
    record_.keep("picture.png", encode_png(to_image(picture)));
    record_.keep(file, network);
    if (!made.curve.empty()) record_.keep("loss.csv", made.curve);
    row_.network = relative + file;
    row_.picture = relative + "picture.png";
    row_.loss_curve = made.curve.empty() ? "" : relative + "loss.csv";
    row_.network_digest = digest_of(network);
    const NetworkCounts counts = counts_of(net);
    row_.arch = counts.arch;
    row_.weights = counts.weights;
    row_.nonzero = counts.nonzero;
    row_.steps = made.steps;
    row_.rounds = made.rounds;
    const double error = mean_squared_error(picture, wanted);
    row_.psnr = psnr(error);
    row_.loss = made.steps == 0 ? error : made.loss;
    row_.best_loss = made.steps == 0 ? error : made.best_loss;
    if (!made.trouble.empty()) {
      row_.status = RowStatus::retried;
      row_.note = "its dense parent: " + made.trouble;
    }
    fs::remove(record_.folder() / "checkpoint");
    return picture;
  }

  /// Whether a training ended at one colour though the target has more.
  bool is_dead(const Picture& drawn) const {
    return method_.trains && is_constant(drawn) && !is_constant(target_.picture);
  }

  void measure() {
    const Net net = network_of_row(context_.run, row_);
    row_.measures = measures_of_row(net, target_.evolved ? &*target_.evolved : nullptr,
                                    context_.parts_of_row(planned_.key), context_.settings.budget,
                                    planned_.key.seed.value_or(0), listener_);
    look_for_circuits(net);
  }

  /// Of networks whose weights are nobody else's: a recursion's are in every round, so its parts have no circuits.
  void look_for_circuits(const Net& net) {
    const std::string wanted = options_of(context_.settings, planned_.key).circuits;
    const PictureParts* parts = context_.parts_of_row(planned_.key);
    if (wanted == "off" || parts == nullptr) return;
    const bool pieces = wanted == "on";
    if (!net.mlp) {
      std::ranges::move(absent_circuits(pieces, "a recursion, whose weights are in every round"),
                        std::back_inserter(row_.measures));
      return;
    }
    const auto circuits = circuits_of_row(*net.mlp, target_.genome->genome, *parts, pieces,
                                          planned_.key.seed.value_or(0), listener_);
    if (!circuits) return;
    row_.measures.insert(row_.measures.end(), circuits->measures.begin(), circuits->measures.end());
    record_.keep(circuits_file, circuits->csv);
  }

  const RowContext& context_;
  const RowPlan& plan_;
  const PlannedRow& planned_;
  const RowTarget& target_;
  const RowMethod& method_;
  RecordFile record_;
  const ProgressListener& listener_;
  CompareRow row_;
  std::string trouble_;  ///< of a first attempt
  std::vector<RoundRecord> rounds_;
  bool made_ = false;
};

}  // namespace

std::optional<CompareRow> make_row(const RowContext& context, const RowPlan& plan, const PlannedRow& planned,
                                   const std::function<bool()>& may_write, const ProgressListener& listener) {
  return RowInTheMaking(context, plan, planned, may_write, listener).make();
}

}  // namespace skein::experiments

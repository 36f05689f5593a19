#include "lib/engine.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "lib/colour.hpp"
#include "lib/error.hpp"
#include "lib/parallel.hpp"

namespace skein {

struct Plan::Schedule {
  Network network;
  std::vector<std::uint8_t> trainable;
};

Plan::Plan(Network network, PlanOptions options) {
  if (!options.trainable.empty() && static_cast<int>(options.trainable.size()) != network.slot_count())
    throw ConfigError("plan: one trainable flag per slot is needed");
  schedule_ = std::make_shared<const Schedule>(Schedule{std::move(network), std::move(options.trainable)});
}

const Network& Plan::network() const { return schedule_->network; }

namespace {

constexpr std::size_t tile = 256;
constexpr std::size_t tiles_per_shard = 16;

enum class Channel { x, y, d, bias };

struct Source {
  const SampleSource* samples;
  std::vector<Channel> channels;

  Source(const Network& network, const SampleSource& s) : samples(&s) {
    if (const auto* table = std::get_if<SampleTable>(&s)) {
      if (table->inputs != network.input_count() ||
          table->values.size() != table->count * static_cast<std::size_t>(table->inputs))
        throw ConfigError("samples: the table's shape does not fit the network's inputs");
      return;
    }
    validate(std::holds_alternative<Grid>(s) ? std::get<Grid>(s) : std::get<PixelSubset>(s).grid);
    for (const std::string& input : network.signature().inputs) {
      if (input == "x") channels.push_back(Channel::x);
      else if (input == "y") channels.push_back(Channel::y);
      else if (input == "d") channels.push_back(Channel::d);
      else if (input == "bias") channels.push_back(Channel::bias);
      else throw ConfigError("a picture grid has no input named '" + input + "'; it has x, y, d, bias");
    }
  }

  void fill(std::size_t first, std::size_t count, float* out) const {
    if (const auto* table = std::get_if<SampleTable>(samples)) {
      for (int i = 0; i < table->inputs; ++i)
        std::copy_n(table->values.data() + static_cast<std::size_t>(i) * table->count + first, count,
                    out + static_cast<std::size_t>(i) * tile);
      return;
    }
    const auto* subset = std::get_if<PixelSubset>(samples);
    const Grid& grid = subset ? subset->grid : std::get<Grid>(*samples);
    for (std::size_t p = 0; p < count; ++p) {
      const std::size_t pixel = subset ? subset->pixels[first + p] : first + p;
      const double x = grid.x(static_cast<int>(pixel % static_cast<std::size_t>(grid.width)));
      const double y = grid.y(static_cast<int>(pixel / static_cast<std::size_t>(grid.width)));
      for (std::size_t c = 0; c < channels.size(); ++c)
        out[c * tile + p] =
            static_cast<float>(channels[c] == Channel::x   ? x
                               : channels[c] == Channel::y ? y
                               : channels[c] == Channel::d ? distance_scale * std::sqrt(x * x + y * y)
                                                           : 1.0);
    }
  }
};

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__SANITIZE_THREAD__) && \
    !defined(__SANITIZE_ADDRESS__)
#define SKEIN_CLONES __attribute__((target_clones("avx2", "default"), optimize("O3")))
#else
#define SKEIN_CLONES
#endif

/// y += a * x.
SKEIN_CLONES void add_scaled(float a, const float* __restrict x, float* __restrict y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] += a * x[i];
}

/// Sum of x[i] * y[i] in 16 lanes.
SKEIN_CLONES float dot(const float* __restrict x, const float* __restrict y, std::size_t n) {
  float lanes[16] = {};
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (std::size_t l = 0; l < 16; ++l) lanes[l] += x[i + l] * y[i + l];
  float sum = 0;
  for (; i < n; ++i) sum += x[i] * y[i];
  for (const float lane : lanes) sum += lane;
  return sum;
}

void forward(const Network& network, std::span<const float> weights, std::size_t count, float* values,
             float* sums) {
  const auto inputs = static_cast<std::size_t>(network.input_count());
  for (int u = 0; u < network.unit_count(); ++u) {
    const auto index = static_cast<std::size_t>(u);
    float* sum = sums + index * tile;
    std::fill_n(sum, count, 0.0f);
    for (const Edge& edge : network.edges_of(u)) {
      add_scaled(weights[edge.slot], values + edge.source * tile, sum, count);
    }
    float* value = values + (inputs + index) * tile;
    const Activation activation = network.units()[index].activation;
    if (activation == Activation::identity) {
      std::copy_n(sum, count, value);
      continue;
    }
    for (std::size_t p = 0; p < count; ++p) value[p] = activate(activation, sum[p]);
  }
}

void check_weights(const Network& network, std::span<const float> weights) {
  if (weights.size() != static_cast<std::size_t>(network.slot_count()))
    throw ConfigError("engine: " + std::to_string(weights.size()) + " weights given, the network has " +
                      std::to_string(network.slot_count()));
}

template <class Body>
void for_tiles(const Network& network, std::span<const float> weights, const SampleSource& samples,
               const Body& body) {
  check_weights(network, weights);
  const Source source(network, samples);
  const std::size_t n = sample_count(samples);
  const std::size_t tiles = (n + tile - 1) / tile;
  parallel_for((tiles + tiles_per_shard - 1) / tiles_per_shard, [&](std::size_t shard) {
    std::vector<float> values(static_cast<std::size_t>(network.value_count()) * tile);
    std::vector<float> sums(static_cast<std::size_t>(network.unit_count()) * tile);
    for (std::size_t t = shard * tiles_per_shard; t < std::min(tiles, (shard + 1) * tiles_per_shard); ++t) {
      const std::size_t count = std::min(tile, n - t * tile);
      source.fill(t * tile, count, values.data());
      forward(network, weights, count, values.data(), sums.data());
      body(shard, t * tile, count, values.data(), sums.data());
    }
  });
}

}  // namespace

void feature_maps(const Plan& plan, std::span<const float> weights, const SampleSource& samples,
                  std::span<const ValueIndex> wanted, std::span<float> maps) {
  const std::size_t n = sample_count(samples);
  if (maps.size() != wanted.size() * n) throw ConfigError("engine: the maps' buffer has the wrong size");
  for_tiles(plan.network(), weights, samples,
            [&](std::size_t, std::size_t first, std::size_t count, const float* values, const float*) {
              for (std::size_t i = 0; i < wanted.size(); ++i)
                std::copy_n(values + wanted[i] * tile, count, maps.data() + i * n + first);
            });
}

void evaluate(const Plan& plan, std::span<const float> weights, const SampleSource& samples,
              std::span<float> outputs) {
  feature_maps(plan, weights, samples, plan.network().outputs(), outputs);
}

Picture draw(const Plan& plan, std::span<const float> weights, const Grid& grid) {
  if (plan.network().output_count() != 3)
    throw ConfigError("engine: only a network with three outputs draws");
  validate(grid);
  Picture picture(grid.width, grid.height);
  const auto out = plan.network().outputs();
  for_tiles(plan.network(), weights, grid,
            [&](std::size_t, std::size_t first, std::size_t count, const float* values, const float*) {
              for (std::size_t p = 0; p < count; ++p) {
                const auto rgb = hsv_to_rgb(values[out[0] * tile + p], values[out[1] * tile + p],
                                            values[out[2] * tile + p]);
                for (int c = 0; c < 3; ++c) picture.channel(c)[first + p] = rgb[static_cast<std::size_t>(c)];
              }
            });
  return picture;
}

struct Loss::State {
  Plan plan;
  SampleSource samples;
  Target target;
};

Loss::Loss(Plan plan, SampleSource samples, Target target)
    : state_(new State{std::move(plan), std::move(samples), std::move(target)}) {}
Loss::~Loss() = default;
Loss::Loss(Loss&&) noexcept = default;
Loss& Loss::operator=(Loss&&) noexcept = default;
const Plan& Loss::plan() const { return state_->plan; }
void Loss::set_pixels(std::vector<std::uint32_t> pixels) {
  std::get<PixelSubset>(state_->samples).pixels = std::move(pixels);
}

double Loss::value(std::span<const float> weights) {
  std::vector<float> gradient(weights.size());
  return value_and_gradient(weights, gradient);
}

double Loss::value_and_gradient(std::span<const float> weights, std::span<float> gradient) {
  const Network& network = state_->plan.network();
  const std::size_t n = sample_count(state_->samples);
  const std::size_t shards = (n + tile * tiles_per_shard - 1) / (tile * tiles_per_shard);
  std::vector<double> losses(shards);
  std::vector<std::vector<double>> gradients(shards, std::vector<double>(weights.size()));
  const auto inputs = static_cast<std::size_t>(network.input_count());
  const auto outputs = network.outputs();
  const auto* picture = std::get_if<Picture>(&state_->target);
  const auto* subset = std::get_if<PixelSubset>(&state_->samples);
  const double scale = 1.0 / (static_cast<double>(n) * static_cast<double>(outputs.size()));
  for_tiles(
      network, weights, state_->samples,
      [&](std::size_t shard, std::size_t first, std::size_t count, const float* values, const float* sums) {
        std::vector<float> back(static_cast<std::size_t>(network.value_count()) * tile);
        for (std::size_t p = 0; p < count; ++p) {
          if (picture) {
            const std::size_t pixel = subset ? subset->pixels[first + p] : first + p;
            const float h = values[outputs[0] * tile + p], s = values[outputs[1] * tile + p],
                        v = values[outputs[2] * tile + p];
            auto error = hsv_to_rgb(h, s, v);
            for (int c = 0; c < 3; ++c) {
              error[static_cast<std::size_t>(c)] -= picture->channel(c)[pixel];
              losses[shard] += static_cast<double>(error[static_cast<std::size_t>(c)]) *
                               static_cast<double>(error[static_cast<std::size_t>(c)]);
            }
            const auto g = hsv_to_rgb_gradient(h, s, v, error);
            for (std::size_t o = 0; o < 3; ++o) back[outputs[o] * tile + p] += 2.0f * g[o];
          } else {
            const auto& wanted = std::get<std::vector<float>>(state_->target);
            for (std::size_t o = 0; o < outputs.size(); ++o) {
              const float e = values[outputs[o] * tile + p] - wanted[o * n + first + p];
              losses[shard] += static_cast<double>(e) * static_cast<double>(e);
              back[outputs[o] * tile + p] += 2.0f * e;
            }
          }
        }
        for (int u = network.unit_count() - 1; u >= 0; --u) {
          const auto index = static_cast<std::size_t>(u);
          float* g = back.data() + (inputs + index) * tile;
          const Activation activation = network.units()[index].activation;
          if (activation != Activation::identity)
            for (std::size_t p = 0; p < count; ++p)
              g[p] *= activation_derivative(activation, sums[index * tile + p]);
          for (const Edge& edge : network.edges_of(u)) {
            const float* source = values + edge.source * tile;
            float* upstream = back.data() + edge.source * tile;
            const float w = weights[edge.slot];
            add_scaled(w, g, upstream, count);
            gradients[shard][edge.slot] += static_cast<double>(dot(g, source, count));
          }
        }
      });
  double loss = 0;
  std::vector<double> total(weights.size());
  for (std::size_t shard = 0; shard < shards; ++shard) {
    loss += losses[shard];
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += gradients[shard][i];
  }
  const auto& trainable = state_->plan.schedule().trainable;
  for (std::size_t i = 0; i < total.size(); ++i)
    gradient[i] = trainable.empty() || trainable[i] ? static_cast<float>(total[i] * scale) : 0.0f;
  return loss * scale;
}

void draw_perturbed(const Plan& plan, std::span<const float> weights, const Grid& grid,
                    std::span<const Perturbation> perturbations,
                    const std::function<void(std::size_t, Picture&&)>& sink) {
  parallel_for(perturbations.size(), [&](std::size_t i) {
    Weights changed(weights.begin(), weights.end());
    for (const auto& [slot, value] : perturbations[i]) changed[slot] = value;
    sink(i, draw(plan, changed, grid));
  });
}

}  // namespace skein

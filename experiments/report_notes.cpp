#include "experiments/report_notes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "experiments/measures.hpp"

namespace skein::experiments {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

/// The first entry that a method's name contains holds.
constexpr std::array method_notes{
    Entry{"shuffle",
          "The same number of links in and out of every unit, but with the partners exchanged at random: it "
          "has the "
          "wiring's degrees and nothing else of it. Trained from random weights."},
    Entry{"random",
          "As many weights in every layer as the wiring it stands against, placed at random. Trained from "
          "random weights."},
    Entry{
        "lottery",
        "Iterative magnitude pruning with rewinding (Frankle and Carbin 2019): the smallest fifth of the "
        "weights is "
        "removed, the others return to an earlier state and are trained again, until the count is reached."},
    Entry{"wanda",
          "Weights ranked within each output by size times the norm of their input (Sun, Liu, Bair and "
          "Kolter 2023), "
          "layer by layer."},
    Entry{"llm",
          "Structured pruning by first- and second-order Taylor importance of whole units (Ma, Fang and Wang "
          "2023); it "
          "ends at the largest network it can reach at or below the count."},
    Entry{"magnitude",
          "The weights smallest in size are removed over the whole network at once; the others are trained "
          "on."},
    Entry{"sp",
          "Similarity-based pruning, skein's own definition: units of a layer whose maps over the picture "
          "are alike are merged "
          "into one, their outgoing weights folded into it by least squares; negligible links are dropped; "
          "the network "
          "is trained again; and so on in rounds."},
    Entry{"frozen",
          "The evolved wiring with random weights trained by gradient descent; copies stay at weight 1, so "
          "that it is "
          "the raw topology of the genome."},
    Entry{"retrained",
          "The evolved wiring with random weights, trained by gradient descent; the weights of copies are "
          "trained too."},
    Entry{"relu",
          "A dense network of rectified linear units of the same depth and width, from random weights."},
    Entry{"muon",
          "As the dense network trained with Adam, but with Muon (orthogonalised momentum; first and last "
          "layer "
          "by Adam)."},
    Entry{"dense",
          "A dense network, in which every unit reads the whole layer below, from random weights; its "
          "architecture is "
          "the evolved network's, or for a plain picture the one in the configuration."},
    Entry{"evolved",
          "The genome, layerised: every node sits one layer above its highest source, values needed further "
          "up are "
          "carried by copies of weight 1. It draws exactly the genome's picture."},
};

constexpr std::array measure_notes{
    Entry{"loss",
          "Mean squared error on RGB over all pixels, averaged over the last 100 steps; for a network that "
          "was not "
          "trained, that of the network."},
    Entry{"psnr",
          "Peak signal-to-noise ratio of the kept network's picture: -10 log10 of its mean squared error, in "
          "dB."},
    Entry{"nonzero", "Weights that are not zero. A weight that was pruned does not exist."},
};

template <std::size_t N>
std::string find(const std::array<Entry, N>& notes, std::string_view text, bool whole) {
  for (const auto& [key, meaning] : notes)
    if (whole ? text == key : text.find(key) != std::string_view::npos) return std::string(meaning);
  return {};
}

}  // namespace

std::string method_note(std::string_view method) { return find(method_notes, method, false); }

std::string measure_note(std::string_view column) {
  const auto measures = measure_table();
  const auto found = std::ranges::find(measures, column, &MeasureDefinition::name);
  if (found == measures.end()) return find(measure_notes, column, true);
  std::string text(found->meaning);
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  text += found->factored == Side::higher  ? "; a factored network lies higher"
          : found->factored == Side::lower ? "; a factored network lies lower"
                                           : "; neither side is better";
  return text + (found->in_verdict ? "." : ". Shown only: it is no part of the verdict.");
}

std::vector<Note> figure_notes() {
  return {
      {"Feature maps",
       "One row per layer, inputs first and outputs last, one column per unit; red to white to blue is -1 to "
       "0 to 1, values "
       "beyond are clipped. What a unit computes is framed; a copy that only carries a value up is not; "
       "faded units are read "
       "by no output; places without a unit are blank. The page evaluates the networks itself, from their "
       "weights."},
      {"Difference pictures",
       "Mean over red, green and blue of the absolute difference to the target: white is none, black a "
       "quarter of the full "
       "range or more."},
      {"Spread",
       "Tables give the median over seeds and, below it, the least and greatest. Square brackets: one "
       "network only, 95 % "
       "interval from resampling its weights or units, which is sampling error and says nothing of other "
       "seeds. In plots "
       "every network is a point, the upright tick is the median, pale bars are those intervals. Loss "
       "curves: "
       "median over seeds, band from least to greatest."},
      {"Pictured networks",
       "Where a method has several seeds, its pictures, maps and wiring are those of the seed of median "
       "loss."},
      {"Wiring drawings",
       "Layers from left to right; blue links have positive weights, orange negative, wider is larger; grey "
       "lines carry a value up unchanged. What no output reads is left out."},
  };
}

}  // namespace skein::experiments

#include "experiments/report/report_notes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "experiments/measures/measures.hpp"
#include "experiments/rows/row_methods.hpp"

namespace skein::experiments {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array measure_notes{
    Entry{"loss",
          "Mean squared error on RGB over all pixels, averaged over the last fortieth of the steps (at most "
          "500); for a network that was not trained, that of the network."},
    Entry{"psnr",
          "Peak signal-to-noise ratio of the kept network's picture: -10 log10 of its mean squared error, in "
          "dB."},
    Entry{"steps",
          "Of training, all that a network has seen: those of its dense parent and of every retraining "
          "included. Every trained network of a comparison has the same number."},
    Entry{"asked",
          "Weights that a cut network was to be left with. Every method leaves exactly so many, but for "
          "LLM-Pruner, which takes whole units and stays at or below."},
    Entry{"units_alive", "Hidden units that an input reaches and an output reads, copies not counted."},
    Entry{"depth_used", "Links on the longest path from an input to an output, copies not counted."},
    Entry{
        "edge_f1",
        "How alike the wiring is to the evolved one: units matched one to one by what they compute, then the "
        "harmonic mean of precision and recall over the edges between matched units."},
    Entry{"edge_precision", "Share of the network's edges that the evolved wiring has as well."},
    Entry{"edge_recall", "Share of the evolved wiring's edges that the network has as well."},
    Entry{"edge_f1_chance",
          "The mean of edge f1 over 100 rewirings of the same network that keep every unit's degrees."},
    Entry{"cross_participation",
          "How much of the parts that other networks of the same picture know, and of the picture's own "
          "regions, a step of one weight touches, as a share of their number; no network is judged on parts "
          "of its own. A factored network lies lower."},
    Entry{"circuit_edges",
          "Weights of the smallest circuit that draws a part of the picture within a tenth of its variance, "
          "geometric "
          "mean over the parts that the network itself draws so well (circuit parts says how many). Fewer: a "
          "part "
          "hangs on less."},
    Entry{"circuit_parts",
          "Share of the picture's parts that the network draws within a tenth of their variance: only these "
          "have "
          "circuits."},
    Entry{
        "circuit_necessary",
        "How much of a part is lost when its circuit alone is replaced by its means, mean over these parts."},
    Entry{"d_abl",
          "With the piece of a part taken out: how well that part is still drawn, less how well the others "
          "are, mean "
          "over the parts. A network in which each part has a piece of its own lies at -1."},
    Entry{"d_abl_none",
          "The same with nothing taken out: what parts that the network draws badly give by themselves."},
    Entry{"nonzero", "Weights that are not zero. A weight that was pruned does not exist."},
};

}  // namespace

std::string method_note(std::string_view method) {
  const RowMethod* known = find_method(method);
  return known ? known->note : std::string();
}

std::string cutting_note() {
  return "All cut networks of a seed, but weight-sparse ones, start from one dense parent: the dense network "
         "of that seed, trained "
         "with "
         "Adam for half of the steps. The other half is theirs, so that every network has seen the same "
         "number "
         "of steps, its parent's included; the dense row itself takes all of them in one training.";
}

std::string test_note() {
  return "Networks of the same seed are pairs; the difference is the first method's number less the "
         "second's, of "
         "the loss its log10. Brackets: 95 % interval of the mean difference (Student's t). p: two-sided "
         "paired "
         "t test, which takes the differences to be normal; corrected: by Holm's method for all tests of "
         "that "
         "number in this table. By sign flips: exact permutation test without that assumption, not "
         "corrected; "
         "its least possible p is 2 / 2^pairs, so that with three pairs it can never fall below 0.25.";
}

std::string measure_note(std::string_view column) {
  const auto measures = measure_table();
  const auto found = std::ranges::find(measures, column, &MeasureDefinition::name);
  if (found == measures.end()) {
    const auto note = std::ranges::find(measure_notes, column, &Entry::first);
    return note == measure_notes.end() ? std::string() : std::string(note->second);
  }
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

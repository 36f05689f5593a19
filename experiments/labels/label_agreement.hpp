#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "neat/genome/genome.hpp"

namespace skein::experiments {

/// Which links do the same thing, by what they do, and how well that agrees with what a person said of them.
/// Similarities are square, one row per link of the genome, symmetric; links that draw nothing are included.

/// The plain description: cosine between maps of |change of RGB|, mean over channels and over steps of
/// +-0.25, +-0.5 and +-1, on a 64 x 64 grid; a map of zeros has cosine 0.
Eigen::MatrixXd plain_similarity(const neat::Genome& genome);

/// The better description. A person sweeps a link from -3 to 3 and says what moves: so do we. Three views of
/// every link, each a non-negative vector made of length 1, from which the mean over all links is taken (what
/// every link does to the picture tells none apart), compared by their cosine and averaged:
///   where the picture changes: |change of brightness|, every step of the sweep weighing alike;
///   where contours move: |change of the gradient's length|, likewise;
///   where the effect flows: the visits of a walk that leaves the link's target along outgoing links in
///   proportion to |weight|, counted per node.
/// Then two steps of a random walk between links, each link going to the quarter most like it: links that
/// are like the same links are alike. No label takes part.
Eigen::MatrixXd link_similarity(const neat::Genome& genome);

/// "Mouth and eye: of interest" -> "mouth and eye". Nothing for links said to have no, a minor or very little
/// effect.
std::optional<std::string> sense_of(const std::string& label);

/// One label per link of the genome; nothing where there is none or it says nothing (`sense_of`).
std::vector<std::optional<std::string>> senses_of(const neat::Genome& genome,
                                                  const std::vector<neat::LinkLabel>& labels);

struct LabelAgreement {
  double area = 0.5;      ///< chance that a pair of one label is more similar than a pair of two; ties half
  double shuffled = 0.5;  ///< mean over shuffles of the labels among the links
  double shuffled_spread = 0;  ///< standard deviation over the shuffles
  std::size_t links = 0;       ///< with a label
  std::size_t same = 0;        ///< pairs of one label
  std::size_t different = 0;
};

/// Area under the curve of `similarity` for telling pairs of one label from pairs of two. Throws ConfigError
/// when the sizes differ or one of the two kinds of pairs is missing.
LabelAgreement label_agreement(const Eigen::MatrixXd& similarity,
                               const std::vector<std::optional<std::string>>& labels, int shuffles = 1000,
                               std::uint64_t seed = 0);

/// Reads labels.csv: a header naming link_branch, link_id and label (others are passed over; quotes as in
/// RFC 4180), a line per link. Throws FormatError with the line.
std::vector<neat::LinkLabel> read_labels(const std::filesystem::path& file);
std::vector<neat::LinkLabel> parse_labels(const std::string& text, const std::string& name);

}  // namespace skein::experiments

#pragma once

#include <map>
#include <string>
#include <vector>

namespace skein::experiments {

/// What things cost by how large they are, learnt from some that were timed: seconds = a + b x size, neither below 0, by
/// the least squares of relative errors. Sizes that are all about the same are taken for half fixed, half in proportion.
class CostLine {
 public:
  void learn(double size, double seconds);
  bool empty() const { return points_.empty(); }
  /// 0 while nothing was learnt.
  double at(double size) const;

 private:
  struct Point {
    double size, seconds;
  };
  std::vector<Point> points_;
};

/// One line for each kind of thing; of a kind that was never timed, the line through all.
class CostModel {
 public:
  void learn(const std::string& kind, double size, double seconds);
  double at(const std::string& kind, double size) const;

 private:
  CostLine any_;
  std::map<std::string, CostLine> kinds_;
};

}  // namespace skein::experiments

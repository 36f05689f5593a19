#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/compare/paired_tests.hpp"
#include "experiments/rows/compare_row.hpp"

namespace skein::experiments {

/// The finite values among some: how many, their median, least and greatest.
struct Summary {
  std::size_t count = 0;
  double median = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};
Summary summarise(std::vector<double> values);

/// The numbers of all rows that differ in nothing but the seed.
struct MethodNumbers {
  RowKey key;                                       ///< without a seed
  std::vector<std::optional<std::uint64_t>> seeds;  ///< of each row
  std::vector<RowStatus> states;                    ///< of each row
  std::map<std::string, std::vector<double>>
      values;             ///< by column, one number for each row; NaN where absent
  std::size_t shown = 0;  ///< the row of median loss among those with a network; the first where none has one

  std::size_t rows() const { return seeds.size(); }
  std::size_t networks() const;
  /// NaN for each row when the column is not there.
  std::vector<double> column(const std::string& name) const;
  Summary summary(const std::string& name) const { return summarise(column(name)); }
  /// By seed; what is not finite is left out.
  std::map<std::uint64_t, double> by_seed(const std::string& name) const;
};

/// What is said of all rows of a run together, computed once and handed to tables, JSON and page.
struct Analysis {
  std::vector<std::string> measures;   ///< names of those that any row has, in the order of first appearance
  std::vector<MethodNumbers> methods;  ///< in the order of first appearance
  std::vector<PairedTest> tests;
  std::vector<std::pair<std::string, std::string>> findings;  ///< target and sentences, one for each target

  /// The sentences of the only target; of several, each with its name before it.
  std::string finding() const;
  /// Nothing for rows that are not there.
  const MethodNumbers* find(const RowKey& key) const;
};

/// Takes rows one by one and keeps only numbers of them.
class Analyst {
 public:
  void add(const CompareRow& row);
  Analysis finish() &&;

 private:
  Analysis analysis_;
  std::map<RowKey, std::size_t> places_;
};

Analysis analyse(std::span<const CompareRow> rows);

}  // namespace skein::experiments

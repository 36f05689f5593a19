#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skein::experiments {

struct Note {
  std::string term;
  std::string meaning;
};

/// How the networks of a method came about, by the method's name; empty when there is nothing to say.
std::string method_note(std::string_view method);

/// What all networks share that were cut from a dense one.
std::string cutting_note();

/// How the table of paired tests is to be read.
std::string test_note();

/// What a number of the report means, by its column; empty when there is nothing to say.
std::string measure_note(std::string_view column);

/// How to read the report's figures.
std::vector<Note> figure_notes();

}  // namespace skein::experiments

#pragma once

#include <iosfwd>
#include <string>

namespace skein::test {

/// Notes that the running test case, or the rest of it, cannot run because this machine lacks something: real genomes, a
/// browser, the right to mount a disk. The case passes for doctest all the same; `list_skipped` tells it apart.
///
///     if (!have_chromium()) return skipped("there is no chromium");
void skipped(const std::string& reason);

/// "[skipped] N test cases, wholly or in part:" and a line for each with its first reason; nothing where none was.
/// tests/main.cpp calls it at the end of every suite, and tests/run adds the counts up.
void list_skipped(std::ostream& out);

}  // namespace skein::test

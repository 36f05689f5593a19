#pragma once

#include <stdexcept>
#include <string>

namespace skein {

/// Everything skein throws on purpose. The message is one line a user can act on: what was wrong, the value
/// found, what is allowed and, for a file, where. Caught where something smaller than the program can fail alone: one row of
/// a comparison, one genome of a set, one request to the breeding page; everything else ends in `main` with that line.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A setting the user gave that cannot be: out of range, contradictory, impossible.
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// A file the user gave that cannot be read or written: damaged, foreign, too large, no space.
class FormatError : public Error {
 public:
  using Error::Error;
};

/// Arithmetic that left the finite numbers; the message names the step and the layer.
class NumericError : public Error {
 public:
  using Error::Error;
};

}  // namespace skein

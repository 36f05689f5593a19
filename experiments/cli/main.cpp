#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "experiments/cli/command_line.hpp"
#include "experiments/cli/command_table.hpp"
#include "lib/base/error.hpp"

namespace {

constexpr int failed = 1, usage = 2;

int complain(const char* message, int code) {
  std::fprintf(stderr, "skein: %s\n", message);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return skein::experiments::run_command_line(skein::experiments::all_commands(), {argv, argv + argc});
  } catch (const skein::ConfigError& e) {
    return complain(e.what(), usage);
  } catch (const skein::Error& e) {
    return complain(e.what(), failed);
  } catch (const std::bad_alloc&) {
    return complain("out of memory", failed);
  } catch (const std::exception& e) {
    return complain((std::string("unexpected error: ") + e.what()).c_str(), failed);
  }
}

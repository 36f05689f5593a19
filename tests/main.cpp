#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <iostream>

#include "tests/support/skipped.hpp"

int main(int count, char** arguments) {
  doctest::Context context(count, arguments);
  const int failed = context.run();
  skein::test::list_skipped(std::cout);
  return failed;
}

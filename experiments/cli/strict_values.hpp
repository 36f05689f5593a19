#pragma once

namespace CLI {
class App;
}

namespace skein::experiments {

/// Makes every option of the program and its commands read its value strictly: whole numbers are digits that fit
/// (CLI11 alone lets the largest ones saturate and negative ones wrap), other numbers are finite, texts are not empty.
/// Whole numbers without sign go up to 2^63 - 1, the largest that a run's configuration can hold.
void read_values_strictly(CLI::App& app);

}  // namespace skein::experiments

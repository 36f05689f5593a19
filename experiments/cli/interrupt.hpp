#pragma once

namespace skein::experiments {

/// From now on the first Ctrl-C (or SIGTERM) only sets a flag; the second ends the program at once. Files
/// that hit a size limit become write errors instead of ending it.
void watch_for_interrupt();

/// Whether the user asked to stop.
bool interrupted();

}  // namespace skein::experiments

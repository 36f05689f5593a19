#pragma once

namespace skein::experiments {

/// From now on the first Ctrl-C (or SIGTERM) asks the work to stop; the second ends the program at once. Work that
/// does not ask `interrupted` (a blocked read, one long computation) is ended by a watcher after a second: what is
/// written is written whole, so ending anywhere leaves what a run can be resumed from. Files that hit a size limit
/// become write errors instead of ending the program.
void watch_for_interrupt();

/// Whether the user asked to stop. Who asks gets some seconds more, to write what it has.
bool interrupted();

}  // namespace skein::experiments

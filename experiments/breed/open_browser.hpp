#pragma once

#include <functional>
#include <string>
#include <thread>

namespace skein::experiments {

/// Has the system show a page, by the first of xdg-open, x-www-browser and open that is there and says it did; `failed` is called
/// when none does. The browser outlives this program and hears nothing of its Ctrl-C. The thread, asked to stop, waits
/// no longer.
std::jthread open_in_browser(std::string address, std::function<void()> failed);

}  // namespace skein::experiments

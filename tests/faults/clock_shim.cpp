// Loaded before the C library of a program under test, this sets the clock that the program sees ahead by as many seconds as
// SKEIN_CLOCK_AHEAD says, the times that it gives to files included: a machine whose clock is wrong. Clocks that only count
// on from some start are left alone, as on such a machine.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

#include <cstdlib>

namespace {

long ahead() {
  static const long seconds = [] {
    const char* text = std::getenv("SKEIN_CLOCK_AHEAD");
    return text ? std::atol(text) : 0;
  }();
  return seconds;
}

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

#pragma GCC diagnostic ignored "-Wmissing-declarations"
extern "C" {

int clock_gettime(clockid_t clock, struct timespec* time) noexcept {
  const int result = real<int (*)(clockid_t, struct timespec*)>("clock_gettime")(clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += ahead();
  return result;
}

time_t time(time_t* result) noexcept {
  struct timespec now {};
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}

int utimensat(int folder, const char* path, const struct timespec times[2], int flags) noexcept {
  struct timespec now[2] = {};
  clock_gettime(CLOCK_REALTIME, &now[0]);
  now[1] = now[0];
  return real<int (*)(int, const char*, const struct timespec*, int)>("utimensat")(
      folder, path, times ? times : now, flags);
}

}  // extern "C"

// Libraries of operators: they register themselves with libtorch as they are loaded.
#include "functions.h"

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#endif

namespace litorch {
namespace {

#ifdef _WIN32

void load(const std::string& path) {
  const int length = MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, nullptr, 0);
  std::wstring wide(static_cast<size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, wide.data(), length);
  // What the library itself needs is searched for beside it.
  constexpr DWORD kWhere = LOAD_LIBRARY_SEARCH_DEFAULT_DIRS | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR;
  const bool loaded = LoadLibraryExW(wide.c_str(), nullptr, kWhere) != nullptr;
  const DWORD error = loaded ? 0 : GetLastError();
  TORCH_CHECK(loaded, path, ": error ", error, " while loading the library");
}

#else

// How long a trial may take before its result is not waited for any longer.
constexpr int kTrialMilliseconds = 20000;

int trialPipe = -1;

void say(const char* text) {
  const size_t length = std::strlen(text);
  if (write(trialPipe, text, length) < 0) _exit(2);
}

[[noreturn]] void endTrial() {
  try {
    if (std::current_exception() != nullptr) std::rethrow_exception(std::current_exception());
    say("it ended the process");
  } catch (const c10::Error& e) {
    say(e.what_without_backtrace());
  } catch (const std::exception& e) {
    say(e.what());
  } catch (...) {
    say("it threw an exception of unknown type");
  }
  _exit(1);
}

// The child's part: only this thread is in it, and nothing of Node's may run there, its exit handlers least of all.
[[noreturn]] void tryToLoad(const char* path, int pipe) {
  trialPipe = pipe;
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) signal(number, SIG_DFL);
  std::set_terminate(endTrial);
  // What dlopen itself refuses is said by the real call.
  dlopen(path, RTLD_NOW | RTLD_LOCAL);
  _exit(0);
}

// A library that fails as it registers its operators (because they are there already, say) throws where nobody may
// catch, which is the end of the process. So it is first loaded in a copy of this one.
std::string trial(const std::string& path) {
  int ends[2];
  if (pipe(ends) != 0) return "";
  const pid_t child = fork();
  if (child == 0) tryToLoad(path.c_str(), ends[1]);
  close(ends[1]);
  std::string said;
  bool late = false;
  while (child > 0) {
    pollfd waiting{ends[0], POLLIN, 0};
    const int ready = poll(&waiting, 1, kTrialMilliseconds);
    if (ready < 0 && errno == EINTR) continue;
    char text[512];
    const ssize_t count = ready > 0 ? read(ends[0], text, sizeof text) : 0;
    late = ready == 0;
    if (count <= 0) break;
    said.append(text, static_cast<size_t>(count));
  }
  close(ends[0]);
  if (child <= 0) return "";
  // A lock that another thread held when the copy was made is held there for ever: that is no fault of the library.
  if (late) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (late || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) return "";
  if (!said.empty()) return said;
  return WIFSIGNALED(status) ? std::string("it ended the process: ") + strsignal(WTERMSIG(status))
                             : std::string("it ended the process");
}

void load(const std::string& path) {
  // What is loaded already runs nothing when it is loaded again.
  if (dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD) != nullptr) return;
  const std::string failure = trial(path);
  TORCH_CHECK(failure.empty(), path, ": ", failure);
  // All symbols at once: one that this libtorch lacks is an error now, and not the end of the process when it is
  // called.
  const bool loaded = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr;
  const char* reason = loaded ? nullptr : dlerror();
  TORCH_CHECK(loaded, reason == nullptr ? path.c_str() : reason);
}

#endif

}  // namespace

// (path), absolute. A library stays loaded to the end of the process, since its operators are known all over it.
napi_value loadLibrary(Arguments& arguments) {
  const std::string path = arguments.string(0);
  if (path.find('\0') != std::string::npos) throw ArgumentError("a path cannot contain a zero byte");
  load(path);
  return nullptr;
}

}  // namespace litorch

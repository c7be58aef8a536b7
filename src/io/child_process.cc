// SPDX-License-Identifier: MIT
#include "io/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/terminal.h"

// glibc 2.36 declares it for C alone.
extern "C" {
#include <sys/pidfd.h>
}

namespace confab::io {

namespace {

constexpr std::size_t chunk_bytes = 16 * 1024;
/// When a child has ended, so much may still be in its pipe; what its own children go on writing is nobody's.
constexpr int last_reads_max = 8;
/// What was killed is gone at once, unless it is not ours to kill.
constexpr int last_wait_ms = 200;

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// The first of two variables of one name counts, for a shell as for getenv: so `added` goes before ours.
std::vector<std::string> environment_with(const std::vector<std::string>& added) {
  std::vector<std::string> all = added;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view entry = *each;
    const std::string_view name = entry.substr(0, entry.find('=') + 1);
    const bool replaced = std::ranges::any_of(added, [name](const std::string& own) { return own.starts_with(name); });
    if (!replaced) all.emplace_back(entry);
  }
  return all;
}

/// A file in memory: nobody has to wait until the child has read it.
std::expected<Fd, IoError> make_input(std::string_view input) {
  Fd file(::memfd_create("confab-input", MFD_CLOEXEC));
  if (!file) return std::unexpected(make_error("start a program", errno));
  if (auto written = write_all(file.get(), input); !written) return std::unexpected(std::move(written).error());
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::expected<Fd, IoError> make_timer(base::Duration after) {
  Fd timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(after);
  itimerspec spec{};
  spec.it_value.tv_sec = seconds.count();
  spec.it_value.tv_nsec = std::chrono::nanoseconds(after - seconds).count();
  if (!timer || ::timerfd_settime(timer.get(), 0, &spec, nullptr) != 0) {
    return std::unexpected(make_error("start a program", errno));
  }
  return timer;
}

/// Where SIGCHLD is ignored, as some launchers leave it, the system forgets a child as soon as it has ended: how it
/// did, and whose its number is.
void notice_children() {
  struct sigaction action{};
  if (::sigaction(SIGCHLD, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) std::signal(SIGCHLD, SIG_DFL);
}

struct SpawnActions {
  SpawnActions() { ::posix_spawn_file_actions_init(&actions); }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  posix_spawn_file_actions_t actions{};
};

/// A session of its own, and the signals as a program expects them: the loop ignores SIGPIPE.
struct SpawnAttributes {
  SpawnAttributes() {
    sigset_t all;
    sigset_t none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  posix_spawnattr_t attributes{};
};

std::expected<pid_t, IoError> spawn(const ChildOptions& options, int input, int output) {
  SpawnActions files;
  ::posix_spawn_file_actions_adddup2(&files.actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files.actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files.actions, output, STDERR_FILENO);
  const SpawnAttributes attributes;
  std::vector<std::string> argv = options.argv;
  std::vector<std::string> environment = environment_with(options.environment);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, argv.front().c_str(), &files.actions, &attributes.attributes,
                                  pointers_to(argv).data(), pointers_to(environment).data());
  if (error != 0) return std::unexpected(make_error(fmt::format("start {}", argv.front()), error));
  return pid;
}

}  // namespace

std::expected<std::unique_ptr<ChildProcess>, IoError> ChildProcess::start(Loop& loop, const ChildOptions& options,
                                                                          OutputHandler on_output, EndHandler on_end) {
  const auto input = make_input(options.input);
  if (!input) return std::unexpected(input.error());
  auto timer = make_timer(options.time_max);
  if (!timer) return std::unexpected(timer.error());
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(make_error("start a program", errno));
  std::unique_ptr<ChildProcess> child(new ChildProcess(loop, options, std::move(on_output), std::move(on_end)));
  child->output_ = Fd(ends[0]);
  child->timer_ = std::move(*timer);
  const Fd write_end(ends[1]);
  // Ours alone: the child's end is an open file of its own, which blocks as programs expect.
  ::fcntl(child->output_.get(), F_SETFL, O_NONBLOCK);

  notice_children();
  const auto pid = spawn(options, input->get(), write_end.get());
  if (!pid) return std::unexpected(pid.error());
  child->pid_ = *pid;
  child->exited_ = Fd(::pidfd_open(*pid, 0));
  if (!child->exited_) return std::unexpected(make_error("watch a program", errno));

  try {
    child->watch();
  } catch (const std::system_error& error) {
    return std::unexpected(make_error("watch a program", error.code().value()));
  }
  return child;
}

ChildProcess::ChildProcess(Loop& loop, const ChildOptions& options, OutputHandler on_output, EndHandler on_end)
    : loop_(loop),
      on_output_(std::move(on_output)),
      on_end_(std::move(on_end)),
      output_left_(options.output_bytes_max),
      time_max_(options.time_max) {}

ChildProcess::~ChildProcess() {
  unwatch();
  if (pid_ < 0) return;
  kill_group();
  // Not for ever: a program that has got other rights (sudo) is not ours to kill.
  pollfd ended{.fd = exited_.get(), .events = POLLIN, .revents = 0};
  if (exited_) ::poll(&ended, 1, last_wait_ms);
  ::waitpid(pid_, nullptr, WNOHANG);
}

void ChildProcess::kill_group() const { ::kill(-pid_, SIGKILL); }

void ChildProcess::watch() {
  loop_.watch(output_.get(), [this](base::Now now) { read_output(now); });
  loop_.watch(exited_.get(), [this](base::Now now) { reap(now); });
  loop_.watch(timer_.get(), [this](base::Now) { time_is_up(); });
}

void ChildProcess::unwatch() {
  for (const Fd* fd : {&output_, &exited_, &timer_}) {
    if (*fd) loop_.unwatch(fd->get());
  }
}

void ChildProcess::read_output(base::Now now) {
  // Its end says nothing yet: a child may close its output and go on.
  if (read_some(now) == Reading::end) loop_.unwatch(output_.get());
}

ChildProcess::Reading ChildProcess::read_some(base::Now now) {
  std::array<char, chunk_bytes> chunk;
  const ssize_t count = ::read(output_.get(), chunk.data(), chunk.size());
  if (count < 0) return errno == EAGAIN || errno == EINTR ? Reading::nothing_yet : Reading::end;
  if (count == 0) return Reading::end;
  const std::size_t taken = std::min(output_left_, static_cast<std::size_t>(count));
  if (taken < static_cast<std::size_t>(count)) complaint_ = "it printed more than is taken";
  output_left_ -= taken;
  if (taken > 0) on_output_(std::string_view(chunk.data(), taken), now);
  return Reading::some;
}

void ChildProcess::time_is_up() {
  loop_.unwatch(timer_.get());
  complaint_ = fmt::format("stopped after {} s", std::chrono::duration_cast<std::chrono::seconds>(time_max_).count());
  kill_group();  // and then it is reaped
}

void ChildProcess::reap(base::Now now) {
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return;
  pid_ = -1;
  for (int i = 0; i < last_reads_max && read_some(now) == Reading::some; ++i) continue;
  unwatch();
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  const ChildEnd end{.exit_code = code, .complaint = complaint_};
  const EndHandler handler = std::move(on_end_);  // we may be gone when it returns
  handler(end, now);
}

}  // namespace confab::io

// SPDX-License-Identifier: MIT
#include "child.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/error.h"
#include "io/files.h"

namespace confab::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr base::Duration stop_patience = std::chrono::seconds(5);
constexpr base::Duration look_every = std::chrono::milliseconds(10);
constexpr std::size_t log_bytes_max = 16 * 1024 * 1024;
constexpr std::size_t log_tail_bytes = 1000;
constexpr int cannot_run = 127;

bool move_to(int from, int to) { return from >= 0 && ::dup2(from, to) >= 0; }

/// In the child, between fork and exec: async-signal-safe calls alone.
[[noreturn]] void become(const std::vector<char*>& argv, const char* log, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const bool orphaned = ::getppid() != parent;
  const bool wired = move_to(::open("/dev/null", O_RDONLY), STDIN_FILENO) &&
                     move_to(::open("/dev/null", O_WRONLY), STDOUT_FILENO) &&
                     move_to(::open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
  if (wired && !orphaned) ::execvp(argv.front(), argv.data());
  ::_exit(cannot_run);
}

std::string tail(const std::string& text) {
  return text.substr(text.size() > log_tail_bytes ? text.size() - log_tail_bytes : 0);
}

}  // namespace

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "confab-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::expected<Child, std::string> Child::start(const std::vector<std::string>& command,
                                               const std::filesystem::path& log) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  // What an earlier process wrote there is not to be taken for what this one says.
  std::error_code ignored;
  std::filesystem::remove(log, ignored);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return std::unexpected(fmt::format("cannot start {}: {}", command.front(), io::describe(errno)));
  if (pid == 0) become(argv, log.c_str(), parent);
  return Child(pid, log);
}

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, 0)), log_(std::move(other.log_)) {}

bool Child::is_running() {
  if (pid_ != 0 && ::waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = 0;
  return pid_ != 0;
}

std::expected<std::string, std::string> Child::wait_for_line(const std::string& marker, base::Duration patience) {
  for (const auto give_up = Clock::now() + patience;; std::this_thread::sleep_for(look_every)) {
    // In this order: what it wrote before it ended is read after its end was seen.
    const bool over = !is_running() || Clock::now() >= give_up;
    const std::string text = io::read_file(log_.string(), log_bytes_max).value_or("");
    const std::size_t at = text.find(marker);
    const std::size_t end = text.find('\n', at);
    if (at != std::string::npos && end != std::string::npos) return text.substr(at, end - at);
    if (over) return std::unexpected(fmt::format("it never said \"{}\"; its log ends: {}", marker, tail(text)));
  }
}

std::string Child::log_tail() const { return tail(io::read_file(log_.string(), log_bytes_max).value_or("")); }

void Child::stop() {
  if (!is_running()) return;
  ::kill(pid_, SIGTERM);
  if (!wait_for_end(stop_patience)) kill();
}

void Child::kill() {
  if (!is_running()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

bool Child::wait_for_end(base::Duration patience) {
  for (const auto give_up = Clock::now() + patience; Clock::now() < give_up;) {
    if (!is_running()) return true;
    std::this_thread::sleep_for(look_every);
  }
  return false;
}

}  // namespace confab::bench

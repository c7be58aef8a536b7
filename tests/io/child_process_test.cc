// SPDX-License-Identifier: MIT
#include "io/child_process.h"

#include <cerrno>
#include <csignal>
#include <optional>

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "io/support.h"

namespace confab::io {
namespace {

using namespace std::chrono_literals;

class ChildProcessTest : public IoTest {
 protected:
  /// Runs a command of the shell to its end.
  ChildEnd run(const std::string& command, ChildOptions options = {}) {
    start(command, std::move(options));
    loop.run();
    return end.value_or(ChildEnd{-1, "no end"});
  }
  void start(const std::string& command, ChildOptions options = {}) {
    options.argv = {"/bin/sh", "-c", command};
    auto started = ChildProcess::start(
        loop, options, [this](std::string_view bytes, base::Now) { output += bytes; },
        [this](const ChildEnd& ended, base::Now) {
          end = ended;
          child.reset();  // which an end handler may do
          loop.stop(0);
        });
    ASSERT_TRUE(started) << started.error().text;
    child = *std::move(started);
  }
  static bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

  ScriptedMachine machine;
  Loop loop{machine};
  std::unique_ptr<ChildProcess> child;
  std::string output;
  std::optional<ChildEnd> end;
};

TEST_F(ChildProcessTest, WhatItPrintsComesAndThenItsEnd) {
  const ChildEnd ended = run("echo out; echo err >&2; exit 3");
  EXPECT_EQ(output, "out\nerr\n");
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_EQ(ended.complaint, "");
  EXPECT_FALSE(has_children()) << "no zombie";
}

TEST_F(ChildProcessTest, InputAndEnvironmentAreItsOwn) {
  ::setenv("CONFAB_TEXT", "ours", 1);
  ChildOptions options;
  options.environment = {"CONFAB_TEXT=$(x) \"y\"", "HOME=/nowhere"};
  options.input = std::string(60'000, 'x');
  run("printf '%s|' \"$CONFAB_TEXT\" \"$HOME\"; cat", options);
  ::unsetenv("CONFAB_TEXT");
  EXPECT_EQ(output, "$(x) \"y\"|/nowhere|" + std::string(60'000, 'x'));
}

TEST_F(ChildProcessTest, WhatItPrintsBeyondTheLimitIsDroppedAndItGoesOn) {
  ChildOptions options;
  options.output_bytes_max = 1000;
  const ChildEnd ended = run("head -c 500000 /dev/zero; exit 7", options);
  EXPECT_EQ(output.size(), 1000U);
  EXPECT_EQ(ended.exit_code, 7);
  EXPECT_EQ(ended.complaint, "it printed more than is taken");
}

TEST_F(ChildProcessTest, WhatTakesTooLongIsKilledWithAllThatItStarted) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // orphans become ours, and so can be waited for
  ChildOptions options;
  options.time_max = 50ms;
  const ChildEnd ended = run("sleep 100 & echo $!; sleep 100", options);
  EXPECT_EQ(ended.exit_code, 128 + SIGKILL);
  EXPECT_EQ(ended.complaint, "stopped after 0 s");
  int status = 0;
  while (::waitpid(-1, &status, 0) > 0) EXPECT_TRUE(WIFSIGNALED(status));
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_F(ChildProcessTest, AnEndDoesNotWaitForWhatTheChildLeavesBehind) {
  ChildOptions options;
  options.time_max = 50s;
  const ChildEnd ended = run("sleep 60 & echo $!", options);
  EXPECT_EQ(ended.exit_code, 0);
  ::kill(std::stoi(output), SIGKILL);
}

TEST_F(ChildProcessTest, AChildThatClosesItsOutputCostsNothingUntilItEnds) {
  const ChildEnd ended = run("exec >&- 2>&-; sleep 0.05; exit 4");
  EXPECT_EQ(ended.exit_code, 4);
  EXPECT_LE(loop.stats().turns, 8U);
}

TEST_F(ChildProcessTest, WhoeverLetsGoOfItEndsIt) {
  start("sleep 100");
  child.reset();
  EXPECT_FALSE(has_children());
  EXPECT_FALSE(end);
}

TEST_F(ChildProcessTest, ItHasNoTerminalAndOrdinarySignals) {
  run("(: < /dev/tty) 2>/dev/null || echo none; kill -PIPE $$; echo survived");
  EXPECT_EQ(output, "none\n") << "the loop ignores SIGPIPE, a program does not";
}

// As some launchers leave it: the system then forgets a child as soon as it has ended, also before we watch it.
TEST_F(ChildProcessTest, WhereSigchldWasIgnoredItsEndIsKnownAllTheSame) {
  ::signal(SIGCHLD, SIG_IGN);
  const ChildEnd ended = run("echo out; exit 3");
  ::signal(SIGCHLD, SIG_DFL);
  EXPECT_EQ(output, "out\n");
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_EQ(ended.complaint, "");
}

TEST_F(ChildProcessTest, WhatCannotBeStartedSaysWhy) {
  ChildOptions options;
  options.argv = {"/no/such/program"};
  const auto started = ChildProcess::start(loop, options, {}, {});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().text, "cannot start /no/such/program: no such file or directory");
}

TEST_F(ChildProcessTest, WhereDescriptorsRunOutItSaysSo) {
  if (!descriptors_may_run_out) GTEST_SKIP() << "the sanitizer needs some of its own";
  ChildOptions options;
  options.argv = {"/bin/sh", "-c", "sleep 100"};
  bool is_started = false;
  for (rlim_t limit = 3; !is_started; ++limit) {
    std::optional<FewDescriptors> few(limit);
    const auto started = ChildProcess::start(loop, options, {}, {});
    few.reset();
    is_started = started.has_value();
    EXPECT_TRUE(is_started || started.error().text.ends_with("too many open files")) << started.error().text;
  }
  // One that nobody could watch yet is killed, and may take a moment to be gone.
  while (::waitpid(-1, nullptr, 0) > 0) continue;
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(ChildProcessTest, ManyAtOnceAllEnd) {
  std::vector<std::unique_ptr<ChildProcess>> children(20);
  int ended = 0;
  for (auto& each : children) {
    ChildOptions options;
    options.argv = {"/bin/sh", "-c", "echo x"};
    each = *ChildProcess::start(
        loop, options, [this](std::string_view bytes, base::Now) { output += bytes; },
        [&](const ChildEnd&, base::Now) {
          each.reset();
          if (++ended == 20) loop.stop(0);
        });
  }
  loop.run();
  EXPECT_EQ(output.size(), 40U);
  EXPECT_FALSE(has_children());
}

}  // namespace
}  // namespace confab::io

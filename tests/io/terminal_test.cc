// SPDX-License-Identifier: MIT
#include "io/terminal.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/fd.h"
#include "io/support.h"

namespace confab::io {

namespace {

/// A terminal and the person in front of it.
class TerminalTest : public IoTest {
 protected:
  TerminalTest() {
    int person_end = -1;
    int program_end = -1;
    EXPECT_EQ(::openpty(&person_end, &program_end, nullptr, nullptr, nullptr), 0);
    person = Fd(person_end);
    terminal = Fd(program_end);
  }

  bool is_cooked() const { return (modes().c_lflag & (ICANON | ECHO | ISIG)) == (ICANON | ECHO | ISIG); }
  bool is_raw() const { return (modes().c_lflag & (ICANON | ECHO | ISIG)) == 0; }
  termios modes() const {
    termios result{};
    EXPECT_EQ(::tcgetattr(terminal.get(), &result), 0);
    return result;
  }

  Fd person;
  Fd terminal;
};

void set_variable(const char* name, const char* value) {
  if (value == nullptr) {
    ::unsetenv(name);
  } else {
    ::setenv(name, value, 1);
  }
}

}  // namespace

TEST_F(TerminalTest, ItIsRawForAsLongAsItLives) {
  EXPECT_TRUE(is_cooked());
  {
    const auto raw = RawTerminal::enter(terminal.get());
    ASSERT_TRUE(raw);
    EXPECT_TRUE(is_raw());
  }
  EXPECT_TRUE(is_cooked());
}

TEST_F(TerminalTest, KeysArriveAtOnceAndControlCIsAByte) {
  const auto raw = RawTerminal::enter(terminal.get());
  ASSERT_TRUE(write_all(person.get(), "a\r\x03\x1A"));
  std::string keys;
  while (keys.size() < 4) {
    std::array<char, 16> chunk{};
    const ssize_t count = ::read(terminal.get(), chunk.data(), chunk.size());
    ASSERT_GT(count, 0);
    keys.append(chunk.data(), static_cast<std::size_t>(count));
  }
  EXPECT_EQ(keys, "a\r\x03\x1A");
}

TEST_F(TerminalTest, ItCanBeMoved) {
  auto raw = RawTerminal::enter(terminal.get());
  {
    const RawTerminal moved = *std::move(raw);
    EXPECT_TRUE(is_raw());
  }
  EXPECT_TRUE(is_cooked());
}

TEST_F(TerminalTest, APipeIsNoTerminal) {
  const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_FALSE(is_terminal(null.get()));
  EXPECT_TRUE(is_terminal(terminal.get()));
  const auto raw = RawTerminal::enter(null.get());
  ASSERT_FALSE(raw);
  EXPECT_EQ(raw.error().error, ENOTTY);
}

TEST_F(TerminalTest, SuspendingGivesTheTerminalBackAndContinuingTakesItAgain) {
  const pid_t shell = ::fork();
  if (shell == 0) {
    // A session of its own with the terminal, and in it a foreground job that suspends itself, as a shell would have
    // it.
    ::setsid();
    ::ioctl(terminal.get(), TIOCSCTTY, 0);
    ::signal(SIGTTOU, SIG_IGN);
    const pid_t job = ::fork();
    if (job == 0) {
      ::setpgid(0, 0);
      ::tcsetpgrp(terminal.get(), ::getpid());
      auto raw = RawTerminal::enter(terminal.get());
      raw->suspend();
      ::_exit(is_raw() ? 5 : 6);
    }
    int status = 0;
    ::waitpid(job, &status, WUNTRACED);
    if (!WIFSTOPPED(status)) ::_exit(1);
    if (!is_cooked()) ::_exit(2);
    ::kill(job, SIGCONT);
    ::waitpid(job, &status, 0);
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 3);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(shell, &status, 0), shell);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 5);
}

TEST_F(TerminalTest, ItsSizeIsAskedFor) {
  const winsize size{.ws_row = 50, .ws_col = 132, .ws_xpixel = 0, .ws_ypixel = 0};
  ASSERT_EQ(::ioctl(person.get(), TIOCSWINSZ, &size), 0);
  EXPECT_EQ(terminal_size(terminal.get()).columns, 132);
  EXPECT_EQ(terminal_size(terminal.get()).rows, 50);
}

TEST_F(TerminalTest, AnUnknownSizeIsTheOldOne) {
  EXPECT_EQ(terminal_size(terminal.get()).columns, 80);
  EXPECT_EQ(terminal_size(-1).rows, 24);
}

TEST_F(TerminalTest, ColoursAreForTerminalsThatWantThem) {
  struct Case {
    const char* term;
    const char* no_color;
    bool dumb;
    bool color;
  };
  for (const Case& wanted :
       {Case{"xterm", nullptr, false, true}, Case{"xterm", "", false, true}, Case{"xterm", "1", false, false},
        Case{"dumb", nullptr, true, false}, Case{"", nullptr, true, false}, Case{nullptr, nullptr, true, false}}) {
    set_variable("TERM", wanted.term);
    set_variable("NO_COLOR", wanted.no_color);
    EXPECT_EQ(is_dumb(), wanted.dumb);
    EXPECT_EQ(wants_color(terminal.get()), wanted.color);
    EXPECT_FALSE(wants_color(-1));
  }
}

TEST_F(TerminalTest, ASlowReaderOfANonBlockingPipeGetsAll) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Fd out(ends[0]);
  Fd in(ends[1]);
  ASSERT_EQ(::fcntl(in.get(), F_SETFL, O_NONBLOCK), 0);
  const std::string text(1'000'000, 'x');
  std::thread writer([&] {
    EXPECT_TRUE(write_all(in.get(), text));
    in = Fd();
  });
  std::size_t read = 0;
  std::array<char, 1000> chunk{};
  for (ssize_t count = 1; count > 0; read += static_cast<std::size_t>(count)) {
    count = ::read(out.get(), chunk.data(), chunk.size());
    ASSERT_GE(count, 0);
  }
  writer.join();
  EXPECT_EQ(read, text.size());
}

TEST_F(TerminalTest, AReaderThatHasGoneIsAnError) {
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Fd in(ends[1]);
  {
    const Fd out(ends[0]);
  }
  EXPECT_EQ(write_all(in.get(), "x").error().error, EPIPE);
}

}  // namespace confab::io

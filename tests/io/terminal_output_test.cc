// SPDX-License-Identifier: MIT
#include "io/terminal_output.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include "io/fd.h"
#include "io/loop.h"
#include "io/support.h"

namespace confab::io {
namespace {

/// A terminal whose reader reads when the test says so.
class TerminalOutputTest : public IoTest {
 protected:
  TerminalOutputTest() {
    int reader_end = -1;
    int program_end = -1;
    EXPECT_EQ(::openpty(&reader_end, &program_end, nullptr, nullptr, nullptr), 0);
    reader = Fd(reader_end);
    terminal = Fd(program_end);
    termios modes{};
    ::tcgetattr(terminal.get(), &modes);
    modes.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    ::tcsetattr(terminal.get(), TCSANOW, &modes);
    auto opened = TerminalOutput::open(terminal.get());
    EXPECT_TRUE(opened);
    output.emplace(std::move(*opened));
  }

  /// Numbered, so that what is lost or comes twice is seen.
  std::string lines(std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += std::to_string(++line) + '\n';
    return text;
  }
  /// Until the system takes no more of it, now or in a moment.
  void fill() {
    EXPECT_TRUE(output->write(lines(1'000'000)));
    constexpr int moment_ms = 100;
    pollfd room{.fd = output->fd(), .events = POLLOUT, .revents = 0};
    while (::poll(&room, 1, moment_ms) > 0) EXPECT_TRUE(output->flush());
    EXPECT_TRUE(output->is_waiting());
  }
  /// What comes, up to these bytes; the program goes on with what it has kept.
  std::string read_until(std::string_view end) {
    std::string text;
    std::array<char, 4096> chunk{};
    while (!text.ends_with(end)) {
      const ssize_t count = ::read(reader.get(), chunk.data(), chunk.size());
      if (count <= 0) break;
      text.append(chunk.data(), static_cast<std::size_t>(count));
      EXPECT_TRUE(output->flush());
    }
    return text;
  }

  Fd reader;
  Fd terminal;
  std::optional<TerminalOutput> output;
  std::size_t line = 0;
};

TEST_F(TerminalOutputTest, WhatATerminalDoesNotTakeWaitsInItsOrder) {
  const std::string sent = lines(1'000'000) + "end";
  ASSERT_TRUE(output->write(sent));
  EXPECT_TRUE(output->is_waiting()) << "and here we are";
  EXPECT_EQ(read_until("end"), sent);
  EXPECT_FALSE(output->is_waiting());
}

TEST_F(TerminalOutputTest, WhatComesWhileMuchWaitsIsDroppedAsAWhole) {
  const std::string frame = lines(1'000'000) + "end";
  ASSERT_TRUE(output->write(frame));
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(output->write("bell"));
  EXPECT_EQ(read_until("end"), frame);
  ASSERT_TRUE(output->write("next"));
  EXPECT_EQ(read_until("next"), "next");
}

TEST_F(TerminalOutputTest, ManySmallThingsDoNotPileUp) {
  while (!output->is_waiting()) ASSERT_TRUE(output->write(lines(1000)));
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(output->write(lines(1000)));
  EXPECT_LT(output->waiting_bytes(), TerminalOutput::waiting_bytes_max + 2000);
}

TEST_F(TerminalOutputTest, TheDescriptorOfTheShellStaysBlocking) {
  ASSERT_TRUE(output->write(lines(1'000'000)));
  EXPECT_EQ(::fcntl(terminal.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(output->fd(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(output->fd(), F_GETFD) & FD_CLOEXEC, 0) << "no child holds the terminal open";
}

TEST_F(TerminalOutputTest, WhereTheTerminalIsNotOursItIsSharedAndNotWaitedForEither) {
  auto shared = TerminalOutput::share(terminal.get());
  ASSERT_TRUE(shared);
  output.emplace(std::move(*shared));
  const std::string sent = lines(1'000'000) + "end";
  ASSERT_TRUE(output->write(sent));
  EXPECT_TRUE(output->is_waiting());
  EXPECT_EQ(::fcntl(output->fd(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(read_until("end"), sent);
}

TEST_F(TerminalOutputTest, AFileIsNoTerminal) {
  const Fd file(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  EXPECT_FALSE(TerminalOutput::open(file.get())) << "opened anew it would be written from its beginning";
}

TEST_F(TerminalOutputTest, TheLastBytesWaitForNothing) {
  fill();
  output->write_last("good-bye");
  EXPECT_FALSE(output->is_waiting());
  const std::string text = read_until("good-bye");
  EXPECT_TRUE(text.ends_with("\x18good-bye")) << "whatever stood before, it is a sequence no more";
  EXPECT_LT(text.size(), 100'000U) << "who reads on need not see what was drawn long ago";
  EXPECT_TRUE(text.starts_with("1\n2\n3\n"));
}

TEST_F(TerminalOutputTest, WhereThereIsRoomTheLastBytesComeBehindTheOthers) {
  ASSERT_TRUE(output->write("picture"));
  output->write_last("good-bye");
  EXPECT_EQ(read_until("good-bye"), "picturegood-bye");
}

TEST_F(TerminalOutputTest, ATerminalThatIsGoneIsAnError) {
  ASSERT_TRUE(output->write("x"));
  reader = Fd();
  const auto written = output->write("y");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().error, EIO);
  output->write_last("good-bye");
}

TEST_F(TerminalOutputTest, WhatIsNoTerminalAndCannotBeOpenedIsAnError) { EXPECT_FALSE(TerminalOutput::open(-1)); }

TEST_F(TerminalOutputTest, RoomWakesTheLoop) {
  ScriptedMachine machine;
  Loop loop(machine);
  const std::string sent = lines(1'000'000) + "end";
  ASSERT_TRUE(output->write(sent));
  std::string text;
  std::thread person([&] {
    std::array<char, 4096> chunk{};
    while (!text.ends_with("end")) {
      const ssize_t count = ::read(reader.get(), chunk.data(), chunk.size());
      text.append(chunk.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
  });
  loop.after_turn([&](base::Now) {
    ASSERT_TRUE(output->flush());
    if (!output->is_waiting()) return loop.stop(0);
    loop.wait_for_room(output->fd());
  });
  loop.run();
  person.join();
  EXPECT_EQ(text, sent);
  EXPECT_LT(loop.stats().turns, 10'000U) << "it sleeps until there is some";
}

}  // namespace
}  // namespace confab::io

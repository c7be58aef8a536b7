// SPDX-License-Identifier: MIT
// What a loop reads beside its sockets.
#include <array>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "io/fd.h"
#include "io/files.h"
#include "io/loop.h"
#include "io/support.h"
#include "io/terminal.h"

namespace confab::io {

namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    out = Fd(ends[0]);
    in = Fd(ends[1]);
  }
  void write(std::string_view text) const { EXPECT_TRUE(write_all(in.get(), text)); }
  void end() { in = Fd(); }

  Fd out;
  Fd in;
};

class LoopInputTest : public IoTest {
 protected:
  /// Collects what is read; stops the loop at the end of the input.
  void watch(int fd) {
    loop.watch_input(fd, [this](base::ByteView bytes, base::Now) {
      read += base::as_text(bytes);
      if (on_bytes) on_bytes();
      if (bytes.empty()) loop.stop(0);
    });
  }

  ScriptedMachine machine;
  Loop loop{machine};
  std::string read;
  std::function<void()> on_bytes;
};

}  // namespace

TEST_F(LoopInputTest, APipeIsReadToItsEnd) {
  Pipe pipe;
  watch(pipe.out.get());
  std::thread writer([&pipe] {
    for (int i = 0; i < 1000; ++i) pipe.write("a line of text\n");
    pipe.end();
  });
  EXPECT_EQ(loop.run(), 0);
  writer.join();
  EXPECT_EQ(read.size(), 15'000U);
}

TEST_F(LoopInputTest, ARegularFileIsReadToItsEnd) {
  const TemporaryDirectory directory;
  const std::string contents(100'000, 'x');
  ASSERT_TRUE(write_file_atomically(directory / "input", contents));
  const Fd file(::open((directory / "input").c_str(), O_RDONLY | O_CLOEXEC));
  watch(file.get());
  EXPECT_EQ(loop.run(), 0);
  EXPECT_EQ(read, contents);
}

TEST_F(LoopInputTest, TheNullDeviceIsAtItsEndAtOnce) {
  const Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  watch(null.get());
  EXPECT_EQ(loop.run(), 0);
}

TEST_F(LoopInputTest, WhatIsNoDescriptorIsAnEndedInput) {
  watch(-1);
  EXPECT_EQ(loop.run(), 0);
}

TEST_F(LoopInputTest, OnceEndedItCostsNothing) {
  const Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  loop.watch_input(null.get(), [this](base::ByteView, base::Now now) {
    machine.deadline = now.instant + std::chrono::milliseconds(20);
  });
  machine.on_wake = [this](base::Now) { loop.stop(0); };
  EXPECT_EQ(loop.run(), 0);
  EXPECT_LE(loop.stats().turns, 3U);
}

TEST_F(LoopInputTest, TheSharedFlagsOfTheInputStayAsTheyAre) {
  Pipe pipe;
  pipe.write("x");
  watch(pipe.out.get());
  on_bytes = [&] {
    EXPECT_EQ(::fcntl(pipe.out.get(), F_GETFL) & O_NONBLOCK, 0);
    pipe.end();
  };
  EXPECT_EQ(loop.run(), 0);
}

TEST_F(LoopInputTest, PausedItIsNotReadUntilItIsResumed) {
  Pipe pipe;
  pipe.write("first ");
  watch(pipe.out.get());
  bool paused = false;
  on_bytes = [&] {
    EXPECT_FALSE(paused);
    if (read != "first ") return;
    paused = true;
    loop.pause_input();
    pipe.write("second");
    pipe.end();
    // Turns that could read, and must not.
    for (int i = 0; i < 3; ++i) loop.post([](base::Now) {});
    loop.post([&](base::Now now) { machine.deadline = now.instant + std::chrono::milliseconds(5); });
  };
  machine.on_wake = [&](base::Now) {
    machine.deadline = base::never;
    EXPECT_EQ(read, "first ");
    paused = false;
    loop.resume_input();
  };
  EXPECT_EQ(loop.run(), 0);
  EXPECT_EQ(read, "first second");
}

TEST_F(LoopInputTest, APausedFileDoesNotSpin) {
  const Fd zero(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
  watch(zero.get());
  on_bytes = [&] {
    loop.pause_input();
    loop.post([&](base::Now now) { machine.deadline = now.instant + std::chrono::milliseconds(20); });
  };
  machine.on_wake = [&](base::Now) { loop.stop(0); };
  EXPECT_EQ(loop.run(), 0);
  EXPECT_LE(loop.stats().turns, 5U);
}

TEST_F(LoopInputTest, AFloodOfDatagramsDoesNotStarveTheInput) {
  Pipe pipe;
  watch(pipe.out.get());
  pipe.write("line\n");
  const base::Path path{*loop.open_socket(loopback), *loop.open_socket(loopback)};
  constexpr int flood = 8000;
  int sent = 0;
  machine.on_transmit = [&](base::DatagramSink& sink, base::Now) {
    // As many as one turn takes, so that no socket overflows.
    for (int i = 0; i < 500 && sent < flood && put(sink, path, "flood"); ++i) ++sent;
  };
  int received = 0;
  int received_before_line = 0;
  machine.on_receive = [&](const base::Datagram&, base::Now) {
    if (++received == flood) pipe.end();
  };
  on_bytes = [&] {
    if (read.size() < 25) received_before_line = received;
    if (received < flood) pipe.write("line\n");
  };
  EXPECT_EQ(loop.run(), 0);
  EXPECT_GT(read.size(), 25U);  // five lines found their way between the datagrams
  EXPECT_LT(received_before_line, flood);
}

TEST_F(LoopInputTest, AFloodOfInputDoesNotStarveTheSockets) {
  const Fd zero(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
  loop.watch_input(zero.get(), [](base::ByteView, base::Now) {});
  const base::Address local = *loop.open_socket(loopback);
  machine.on_transmit = [&](base::DatagramSink& sink, base::Now) { put(sink, {local, local}, "ping"); };
  int received = 0;
  machine.on_receive = [&](const base::Datagram&, base::Now) {
    if (++received == 100) loop.stop(0);
  };
  EXPECT_EQ(loop.run(), 0);
}

}  // namespace confab::io

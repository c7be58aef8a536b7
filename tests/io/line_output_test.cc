// SPDX-License-Identifier: MIT
#include "io/line_output.h"

#include <algorithm>
#include <array>
#include <csignal>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "io/fd.h"
#include "io/support.h"

namespace confab::io {

namespace {

class LineOutputTest : public IoTest {
 protected:
  LineOutputTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    out = Fd(ends[0]);
    in = Fd(ends[1]);
  }

  /// All that is in the pipe now.
  std::string read() {
    EXPECT_EQ(::fcntl(out.get(), F_SETFL, O_NONBLOCK), 0);
    std::string text;
    std::array<char, 4096> chunk{};
    for (ssize_t count = ::read(out.get(), chunk.data(), chunk.size()); count > 0;
         count = ::read(out.get(), chunk.data(), chunk.size())) {
      text.append(chunk.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

  Fd out;
  Fd in;
};

}  // namespace

TEST_F(LineOutputTest, EachLineBearsItsName) {
  LineOutput lines(in.get());
  lines.write("Hilmi", "Hii");
  lines.write("Ada", "two\nlines");
  EXPECT_EQ(read(), "Hilmi : Hii\nAda : two\nAda : lines\n");
}

TEST_F(LineOutputTest, AReaderThatSleptGetsWholeLinesInOrder) {
  LineOutput lines(in.get());
  int written = 0;
  while (lines.lines_dropped() == 0) lines.write("n", std::to_string(written++));  // does not block, ever
  std::string all;
  while (!all.ends_with("n : later\n")) {
    all += read();
    lines.write("n", "later");
  }
  EXPECT_TRUE(all.starts_with("n : 0\nn : 1\n"));
  EXPECT_GE(std::ranges::count(all, '\n'), written - 1);
}

TEST_F(LineOutputTest, AReaderThatHasGoneIsNobodysTrouble) {
  std::signal(SIGPIPE, SIG_IGN);
  out = Fd();
  {
    const Fd gone = std::move(out);
  }
  LineOutput lines(in.get());
  for (int i = 0; i < 100; ++i) lines.write("n", "text");
}

}  // namespace confab::io

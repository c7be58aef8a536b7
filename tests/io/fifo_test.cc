// SPDX-License-Identifier: MIT
#include "io/fifo.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "io/files.h"
#include "io/support.h"
#include "io/terminal.h"

namespace confab::io {
namespace {

class FifoTest : public IoTest {
 protected:
  /// Collects lines; the loop stops behind the one that says "stop".
  void open() {
    auto opened = Fifo::open(loop, path, [this](std::string_view line, base::Now) {
      lines.emplace_back(line);
      if (line == "stop") loop.stop(0);
    });
    ASSERT_TRUE(opened) << opened.error().text;
    fifo = *std::move(opened);
  }
  /// As a shell does it: opens, writes, closes.
  void write(std::string_view text) const {
    const Fd writer(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    EXPECT_TRUE(write_all(writer.get(), text));
  }
  std::string refused() {
    const auto opened = Fifo::open(loop, path, [](std::string_view, base::Now) {});
    return opened ? "" : opened.error().text;
  }

  const TemporaryDirectory directory;
  const std::string path = directory / "fifo";
  ScriptedMachine machine;
  Loop loop{machine};
  std::unique_ptr<Fifo> fifo;
  std::vector<std::string> lines;
};

TEST_F(FifoTest, EachLineOfEachWriterComes) {
  open();
  write("one\ntwo\nhalf ");
  write("and half\n");
  write("\nstop\n");
  loop.run();
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "half and half", "", "stop"}));
}

TEST_F(FifoTest, ItIsReadInSmallSharesAndNotWhileItPauses) {
  open();
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "x\n";
  write(many + "stop\n");
  std::size_t before = 0;
  std::size_t share_max = 0;
  int turns_paused = 0;
  loop.after_turn([&](base::Now) {
    share_max = std::max(share_max, lines.size() - before);
    before = lines.size();
    if (lines.size() < 5000 || turns_paused > 10) return fifo->resume();
    fifo->pause();
    ++turns_paused;
    loop.waker()();
  });
  loop.on_turn([&](base::Now) {
    EXPECT_TRUE(turns_paused == 0 || turns_paused > 10 || lines.size() == before) << "nothing comes meanwhile";
  });
  loop.run();
  EXPECT_EQ(lines.size(), 10'001U) << "and nothing is lost";
  EXPECT_LE(share_max, 512U);
}

TEST_F(FifoTest, ItIsMadeForThisUserAloneAndStays) {
  open();
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_TRUE(S_ISFIFO(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  fifo.reset();
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  open();
  write("stop\n");
  loop.run();
  EXPECT_EQ(lines.size(), 1U);
}

TEST_F(FifoTest, WhatIsTooLongIsDroppedAsAWhole) {
  open();
  write(std::string(Fifo::line_bytes_max, 'x') + "\n");
  write(std::string(Fifo::line_bytes_max + 1, 'y') + "\nstop\n");
  loop.run();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].size(), Fifo::line_bytes_max);
}

TEST_F(FifoTest, WithoutWritersTheLoopSleeps) {
  open();
  write("one\n");
  machine.deadline = base::Instant{};
  machine.on_wake = [this](base::Now now) {
    if (machine.deadline != base::Instant{}) return loop.stop(0);
    machine.deadline = now.instant + std::chrono::milliseconds(30);
  };
  loop.run();
  EXPECT_EQ(lines.size(), 1U);
  EXPECT_LE(loop.stats().turns, 5U);
}

TEST_F(FifoTest, WhatIsNoFifoIsLeftAlone) {
  ASSERT_TRUE(create_file(path, "precious"));
  EXPECT_NE(refused().find("it is no FIFO"), std::string::npos);
  EXPECT_EQ(read_file(path, 100), "precious");
}

TEST_F(FifoTest, WhatOthersMayWriteIsRefused) {
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0622), 0);
  EXPECT_NE(refused().find("others may write into it"), std::string::npos);
}

TEST_F(FifoTest, ALinkIsNoFifo) {
  ASSERT_EQ(::mkfifo((directory / "real").c_str(), 0600), 0);
  ASSERT_EQ(::symlink((directory / "real").c_str(), path.c_str()), 0);
  EXPECT_NE(refused().find("it is no FIFO"), std::string::npos);
}

TEST_F(FifoTest, WhereDescriptorsRunOutThatIsSaid) {
  if (!descriptors_may_run_out) GTEST_SKIP() << "the sanitizer needs some of its own";
  bool is_open = false;
  for (rlim_t limit = 3; !is_open; ++limit) {
    std::optional<FewDescriptors> few(limit);
    const auto opened = Fifo::open(loop, path, [](std::string_view, base::Now) {});
    few.reset();
    is_open = opened.has_value();
    EXPECT_TRUE(is_open || opened.error().error == EMFILE) << opened.error().text;
  }
}

TEST_F(FifoTest, WhereItCannotBeMadeThatIsSaid) {
  const auto opened = Fifo::open(loop, directory / "no/such", [](std::string_view, base::Now) {});
  EXPECT_EQ(opened.error().error, ENOENT);
}

}  // namespace
}  // namespace confab::io

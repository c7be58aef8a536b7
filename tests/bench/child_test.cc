// SPDX-License-Identifier: MIT
#include "child.h"

#include <csignal>

#include <gtest/gtest.h>

namespace confab::bench {
namespace {

using namespace std::chrono_literals;

struct ChildTest : testing::Test {
  std::expected<Child, std::string> start(const std::string& script) {
    return Child::start({"sh", "-c", script}, directory.path() / "log");
  }
  TempDir directory;
};

TEST_F(ChildTest, WaitsForALineOfTheLog) {
  auto child = start("echo starting >&2; echo info ready 127.0.0.1:1 >&2; exec sleep 100");
  ASSERT_TRUE(child);
  EXPECT_EQ(child->wait_for_line(" ready ", 10s), " ready 127.0.0.1:1");
  EXPECT_TRUE(child->is_running());
}

TEST_F(ChildTest, DoesNotTakeTheLastProcessesWordForItsOwn) {
  ASSERT_TRUE(start("echo info ready 1 >&2")->wait_for_line("ready", 10s));
  auto second = start("sleep 0.1; echo info ready 2 >&2; exec sleep 100");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->wait_for_line("ready", 10s), "ready 2");
}

TEST_F(ChildTest, KillsTheProgram) {
  auto child = start("trap '' TERM; echo ready >&2; while :; do sleep 1; done");
  ASSERT_TRUE(child->wait_for_line("ready", 10s));
  child->kill();
  EXPECT_FALSE(child->is_running());
}

TEST_F(ChildTest, TellsWhatTheLogSaysWhenTheProgramEnds) {
  auto child = start("echo no such luck >&2; exit 3");
  ASSERT_TRUE(child);
  const auto line = child->wait_for_line(" ready ", 10s);
  ASSERT_FALSE(line);
  EXPECT_NE(line.error().find("no such luck"), std::string::npos);
  EXPECT_FALSE(child->is_running());
}

TEST_F(ChildTest, AProgramThatIsNotThereEndsAtOnce) {
  auto child = Child::start({"/no/such/program"}, directory.path() / "log");
  ASSERT_TRUE(child);
  EXPECT_FALSE(child->wait_for_line(" ready ", 10s));
}

TEST_F(ChildTest, StopsTheProgramWhenItGoes) {
  pid_t pid = 0;
  {
    auto child = start("echo ready >&2; exec sleep 100");
    ASSERT_TRUE(child);
    ASSERT_TRUE(child->wait_for_line("ready", 10s));
    pid = child->pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(TempDir, IsGoneWhenItsOwnerIs) {
  std::filesystem::path path;
  {
    const TempDir directory;
    path = directory.path();
    EXPECT_TRUE(std::filesystem::is_directory(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace confab::bench

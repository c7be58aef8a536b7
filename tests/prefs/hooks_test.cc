// SPDX-License-Identifier: MIT
#include "prefs/hooks.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace confab::prefs {
namespace {

using namespace std::chrono_literals;

const base::Instant start{1h};

Message mention() {
  Message message;
  message.room = "dev";
  message.name = "Ada";
  message.text = "hilmi: $(rm -rf /) `x` \"; reboot";
  message.time_ms = 17;
  message.id = "00ff";
  return message;
}

TEST(Hooks, AMessageIsDataAndNeverPartOfTheCommand) {
  Hooks hooks;
  const auto request = hooks.on_mention("notify-send \"$CONFAB_NAME\"", "chat.example:2209", mention(), start);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->argv, (std::vector<std::string>{"/bin/sh", "-c", "notify-send \"$CONFAB_NAME\""}));
  EXPECT_EQ(request->input, mention().text + "\n");
  EXPECT_EQ(request->environment, (std::vector<std::string>{"CONFAB_SERVER=chat.example:2209", "CONFAB_ROOM=dev",
                                                            "CONFAB_NAME=Ada", "CONFAB_KIND=text", "CONFAB_TIME=17",
                                                            "CONFAB_ID=00ff", "CONFAB_TEXT=" + mention().text}));
}

TEST(Hooks, MentionsStartOneCommandASecondAtMost) {
  Hooks hooks;
  EXPECT_FALSE(hooks.on_mention("", "s", mention(), start)) << "none is set";
  EXPECT_TRUE(hooks.on_mention("x", "s", mention(), start));
  EXPECT_FALSE(hooks.on_mention("x", "s", mention(), start + 999ms));
  EXPECT_TRUE(hooks.on_mention("x", "s", mention(), start + 1s));
}

TEST(Hooks, NoMoreThanAFewRunAtOnce) {
  Hooks hooks;
  std::uint64_t id = 0;
  for (std::size_t i = 0; i < Hooks::children_max; ++i) id = hooks.exec("sleep 9", "dev")->id;
  EXPECT_EQ(hooks.exec("x", "dev").error(), "8 commands are running already");
  EXPECT_FALSE(hooks.on_mention("x", "s", mention(), start));
  hooks.hear({.id = id, .bytes = {}, .exit_code = 0, .complaint = {}});
  EXPECT_TRUE(hooks.exec("x", "dev"));
}

TEST(Hooks, StrangersDoNotUseUpWhatExecMayRun) {
  Hooks hooks;
  std::size_t begun = 0;
  for (int i = 0; i < 60; ++i) begun += hooks.on_mention("sleep 9", "s", mention(), start + i * 1s) ? 1 : 0;
  EXPECT_EQ(begun, Hooks::mention_children_max);
  EXPECT_TRUE(hooks.exec("uptime", "dev"));
  hooks.hear({.id = 1, .bytes = {}, .exit_code = 0, .complaint = {}});
  EXPECT_TRUE(hooks.on_mention("sleep 9", "s", mention(), start + 1h));
}

TEST(Hooks, WhatExecPrintsIsShownWhenItHasEnded) {
  Hooks hooks;
  const auto request = hooks.exec("  uptime | cat ", "dev");
  EXPECT_EQ(request->argv.back(), "uptime | cat ");
  EXPECT_FALSE(hooks.hear({.id = request->id, .bytes = "one\r\ntw", .exit_code = {}, .complaint = {}}));
  const auto result = hooks.hear({.id = request->id, .bytes = "o\x1b[2J\n\nthree", .exit_code = 1, .complaint = {}});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->lines, (std::vector<std::string>{"one", "two\uFFFD[2J", "", "three"}));
  EXPECT_EQ(result->remark, "exited with 1");
  EXPECT_FALSE(result->say);
  EXPECT_EQ(hooks.running(), 0U);
  EXPECT_FALSE(hooks.hear({.id = request->id, .bytes = "late", .exit_code = 0, .complaint = {}}));
}

TEST(Hooks, WithOItIsSaidInTheRoomWhereItWasAsked) {
  Hooks hooks;
  const auto request = hooks.exec("-o date", "dev");
  EXPECT_EQ(request->argv.back(), "date");
  std::string output = "first\n\n";
  for (std::size_t i = 0; i < 200; ++i) output += "line\n";
  const auto result =
      hooks.hear({.id = request->id, .bytes = output, .exit_code = 137, .complaint = "stopped after 10 s"});
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->say);
  EXPECT_EQ(result->room, "dev");
  EXPECT_EQ(result->lines.size(), Hooks::said_lines_max);
  EXPECT_EQ(result->lines[1], "line") << "no empty lines are said";
  EXPECT_EQ(result->remark, "stopped after 10 s; only the first 100 lines were said");
}

TEST(Hooks, WhatAMentionsCommandPrintsIsDropped) {
  Hooks hooks;
  const auto request = hooks.on_mention("x", "s", mention(), start);
  EXPECT_FALSE(hooks.hear({.id = request->id, .bytes = "noise\n", .exit_code = 0, .complaint = {}}));
  EXPECT_EQ(hooks.running(), 0U);
}

TEST(Hooks, ExecNeedsACommand) {
  Hooks hooks;
  for (const char* argument : {"", "-o", "-o  ", "  "}) EXPECT_FALSE(hooks.exec(argument, "dev")) << argument;
  EXPECT_EQ(hooks.exec("-output", "dev")->argv.back(), "-output");
}

TEST(FifoLines, AreForTheRoomThatIsTalkedInOrForANamedOne) {
  EXPECT_FALSE(parse_fifo_line(""));
  EXPECT_EQ(parse_fifo_line("hello there")->text, "hello there");
  EXPECT_EQ(parse_fifo_line("hello there")->room, "");
  EXPECT_EQ(parse_fifo_line("#Dev build is red")->room, "dev");
  EXPECT_EQ(parse_fifo_line("#Dev build is red")->text, "build is red");
  EXPECT_EQ(parse_fifo_line("#@Bob the password")->room, "@Bob");
  EXPECT_EQ(parse_fifo_line("#@Bob the password")->text, "the password");
  EXPECT_EQ(parse_fifo_line("#@")->room, "@") << "never said to all";
  EXPECT_EQ(parse_fifo_line("@Bob look")->room, "") << "that is a mention";
  EXPECT_EQ(parse_fifo_line("#tag")->text, "#tag") << "a word alone is text";
  EXPECT_EQ(parse_fifo_line("#? what")->text, "#? what");
  EXPECT_EQ(parse_fifo_line("/quit")->text, "/quit") << "no command";
  EXPECT_EQ(parse_fifo_line("a\x1b[2J")->text, "a\uFFFD[2J");
}

}  // namespace
}  // namespace confab::prefs

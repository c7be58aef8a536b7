// SPDX-License-Identifier: MIT
#include "prefs/notifier.h"

#include <gtest/gtest.h>

namespace confab::prefs {
namespace {

using namespace std::chrono_literals;

const base::Instant start{1h};

struct NotifierScript : ::testing::Test {
  /// A mention of me by Ada in #dev, while I am away.
  std::string mention(const std::string& text, base::Duration after = 0s) {
    return arrive({.where = "#dev", .name = "Ada", .text = text, .mentioned = true}, NotifyRule::mentions, Focus::away,
                  after);
  }
  std::string arrive(const Arrival& arrival, NotifyRule rule, Focus focus, base::Duration after = 0s) {
    return notifier.arrive(arrival, rule, focus, settings, start + after);
  }

  Notifier notifier{{.term = "xterm-kitty", .term_program = "", .vte_version = ""}};
  NotificationSettings settings;
};

TEST_F(NotifierScript, AMentionRingsAndShows) { EXPECT_EQ(mention("tea?"), "\a\x1b]9;#dev Ada: tea?\a"); }

TEST_F(NotifierScript, WhatIsTold) {
  const Arrival talk{.where = "#dev", .name = "Ada", .text = "hi", .mentioned = false};
  const Arrival mention{.where = "#dev", .name = "Ada", .text = "hi", .mentioned = true};
  EXPECT_EQ(arrive(talk, NotifyRule::mentions, Focus::away), "");
  EXPECT_EQ(arrive(mention, NotifyRule::none, Focus::away), "");
  EXPECT_EQ(arrive(mention, NotifyRule::all, Focus::here), "");
  EXPECT_EQ(arrive(mention, NotifyRule::mentions, Focus::elsewhere), "\a") << "the list of rooms shows it";
  EXPECT_EQ(arrive(talk, NotifyRule::all, Focus::away, 3s), "\a\x1b]9;#dev Ada: hi\a");
}

TEST_F(NotifierScript, TheBellCanBeStill) {
  settings.bell = false;
  settings.desktop = DesktopNotice::osc777;
  EXPECT_EQ(mention("tea?"), "\x1b]777;notify;#dev Ada;tea?\a");
  settings.desktop = DesktopNotice::off;
  EXPECT_EQ(mention("tea?", 3s), "");
}

TEST_F(NotifierScript, AFloodIsOneNoticeInTwoSeconds) {
  EXPECT_NE(mention("one"), "");
  EXPECT_EQ(mention("two", 100ms), "");
  EXPECT_EQ(mention("three", 200ms), "");
  EXPECT_EQ(mention("four", 300ms), "");
  EXPECT_EQ(notifier.next_deadline(), start + Notifier::pause);
  EXPECT_EQ(notifier.wake(settings, start + Notifier::pause - 1ns), "");
  EXPECT_EQ(notifier.wake(settings, start + Notifier::pause), "\a\x1b]9;Confab: 3 mentions\a");
  EXPECT_EQ(notifier.next_deadline(), base::never);
  EXPECT_EQ(mention("five", 3s), "") << "the summary began a pause, too";
  EXPECT_EQ(notifier.wake(settings, start + 4s), "\a\x1b]9;#dev Ada: five\a");
}

TEST_F(NotifierScript, WhoIsBackIsNotToldWhatWaited) {
  mention("one");
  mention("two");
  notifier.forget();
  EXPECT_EQ(notifier.next_deadline(), base::never);
  EXPECT_EQ(notifier.wake(settings, start + 1min), "");
}

TEST_F(NotifierScript, NobodysTextEndsTheSequence) {
  settings.desktop = DesktopNotice::osc777;
  const Arrival hostile{.where = "#dev", .name = "a;b\x1b", .text = "x\a\x1b]0;owned\a\nsecond", .mentioned = true};
  const std::string bytes = arrive(hostile, NotifyRule::all, Focus::away);
  EXPECT_EQ(bytes, "\a\x1b]777;notify;#dev a,b\uFFFD;x\uFFFD\uFFFD]0;owned\uFFFD\a");
  EXPECT_LT(mention(std::string(10'000, 'x'), 3s).size(), 300U);
}

TEST(ResolveDesktop, OnlyWhatTheTerminalIsKnownToRead) {
  const auto resolved = [](std::string term, std::string program = "", std::string vte = "") {
    return resolve_desktop(
        DesktopNotice::automatic,
        {.term = std::move(term), .term_program = std::move(program), .vte_version = std::move(vte)});
  };
  EXPECT_EQ(resolved("xterm-256color", "iTerm.app"), DesktopNotice::osc9);
  EXPECT_EQ(resolved("xterm-256color", "WezTerm"), DesktopNotice::osc9);
  EXPECT_EQ(resolved("foot"), DesktopNotice::osc777);
  EXPECT_EQ(resolved("xterm-256color", "", "7200"), DesktopNotice::osc777);
  EXPECT_EQ(resolved("xterm-256color"), DesktopNotice::off);
  EXPECT_EQ(resolved("tmux-256color", "tmux", "7200"), DesktopNotice::off);
  EXPECT_EQ(resolve_desktop(DesktopNotice::osc9, {}), DesktopNotice::osc9);
}

}  // namespace
}  // namespace confab::prefs

// SPDX-License-Identifier: MIT
#include "screen/window.h"

#include <gtest/gtest.h>

#include "room_script.h"
#include "tui/fake_client.h"
#include "view_picture.h"

namespace confab::screen {
namespace {

using namespace std::chrono_literals;
using tui::Calls;

base::Now at(base::Duration since_start) { return {base::Instant(1h + since_start), {noon_ms}}; }

/// A window of the lobby, four rows of 30 columns; its join is request 1.
struct WindowScript : ::testing::Test {
  WindowScript() {
    window.set_me("Me", {}, {"troll"});
    window.view().resize({30, 4});
    window.join();
    client.take_calls();
  }
  void hear(const Event& event) { window.hear(event, at(0s)); }
  /// The room is opened; it ends behind this event.
  void open(std::uint64_t end_seq, std::uint64_t read_seq = 0) {
    hear(Opened{
        .request = 1, .room = "lobby", .first_seq = 1, .end_seq = end_seq, .topic = "tea", .read_seq = read_seq});
  }
  /// The answer to the last request: these events, then its end.
  void answer(std::vector<Event> events) {
    const RequestId request = client.requests;
    for (Event& event : events) {
      if (auto* message = std::get_if<Message>(&event)) message->request = request;
      EXPECT_TRUE(window.hear(event, at(0s)));
    }
    hear(Ended{request, "lobby"});
  }
  /// What is asked for at the end of a turn.
  Calls ask() {
    client.take_calls();
    window.load_older();
    return client.take_calls();
  }
  std::string shown() { return picture(window.view(), 30, 4); }

  tui::FakeClient client;
  Window window{client, "lobby"};
};

TEST_F(WindowScript, BeginsWithTheLastLinesOfARoomThatIsNotKnownHere) {
  open(500);
  EXPECT_EQ(client.take_calls(), (Calls{"members lobby", "read lobby before 501 200"}));
  EXPECT_EQ(window.topic(), "tea");
  EXPECT_EQ(ask(), Calls{}) << "one page at a time";
  answer(lines(301, 500));
  EXPECT_EQ(shown(), "ada: line 497\nada: line 498\nada: line 499\nada: line 500\n");
  EXPECT_EQ(ask(), Calls{}) << "nobody scrolls there";
}

TEST_F(WindowScript, LoadsPageAfterPageAsOneScrolls) {
  open(500);
  answer(lines(301, 500));
  window.view().to_top();
  EXPECT_EQ(ask(), Calls{"read lobby before 301 200"});
  answer(lines(101, 300));
  window.view().to_top();
  EXPECT_EQ(ask(), Calls{"read lobby before 101 200"});
  answer(lines(1, 100));
  window.view().to_top();
  EXPECT_EQ(ask(), Calls{}) << "this is where the room began";
}

TEST_F(WindowScript, WhatCannotBeHadIsNotAskedForAgainInEveryTurn) {
  open(500);
  answer(lines(301, 500));
  window.view().to_top();
  EXPECT_EQ(ask().size(), 1u);
  hear(Refused{client.requests, "no connection"});
  EXPECT_EQ(ask(), Calls{});
  EXPECT_EQ(ask(), Calls{});
  window.allow_older();
  EXPECT_EQ(ask().size(), 1u) << "somebody scrolls";
  hear(Refused{client.requests, "no connection"});
  open(500);
  EXPECT_EQ(ask().size(), 1u) << "there is a connection now";
}

TEST_F(WindowScript, AnEmptyPageInAGapIsAskedForOnce) {
  open(3);
  answer(lines(1, 3));
  hear(skipped(4, 900));
  hear(message(901, "ada", "late"));
  EXPECT_EQ(ask(), Calls{"read lobby before 901 200"});
  answer({});
  EXPECT_EQ(ask(), Calls{});
}

TEST_F(WindowScript, APageOfHiddenLinesIsPassed) {
  open(500);
  std::vector<Event> page;
  for (std::uint64_t seq = 301; seq <= 500; ++seq) page.push_back(message(seq, "Troll", "noise"));
  answer(page);
  EXPECT_EQ(client.take_calls().back(), "read lobby before 301 200");
  answer(lines(101, 300));
  EXPECT_EQ(shown(), "ada: line 297\nada: line 298\nada: line 299\nada: line 300\n");
}

TEST_F(WindowScript, IgnoredPeopleAreNotShown) {
  open(0);
  hear(message(1, "ada", "hi"));
  hear(message(2, "TROLL", "noise"));
  EXPECT_EQ(listing(window.buffer()), "1 ada hi\n");
}

TEST_F(WindowScript, OtherRoomsAndReadersAreNotItsOwn) {
  Message other = message(1, "ada", "hi");
  other.room = "dev";
  EXPECT_FALSE(window.hear(other, at(0s)));
  other = message(1, "ada", "hi");
  other.request = 99;
  EXPECT_FALSE(window.hear(other, at(0s))) << "a search's";
  EXPECT_FALSE(window.hear(Members{98, "lobby", {}}, at(0s)));
  EXPECT_FALSE(window.hear(Opened{.request = 97, .room = "lobby"}, at(0s)));
  EXPECT_EQ(window.buffer().size(), 0u);
}

TEST_F(WindowScript, SeeksWordsPageByPage) {
  open(500);
  answer(lines(301, 500));
  EXPECT_EQ(window.seek("line 150"), std::nullopt);
  EXPECT_TRUE(window.is_seeking());
  EXPECT_EQ(ask(), Calls{"read lobby before 301 200"});
  answer(lines(101, 300));
  EXPECT_FALSE(window.is_seeking());
  EXPECT_TRUE(shown().contains("line 150")) << shown();
}

TEST_F(WindowScript, SeeksAMentionPageByPage) {
  open(700);
  answer(lines(501, 700));
  EXPECT_EQ(window.seek(Window::Mention()), std::nullopt);
  EXPECT_EQ(ask(), Calls{"read lobby before 501 200"});
  answer(lines(301, 500));
  EXPECT_TRUE(window.is_seeking());
  EXPECT_EQ(ask(), Calls{"read lobby before 301 200"});
  std::vector<Event> page = lines(101, 300);
  page[49] = message(150, "bob", "me?");
  answer(page);
  EXPECT_FALSE(window.is_seeking());
  EXPECT_TRUE(shown().contains("bob: me?")) << shown();
  EXPECT_EQ(window.seek(Window::Mention()), std::nullopt);
  EXPECT_EQ(ask(), Calls{"read lobby before 101 200"});
  answer(lines(1, 100));
  EXPECT_TRUE(window.take_seek_failed()) << "there is no other";
}

TEST_F(WindowScript, SeekingEndsWhereTheRoomBegins) {
  open(3);
  answer(lines(1, 3));
  EXPECT_NE(window.seek("nowhere"), std::nullopt);
  EXPECT_FALSE(window.is_seeking());
}

TEST_F(WindowScript, SeekingEndsWithTheLink) {
  open(500);
  answer(lines(301, 500));
  EXPECT_EQ(window.seek(time_of(20)), std::nullopt);
  ask();
  hear(Refused{client.requests, "no connection"});
  EXPECT_FALSE(window.is_seeking());
}

TEST_F(WindowScript, WhatIsNowhereIsSaidToBeSoOnceAllWasLookedAt) {
  open(300);
  answer(lines(101, 300));
  EXPECT_EQ(window.seek("nowhere"), std::nullopt) << "not yet";
  EXPECT_FALSE(window.take_seek_failed());
  ask();
  answer(lines(1, 100));
  EXPECT_TRUE(window.take_seek_failed());
  EXPECT_FALSE(window.take_seek_failed()) << "once";
}

TEST_F(WindowScript, TheMarkerIsForWhatWasMissedAlone) {
  open(10, 8);
  answer(lines(1, 8));
  window.mark_read();
  hear(joined(9, "bob"));
  hear(joined(10, "zoe"));
  window.mark_read();
  Message live = message(11, "ada", "now");
  live.request = 1;
  hear(live);
  EXPECT_EQ(window.buffer().marker(), 0U) << "one looks while it comes";
}

TEST_F(WindowScript, TheMarkerStandsAboveWhatWasMissed) {
  open(10, 8);
  answer(lines(1, 10));
  window.mark_read();
  EXPECT_NE(window.buffer().marker(), 0U);
}

TEST_F(WindowScript, SeeksATime) {
  open(500);
  answer(lines(301, 500));
  EXPECT_EQ(window.seek(time_of(150)), std::nullopt);
  ask();
  answer(lines(101, 300));
  EXPECT_FALSE(window.is_seeking());
  EXPECT_TRUE(shown().contains("line 150")) << shown();
}

TEST_F(WindowScript, NothingIsFoundWhereNothingIs) {
  EXPECT_NE(window.seek("words"), std::nullopt);
  EXPECT_NE(window.seek(noon_ms), std::nullopt);
  EXPECT_NE(window.seek(std::monostate{}), std::nullopt);
  EXPECT_FALSE(window.is_seeking());
  EXPECT_EQ(shown(), "\n\n\n\n");
}

TEST_F(WindowScript, TellsHowFarOneHasRead) {
  open(0);
  hear(message(1, "ada", "hi"));
  EXPECT_EQ(window.buffer().unread(), 1u);
  client.take_calls();
  EXPECT_TRUE(window.mark_read());
  EXPECT_FALSE(window.mark_read()) << "once";
  EXPECT_EQ(client.take_calls(), Calls{"mark lobby 1"});
  EXPECT_EQ(window.buffer().unread(), 0u);
  hear(message(2, "ada", "more"));
  hear(MarkerMoved{"lobby", 2});
  EXPECT_EQ(window.buffer().unread(), 0u) << "read on another device";
  EXPECT_FALSE(window.mark_read());
}

TEST_F(WindowScript, WhatWasReadElsewhereIsNotUnread) {
  open(500, 498);
  answer(lines(301, 500));
  EXPECT_EQ(window.buffer().unread(), 2u);
}

TEST_F(WindowScript, OldLinesAreNoNews) {
  open(500, 400);
  Message said = message(450, "ada", "Me?");
  said.request = 1;
  EXPECT_TRUE(window.is_news(said));
  said.request = client.requests;
  EXPECT_FALSE(window.is_news(said)) << "a page's";
  window.expect_news();
  EXPECT_TRUE(window.is_news(said)) << "what one was invited with";
  said.seq = 400;
  EXPECT_FALSE(window.is_news(said)) << "read";
  said = message(501, "Troll", "Me!");
  EXPECT_FALSE(window.is_news(said)) << "hidden";
}

TEST_F(WindowScript, WhoTypesIsForgottenWhenTheySpeakOrStop) {
  open(0);
  const auto names = [&](base::Duration when) { return window.typing(at(when).instant); };
  hear(Typing{"lobby", "ada", true});
  EXPECT_EQ(names(5s), std::vector<std::string>{"ada"});
  EXPECT_EQ(window.typing_ends(at(5s).instant), at(6s).instant);
  EXPECT_EQ(names(6s), std::vector<std::string>{});
  EXPECT_EQ(window.typing_ends(at(6s).instant), base::never);
  hear(Typing{"lobby", "bob", true});
  hear(message(1, "ada", "hi"));
  EXPECT_EQ(names(1s), std::vector<std::string>{"bob"});
  hear(Typing{"lobby", "bob", false});
  EXPECT_EQ(names(1s), std::vector<std::string>{});
}

TEST_F(WindowScript, KnowsWhoIsHere) {
  open(0);
  answer({});
  hear(Members{2, "lobby", {{"ada", true, Presence::here, ""}}});
  EXPECT_EQ(window.roster().size(), 1u);
  hear(joined(1, "bob"));
  hear(PresenceChanged{"lobby", "bob", Presence::away, "tea"});
  EXPECT_EQ(window.roster().find("bob")->away_text, "tea");
  hear(left(2, "ada"));
  EXPECT_EQ(window.roster().size(), 1u);
  client.take_calls();
  window.refresh_roster(at(59s));
  EXPECT_EQ(client.take_calls(), Calls{});
  window.refresh_roster(at(60s));
  EXPECT_EQ(client.take_calls(), Calls{"members lobby"}) << "joins may not have been announced";
}

TEST_F(WindowScript, AClearedRoomLoadsNothingUntilOneScrolls) {
  open(500);
  answer(lines(301, 500));
  window.clear();
  EXPECT_EQ(shown(), "\n\n\n\n");
  EXPECT_EQ(ask(), Calls{});
  window.allow_older();
  EXPECT_EQ(ask(), Calls{"read lobby before 501 200"});
}

}  // namespace
}  // namespace confab::screen

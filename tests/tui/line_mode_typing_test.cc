// SPDX-License-Identifier: MIT
// What becomes of a typed line that nothing answers, of many pasted ones, and what the keys know of other runs and
// other people.
#include "line_mode_script.h"

namespace confab::tui {
namespace {

using namespace std::chrono_literals;

struct LineModeTyping : LineModeScript {
  /// The lobby is opened by request 1, and who is there is asked by request 2.
  void go_online() {
    mode->hear(link(Link::State::online), now());
    mode->hear(Opened{.request = 1, .room = "lobby", .first_seq = 1, .end_seq = 1}, now());
    mode->take_output();
    client.take_calls();
  }
  void type_now(const std::string& bytes) { mode->input(bytes, now()); }
  std::string after(base::Duration duration) {
    mode->take_output();
    time += duration;
    if (mode->next_deadline() <= now().instant) mode->wake(now());
    return mode->take_output();
  }
  base::Now now() const { return {base::Instant(1h + time), {}}; }

  base::Duration time{};
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(LineModeTyping, ALineThatNothingAnswersIsCalledQueuedAndThenSentOnceEach) {
  open("Hilmi");
  go_online();
  type_now("Hii\r");
  EXPECT_EQ(after(1999ms), "");
  EXPECT_TRUE(holds(after(1ms), "* not stored yet, queued: Hii"));
  EXPECT_EQ(after(1min), "");
  mode->hear(status_of("id3", Status::State::stored), now());
  EXPECT_TRUE(holds(mode->take_output(), "* sent: Hii"));
  mode->hear(status_of("id3", Status::State::stored), now());
  EXPECT_EQ(after(1min), "");
}

TEST_F(LineModeTyping, WhereTheLastOneIsGivenUpTheOthersAreToldOf) {
  open("Hilmi");
  go_online();
  type_now("a\rb\r");
  after(2s);
  mode->hear(status_of("id3", Status::State::stored), now());
  mode->take_output();
  type_now("/discard\r");
  EXPECT_TRUE(holds(mode->take_output(), "* the other queued lines are sent"));
  type_now("c\r");
  after(2s);
  mode->hear(status_of("id" + std::to_string(client.requests), Status::State::stored), now());
  EXPECT_TRUE(holds(mode->take_output(), "* sent: c"));
}

TEST_F(LineModeTyping, OneNoteTellsOfAllThatWaitSoLong) {
  open("Hilmi");
  go_online();
  type_now("a\rb\r");
  after(1s);
  type_now("c\r");
  EXPECT_TRUE(holds(after(1s), "* 2 lines are not stored yet; they are queued"));
  EXPECT_TRUE(holds(after(1s), "* not stored yet, queued: c"));
  for (const char* id : {"id3", "id4", "id5"}) mode->hear(status_of(id, Status::State::stored), now());
  EXPECT_TRUE(holds(mode->take_output(), "* 3 queued lines are sent"));
}

TEST_F(LineModeTyping, OfALineThatIsAnsweredNothingIsSaid) {
  open("Hilmi");
  go_online();
  type_now("Hii\r");
  after(1s);
  mode->hear(status_of("id3", Status::State::stored), now());
  EXPECT_EQ(after(1min), "");
  EXPECT_EQ(mode->next_deadline(), base::never);
}

TEST_F(LineModeTyping, ALineThatIsOnItsWayWhenTheLinkGoesIsQueued) {
  open("Hilmi");
  go_online();
  type_now("Hii\r");
  mode->take_output();
  mode->hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), now());
  const std::string told = mode->take_output();
  EXPECT_TRUE(holds(told, "* nobody answers; trying again") && holds(told, "* not stored yet, queued: Hii")) << told;
  mode->hear(link(Link::State::online), now());
  mode->hear(status_of("id3", Status::State::stored), now());
  EXPECT_TRUE(holds(mode->take_output(), "* sent: Hii"));
}

TEST_F(LineModeTyping, WhatThePlainProtocolNeverAnswersIsNotCalledQueued) {
  open("Hilmi");
  go_online();
  type_now("Hii\r");
  client.waiting = 0;
  EXPECT_EQ(after(1min), "");
}

TEST_F(LineModeTyping, ALineThatWasPutOffIsToldWhenItIsStored) {
  open("Hilmi");
  go_online();
  type_now("Hii\r");
  mode->hear(status_of("id3", Status::State::queued, "disk full"), now());
  EXPECT_TRUE(holds(mode->take_output(), "* not stored yet: disk full; it is tried again"));
  EXPECT_EQ(after(1min), "") << "it was told";
  mode->hear(status_of("id3", Status::State::stored), now());
  EXPECT_TRUE(holds(mode->take_output(), "* sent: Hii"));
}

TEST_F(LineModeTyping, APasteOfManyLinesIsAskedAbout) {
  open("Hilmi");
  go_online();
  const std::string six = "\x1b[200~1\r2\r3\r4\r5\r6\x1b[201~";
  type_now(six);
  EXPECT_TRUE(holds(mode->take_output(), "* paste 6 lines? y: yes, any other key: no"));
  type_now("\r");
  EXPECT_TRUE(holds(mode->take_output(), "* not pasted"));
  type_now("\r");
  EXPECT_EQ(client.take_calls(), Calls{}) << "the line is empty";
  type_now(six + "y\r");
  EXPECT_EQ(client.take_calls(), Calls{"send lobby 1\n2\n3\n4\n5\n6"});
  type_now("\x1b[200~1\r2\r3\r4\r5\x1b[201~\r");
  EXPECT_EQ(client.take_calls(), Calls{"send lobby 1\n2\n3\n4\n5"}) << "five are not many";
}

TEST_F(LineModeTyping, HowManyLinesAreManyIsASetting) {
  open("Hilmi");
  go_online();
  type_now("/set paste_question_lines 0\r");
  type_now("\x1b[200~1\r2\r3\r4\r5\r6\x1b[201~\r");
  EXPECT_EQ(client.take_calls(), Calls{"send lobby 1\n2\n3\n4\n5\n6"});
}

TEST_F(LineModeTyping, UpGoesOnToWhatWasTypedInEarlierRuns) {
  options.history.add("of yesterday");
  open("");
  type_now("Hilmi\r");
  go_online();
  type_now("today\r");
  EXPECT_EQ(mode->typed(), std::vector<std::string>{"today"}) << "a name is no line";
  type_now("\x1b[A\x1b[A\x1b[A\r");
  EXPECT_TRUE(holds(client.take_calls().back(), "send lobby of yesterday"));
}

TEST_F(LineModeTyping, TabKnowsWhoIsHere) {
  open("Hilmi");
  mode->hear(link(Link::State::online), now());
  client.take_calls();
  mode->hear(Opened{.request = 1, .room = "lobby", .first_seq = 1, .end_seq = 1}, now());
  EXPECT_EQ(client.take_calls(), Calls{"members lobby"});
  mode->take_output();
  Members members{.request = 2, .room = "lobby", .members = {Member{}, Member{}}};
  members.members[0].name = "Ryo";
  members.members[1].name = "Bob";
  mode->hear(members, now());
  EXPECT_EQ(mode->take_output(), "") << "nobody asked for it";
  mode->hear(Joined{.room = "lobby", .seq = 1, .name = "Ada", .verified = true}, now());
  mode->hear(Left{.room = "lobby", .seq = 2, .name = "Bob", .verified = true}, now());
  type_now("ry\tha\r");
  type_now("ad\tha\r");
  type_now("bo\tha\r");
  EXPECT_EQ(client.take_calls(), (Calls{"send lobby Ryo: ha", "send lobby Ada: ha", "send lobby boha"}));
  mode->hear(Joined{.room = "lobby", .seq = 1, .name = "Eve", .verified = true, .request = 77}, now());
  type_now("ev\tha\r");
  EXPECT_EQ(client.take_calls(), Calls{"send lobby evha"}) << "who came long ago may be gone";
}

TEST_F(LineModeTyping, TheRoomsAreAskedForOnceWhereTabWantsOne) {
  open("Hilmi");
  go_online();
  type_now("/join de\t");
  EXPECT_EQ(client.take_calls(), Calls{"rooms"});
  type_now("\t");
  EXPECT_EQ(client.take_calls(), Calls{}) << "it is under way";
  mode->take_output();
  mode->hear(Rooms{.request = 3, .rooms = {{.name = "dev"}}}, now());
  EXPECT_EQ(mode->take_output(), "") << "nobody typed /list";
  type_now("\t\r");
  EXPECT_EQ(client.take_calls().front(), "join dev 0");
  type_now("/join x\t");
  EXPECT_EQ(client.take_calls(), Calls{}) << "the list was heard";
}

TEST_F(LineModeTyping, ThatTheMembersAreRefusedIsNobodysBusiness) {
  open("Hilmi");
  mode->hear(link(Link::State::online), now());
  mode->hear(Opened{.request = 1, .room = "lobby", .first_seq = 1, .end_seq = 1}, now());
  mode->take_output();
  mode->hear(Refused{.request = 2, .text = "not now"}, now());
  EXPECT_EQ(mode->take_output(), "");
}

}  // namespace
}  // namespace confab::tui

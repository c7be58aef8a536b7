// SPDX-License-Identifier: MIT
#include "tui/line_mode.h"

#include <gtest/gtest.h>

#include "line_mode_script.h"

namespace confab::tui {
namespace {

using namespace std::chrono_literals;

TEST_F(LineModeScript, AsksForTheNameAsTheToyDoes) {
  open("");
  EXPECT_EQ(picture(), "Insert your name here : |");
  type("Hilmi\r");
  EXPECT_EQ(client.take_calls(), (Calls{"join lobby 0", "retry Hilmi"}));
  EXPECT_EQ(picture(), "Insert your name here : Hilmi\nHilmi : |");
  mode->hear(link(Link::State::online), {});
  EXPECT_EQ(remembered, "Hilmi");
}

TEST_F(LineModeScript, ATypedLineBecomesTheLineThatAllSee) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  type("Hii\r");
  EXPECT_EQ(client.take_calls(), (Calls{"join lobby 0", "direct rooms", "send lobby Hii"}));
  EXPECT_EQ(picture(), "Hilmi : Hii\nHilmi : |");
  Message own = message("Hilmi", "Hii");
  own.own = true;
  mode->hear(own, {});
  EXPECT_EQ(picture(), "Hilmi : Hii\nHilmi : |") << "its return through the log is not shown again";
}

TEST_F(LineModeScript, WhatOthersSayDoesNotTearTheLineBeingTyped) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  type("half a li");
  mode->hear(message("Ryo", "hello"), {});
  EXPECT_EQ(picture(), "Ryo : hello\nHilmi : half a li|");
  type(
      "ne\x01"
      "a \r");  // Ctrl-A
  EXPECT_EQ(client.take_calls().back(), "send lobby a half a line");
}

TEST_F(LineModeScript, CommandsAreNeverSentAsText) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  client.take_calls();
  for (const char* line : {"/me waves\r", "/JOIN Dev\r", "/names\r", "/list\r", "/history 5\r", "/away lunch\r",
                           "/back\r", "/part dev\r", "//slash\r", "/nonsense x\r", "/history -1\r", "/join\r"}) {
    type(line);
  }
  EXPECT_EQ(client.take_calls(), (Calls{"send action lobby waves", "join dev 0", "members dev", "rooms", "read dev 0 5",
                                        "away lunch", "here ", "part dev", "send lobby /slash"}));
  EXPECT_NE(mode->take_output().find("there is no command /nonsense; nothing was sent"), std::string::npos);
}

TEST_F(LineModeScript, HistoryTakesANumber) {
  open("Hilmi", true);
  client.take_calls();
  type("/history\n/history 7\n/history 10000\n");
  EXPECT_EQ(client.take_calls(), (Calls{"read lobby 0 20", "read lobby 0 7", "read lobby 0 10000"}));
  for (const char* line : {"/history 0\n", "/history 10001\n", "/history 7x\n", "/history all\n"}) {
    type(line);
    EXPECT_EQ(mode->take_output(), "* usage: /history [COUNT], 1 to 10000\n") << line;
  }
  EXPECT_EQ(client.take_calls(), Calls{});
}

TEST_F(LineModeScript, TheLastRoomIsNotLeft) {
  open("Hilmi", true);
  type("/join dev\n/part lobby\n");
  client.take_calls();
  mode->take_output();
  type("/part\n/part dev\n");
  EXPECT_EQ(mode->take_output(), "* this is your last room; /quit leaves\n* this is your last room; /quit leaves\n");
  type("still here\n");
  EXPECT_EQ(client.take_calls(), Calls{"send dev still here"});
}

TEST_F(LineModeScript, AnswersGoToTheNewestMessageOrToThatOfSomebody) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  mode->hear(said("Ada Lovelace", 1, "shall we?"), {});
  mode->hear(said("Bob", 2, "lunch"), {});
  mode->hear(said("Hilmi", 3, "mine"), {});
  client.take_calls();
  type("/reply yes\r/reply ada lovelace: we shall\r/reply note: this\r/react :+1:\r/react Ada Lovelace: 🎉\r");
  EXPECT_EQ(
      client.take_calls(),
      (Calls{"post lobby message answering m2 yes", "post lobby message answering m1 we shall",
             "post lobby message answering m2 note: this", "post lobby reaction m2 👍", "post lobby reaction m1 🎉"}));
  type("/edit mine too\r/redact slip\r/topic Tea at five\r");
  EXPECT_EQ(client.take_calls(),
            (Calls{"post lobby edit m3 mine too", "post lobby redaction m3 slip", "post lobby topic Tea at five"}));
}

TEST_F(LineModeScript, WhereThereIsNothingToAnswerNothingIsSent) {
  open("Hilmi");
  client.take_calls();
  type("/reply yes\r/react :+1:\r/edit x\r/redact\r/mark\r/retry\r");
  EXPECT_EQ(client.take_calls(), Calls{});
}

TEST_F(LineModeScript, WhatIsSaidOfMessagesIsShown) {
  open("Hilmi", true);
  mode->hear(said("Ada", 1, "shall we?"), {});
  mode->hear(TopicChanged{"lobby", 2, 0, "Ada", "Tea", true, 0}, {});
  mode->hear(Reacted{"lobby", 3, 0, "Bob", "m1", "👍", false, true, 0}, {});
  mode->hear(Edited{"lobby", 4, 0, "Bob", "m1", "hacked", true, 0}, {});
  mode->hear(Edited{"lobby", 5, 0, "Ada", "m1", "shall we go?", true, 0}, {});
  mode->hear(Redacted{"lobby", 6, 0, "Ada", "m1", "too late", true, 0}, {});
  mode->hear(Redacted{"lobby", 7, 0, "Ada", "m1", "", true, 0}, {});
  EXPECT_EQ(mode->take_output(),
            "Ada : shall we?\n* Ada set the topic: Tea\n* Bob says 👍 to Ada: shall we?\n"
            "* Ada edited: shall we go?\n* Ada took back a message: too late\n");
}

TEST_F(LineModeScript, TheTopicIsToldWhereItIsNews) {
  open("Hilmi", true);
  Opened opened{.request = 1, .room = "lobby", .first_seq = 1, .end_seq = 1, .topic = "Tea", .read_seq = 0};
  mode->hear(opened, {});
  EXPECT_EQ(mode->take_output(), "* the topic of #lobby is: Tea\n");
  mode->hear(opened, {});
  EXPECT_EQ(mode->take_output(), "") << "the room opened again after a lost connection";
  type("/topic\n");
  EXPECT_EQ(mode->take_output(), "* Tea\n");
}

TEST_F(LineModeScript, AWordWithOnePersonAlone) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  client.take_calls();
  picture();
  type("/msg Ada are you there\r");
  EXPECT_EQ(client.take_calls(), (Calls{"join @ada : hilmi 0", "send @ada : hilmi are you there"}));
  EXPECT_EQ(picture(), "* now in @ada\nHilmi : are you there\n@ada Hilmi : |");
  type("/join @Bob\r/part @bob\r");
  EXPECT_EQ(client.take_calls(), (Calls{"join @bob : hilmi 0", "part @bob : hilmi"}));
}

TEST_F(LineModeScript, WhoeverWritesToMeAloneIsShown) {
  open("Hilmi", true);
  client.take_calls();
  mode->hear(Invited{"@ada : hilmi", "Ada", 7}, {});
  EXPECT_EQ(client.take_calls(), (Calls{"join @ada : hilmi 0 newest 100"}));
  mode->hear(message("Ada", "psst", "@ada : hilmi"), {});
  EXPECT_EQ(mode->take_output(), "* Ada has a word with you alone; /msg Ada answers\n(private) Ada : psst\n");
  mode->hear(Invited{"@ada : hilmi", "Ada", 8}, {});
  EXPECT_EQ(client.take_calls(), Calls{});
}

TEST_F(LineModeScript, TheIgnoredAreNotHeard) {
  open("Hilmi", true);
  type("/ignore Troll\n");
  mode->take_output();
  mode->hear(said("TROLL", 1, "hey"), {});
  mode->hear(Joined{"lobby", 2, 0, "Troll", true, 0}, {});
  EXPECT_EQ(mode->take_output(), "");
  type("/unignore troll\n");
  mode->hear(said("Troll", 3, "hey"), {});
  EXPECT_EQ(mode->take_output(), "* troll is heard again\nTROLL : hey\n* Troll joined\nTroll : hey\n");
}

TEST_F(LineModeScript, ASearchShowsWhatHasTheWords) {
  open("Hilmi", true);
  client.take_calls();
  type("/search FOO bar\n");
  EXPECT_EQ(client.take_calls(), (Calls{"read lobby 1 0"}));
  for (const char* text : {"a bar for Foos", "foo alone"}) {
    Message found = message("Ryo", text);
    found.request = client.requests;
    mode->hear(found, {});
  }
  Joined joined{"lobby", 9, 0, "Ryo", true, client.requests};
  mode->hear(joined, {});
  mode->hear(Ended{client.requests, "lobby"}, {});
  EXPECT_EQ(mode->take_output(), "Ryo : a bar for Foos\n* 1 message(s) found\n");
}

TEST_F(LineModeScript, WhoisTellsOneOfThem) {
  open("Hilmi", true);
  type("/whois ada\n");
  const Members members{client.requests, "lobby", {{"Ada", true, Presence::away, "lunch"}, {"Bob", true, {}, ""}}};
  mode->hear(members, {});
  EXPECT_EQ(mode->take_output(), "* Ada (away: lunch): in #lobby; the name is held by a key\n");
  type("/whois Cleo\n");
  mode->hear(Members{client.requests, "lobby", {}}, {});
  EXPECT_EQ(mode->take_output(), "* Cleo is not in #lobby\n");
}

TEST_F(LineModeScript, WhatWasRefusedIsSentAgainOrGivenUp) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  type("one\rtwo\r");
  mode->hear(status_of("id2", Status::State::refused, "store failed"), {});
  client.take_calls();
  type("/retry\r");
  EXPECT_EQ(client.take_calls(), (Calls{"post lobby message one"}));
  type("/retry\r");
  EXPECT_EQ(client.take_calls(), Calls{});
  type("/discard\r");
  EXPECT_EQ(client.take_calls().size(), 2U) << "both wait";
  EXPECT_NE(mode->take_output().find("2 line(s) given up"), std::string::npos);
}

TEST_F(LineModeScript, WhatIsHereIsRead) {
  open("Hilmi");
  mode->hear(said("Ada", 17, "hello"), {});
  client.take_calls();
  type("/mark\r");
  EXPECT_EQ(client.take_calls(), (Calls{"mark lobby 17"}));
}

TEST_F(LineModeScript, HelpNamesWhatWorksHere) {
  open("Hilmi", true);
  type("/help\n");
  const std::string help = mode->take_output();
  EXPECT_NE(help.find("* /reply [NAME:] TEXT"), std::string::npos) << help;
  EXPECT_NE(help.find("* /set [KEY [VALUE]]"), std::string::npos) << help;
  type("/help join\n");
  EXPECT_EQ(mode->take_output(), "* /join ROOM              enter a room and talk in it (/j)\n");
}

TEST_F(LineModeScript, AnotherRoomIsTalkedInAndMarked) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  picture();
  type("/join dev\r");
  picture();
  mode->hear(message("Ryo", "in the lobby"), {});
  mode->hear(message("Ryo", "in dev", "dev"), {});
  EXPECT_EQ(picture(), "* now in #dev\n#lobby Ryo : in the lobby\nRyo : in dev\n#dev Hilmi : |");
}

TEST_F(LineModeScript, AWaitingLineIsMarkedAndToldWhenItIsSent) {
  open("Hilmi");
  mode->hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), {});
  type("Hii\r");
  const std::string shown = picture();
  EXPECT_NE(shown.find("Hilmi : Hii (queued)"), std::string::npos) << shown;
  EXPECT_NE(shown.find("what you type is queued"), std::string::npos) << shown;
  mode->hear(link(Link::State::online), {});
  mode->hear(status_of("id2", Status::State::stored), {});
  EXPECT_NE(picture().find("* sent: Hii"), std::string::npos);
}

TEST_F(LineModeScript, OfManyWaitingLinesOneNoteIsMade) {
  open("Hilmi");
  mode->hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), {});
  type("a\rb\rc\r");
  mode->hear(link(Link::State::online), {});
  type("d\r");
  mode->take_output();
  for (const char* id : {"id2", "id3", "id4", "id5"}) mode->hear(status_of(id, Status::State::stored), {});
  const std::string told = mode->take_output();
  EXPECT_NE(told.find("* 3 queued lines are sent"), std::string::npos) << told;
  EXPECT_EQ(told.find("* sent"), std::string::npos) << told;
}

TEST_F(LineModeScript, WhatTheServerPutsOffIsToldOncePerReason) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  type("a\rb\r");
  mode->take_output();
  mode->hear(status_of("id2", Status::State::queued, "disk full"), {});
  EXPECT_NE(mode->take_output().find("* not stored yet: disk full"), std::string::npos);
  mode->hear(status_of("id3", Status::State::queued, "disk full"), {});
  EXPECT_EQ(mode->take_output(), "");
}

TEST_F(LineModeScript, LinesOfAnEarlierRunAreCounted) {
  open("Hilmi");
  mode->hear(status_of("id8", Status::State::queued), {});
  mode->hear(status_of("id9", Status::State::queued), {});
  mode->caught_up();
  EXPECT_NE(picture().find("* 2 line(s) of an earlier run"), std::string::npos);
  mode->caught_up();
  EXPECT_EQ(mode->take_output(), "");
}

TEST_F(LineModeScript, LeavingWhileOfflineLeavesTheLinesToTheNextRun) {
  client.keeps = true;
  open("Hilmi");
  mode->hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), {});
  type("Hii\r/quit\r");
  EXPECT_EQ(mode->exit_code(), std::nullopt) << "it is kept when the turn is over";
  mode->caught_up();
  EXPECT_EQ(mode->exit_code(), exit_codes::queued);
  EXPECT_NE(mode->take_output().find("* 1 line(s) not stored yet; queued"), std::string::npos);
}

TEST_F(LineModeScript, StatusShowsTheLink) {
  open("Hilmi");
  type("/status\r");
  EXPECT_NE(picture().find("not connected\nqueue       0 message(s)"), std::string::npos) << screen.picture();
  mode->hear(link(Link::State::online), {});
  client.info =
      client::LinkInfo{.path = {}, .rtt = 12ms, .rtt_min = 10ms, .packets_sent = 200, .packets_lost = 3, .silence = 1s};
  type("/status\r");
  EXPECT_NE(picture().find("rtt         12.0 ms (best 10.0 ms)\nloss        1.5 % of 200 packets"), std::string::npos)
      << screen.picture();
}

TEST_F(LineModeScript, ARefusedLineIsNamed) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  mode->hear(status(Status::State::refused, "too long"), {});
  EXPECT_NE(picture().find("NOT SENT: too long"), std::string::npos);
}

TEST_F(LineModeScript, ATakenNameIsAskedForAgain) {
  open("Hilmi");
  mode->hear(link(Link::State::failed, Link::Failure::not_allowed, "the name is taken"), {});
  EXPECT_EQ(picture(), "* the name is taken\nInsert your name here : |");
  type("Other\r");
  EXPECT_EQ(client.take_calls().back(), "retry Other");
}

TEST_F(LineModeScript, WhoIsRefusedAnotherNameGoesOnUnderHerOwn) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  type("/nick Ada\r");
  EXPECT_EQ(picture(), "Ada : |");
  EXPECT_EQ(client.take_calls().back(), "retry Ada");
  mode->hear(link(Link::State::failed, Link::Failure::not_allowed, "taken"), {});
  EXPECT_EQ(picture(), "* taken; you are still Hilmi\nHilmi : |");
  EXPECT_EQ(client.take_calls(), Calls{"retry Hilmi"});
  mode->hear(link(Link::State::failed, Link::Failure::not_allowed, "taken, too"), {});
  EXPECT_EQ(picture(), "* taken; you are still Hilmi\n* taken, too\nInsert your name here : |");
}

TEST_F(LineModeScript, AnUnknownKeyIsAskedAbout) {
  open("Hilmi");
  mode->hear(link(Link::State::failed, Link::Failure::untrusted, "?"), {});
  type("maybe\r");
  EXPECT_FALSE(accepted);
  type("yes\r");
  EXPECT_TRUE(accepted);
  EXPECT_EQ(client.take_calls().back(), "retry Hilmi");
}

TEST_F(LineModeScript, AChangedKeyEndsItAtOnce) {
  open("Hilmi");
  answer = client::TrustAnswer::changed;
  mode->hear(link(Link::State::failed, Link::Failure::untrusted, "?"), {});
  mode->end_turn();
  EXPECT_EQ(mode->exit_code(), exit_codes::untrusted);
}

TEST_F(LineModeScript, ASignalLeavesWhatIsNotStoredQueuedAndSaysSo) {
  open("Hilmi");
  client.waiting = 2;
  client.keeps = true;
  mode->interrupt(143);
  mode->end_turn();
  EXPECT_EQ(mode->exit_code(), exit_codes::queued);
  EXPECT_NE(mode->take_output().find("2 line(s) not stored yet; queued"), std::string::npos);
}

TEST_F(LineModeScript, LeavesByCommandByCtrlDAndByTwoCtrlC) {
  open("Hilmi");
  type("/quit\r");
  EXPECT_EQ(mode->exit_code(), exit_codes::done);
  open("Hilmi");
  type("\x04");
  EXPECT_EQ(mode->exit_code(), exit_codes::done);
  open("Hilmi");
  type("\x03");
  EXPECT_EQ(mode->exit_code(), std::nullopt);
  type("x\x03");
  EXPECT_EQ(mode->exit_code(), std::nullopt) << "that one cleared the line";
  type("\x03\x03");
  EXPECT_EQ(mode->exit_code(), exit_codes::done);
}

TEST_F(LineModeScript, DoesNotLeaveLinesBehindInSilence) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  type("Hii\r/quit\r");
  EXPECT_EQ(mode->exit_code(), std::nullopt);
  client.waiting = 0;
  mode->hear(status(Status::State::stored), {});
  mode->caught_up();
  EXPECT_EQ(mode->exit_code(), exit_codes::done);
}

TEST_F(LineModeScript, TabCompletesWhoSpoke) {
  open("Hilmi");
  mode->hear(link(Link::State::online), {});
  mode->hear(message("Ryo", "hello"), {});
  type("r\thi\r");
  EXPECT_EQ(client.take_calls().back(), "send lobby Ryo: hi");
}

TEST_F(LineModeScript, ADumbTerminalGetsPlainLines) {
  open("", true);
  EXPECT_EQ(mode->take_output(), "Insert your name here : ");
  type("Hilmi\n");
  mode->hear(link(Link::State::online), {});
  mode->take_output();
  type("Hii\x1b[2J\n");
  mode->hear(message("Ryo", "hello"), {});
  EXPECT_EQ(mode->take_output(), "Ryo : hello\n");
  EXPECT_EQ(client.take_calls().back(), "send lobby Hii\uFFFD[2J");
}

}  // namespace
}  // namespace confab::tui

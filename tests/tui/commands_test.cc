// SPDX-License-Identifier: MIT
#include "tui/commands.h"

#include <gtest/gtest.h>

#include "fake_client.h"

namespace confab::tui {
namespace {

using namespace std::chrono_literals;

struct SendScript : ::testing::Test {
  SendScript() { command.start(); }
  /// The message of an earlier run that goes out first.
  static Status earlier(Status::State state) {
    Status result = status(state, "too long");
    result.id = "id0";
    return result;
  }

  FakeClient client;
  SendCommand command{client, {.room = "dev", .text = "hello", .id = {}, .json = false}};
};

TEST_F(SendScript, EndsWhenItsMessageIsStored) {
  EXPECT_EQ(client.take_calls(), (Calls{"send dev hello"}));
  command.hear(link(Link::State::online), {});
  command.hear(earlier(Status::State::stored), {});
  command.caught_up();
  EXPECT_EQ(command.exit_code(), std::nullopt);
  command.hear(status(Status::State::stored), {});
  EXPECT_EQ(command.exit_code(), exit_codes::done);
}

TEST_F(SendScript, OfTwoRefusalsOnlyItsOwnIsItsFailure) {
  command.hear(earlier(Status::State::refused), {});
  EXPECT_EQ(command.take_errors(), "confab: not sent, of an earlier run: too long\n");
  EXPECT_EQ(command.exit_code(), std::nullopt);
  command.hear(status(Status::State::refused, "too long"), {});
  EXPECT_EQ(command.take_errors(), "confab: not sent: too long\n");
  EXPECT_EQ(command.exit_code(), exit_codes::failed);
}

TEST_F(SendScript, LeavesItsMessageToTheNextRunWhereNobodyAnswers) {
  client.keeps = true;
  command.hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), {});
  EXPECT_EQ(command.exit_code(), std::nullopt) << "it is kept when the turn is over";
  command.caught_up();
  EXPECT_EQ(command.exit_code(), exit_codes::queued);
  EXPECT_EQ(command.take_errors(),
            "confab: nobody answers: not stored yet; it is queued and goes out with the next confab\n");
}

TEST_F(SendScript, WhatCannotBeKeptIsUnreachable) {
  command.hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), {});
  command.caught_up();
  EXPECT_EQ(command.exit_code(), exit_codes::unreachable);
  EXPECT_EQ(command.take_errors(), "confab: nobody answers; 1 message(s) may be lost\n");
}

TEST_F(SendScript, WaitsForAServerThatWasThereButNotForEver) {
  client.keeps = true;
  command.wake({base::Instant(1s), {}});
  command.hear(link(Link::State::online), {});
  command.hear(link(Link::State::offline, Link::Failure::none, "gone"), {});
  EXPECT_EQ(command.next_deadline(), base::Instant(1s) + SendCommand::patience);
  command.wake({base::Instant(1s) + SendCommand::patience - 1ns, {}});
  command.caught_up();
  EXPECT_EQ(command.exit_code(), std::nullopt);
  command.wake({base::Instant(1s) + SendCommand::patience, {}});
  command.caught_up();
  EXPECT_EQ(command.exit_code(), exit_codes::queued);
}

TEST_F(SendScript, InterruptedItLeavesItsMessageToo) {
  client.keeps = true;
  command.interrupt(130);
  command.caught_up();
  EXPECT_EQ(command.exit_code(), exit_codes::queued);
}

TEST_F(SendScript, InterruptedWithNothingKeptItEndsAsAnyProgramDoes) {
  command.interrupt(130);
  command.caught_up();
  EXPECT_EQ(command.exit_code(), 130);
}

TEST_F(SendScript, TakesItsMessageBackWhereTheUserMustDecide) {
  client.keeps = true;
  client.take_calls();
  command.hear(link(Link::State::failed, Link::Failure::untrusted, "?"), {});
  command.hear(status(Status::State::refused, "?"), {});
  command.end_turn();
  EXPECT_EQ(command.exit_code(), exit_codes::untrusted);
  EXPECT_EQ(client.take_calls(), (Calls{"withdraw"}));
}

TEST(SendCommand, AnIdOfTheCallersIsTaken) {
  FakeClient client;
  const std::string id = "00112233445566778899aabbccddeeff";
  SendCommand command(client, {.room = "dev", .text = "hello", .id = base::MessageId::parse(id), .json = false});
  command.start();
  EXPECT_EQ(client.take_calls(), (Calls{"send dev hello as " + id}));
  Status stored = status(Status::State::stored);
  stored.id = id;
  command.hear(stored, {});
  EXPECT_EQ(command.exit_code(), exit_codes::done);
}

TEST(ReadCommand, HistoryPrintsAndEnds) {
  FakeClient client;
  ReadCommand command(client,
                      {.room = "lobby", .start = {.seq = 1, .newest = 0}, .follow = false, .words = {}, .json = false});
  command.start();
  EXPECT_EQ(client.take_calls(), (Calls{"read lobby 1 0"}));
  command.hear(Joined{"lobby", 1, 0, "Ryo", true, 0}, {});
  command.hear(message("Ryo", "hi"), {});
  command.hear(Ended{1, "lobby"}, {});
  EXPECT_EQ(command.take_output(), "Ryo : hi\n");
  EXPECT_EQ(command.exit_code(), exit_codes::done);
}

TEST(ReadCommand, WhatIsNoLongerKeptIsNoData) {
  FakeClient client;
  ReadCommand text(client, {.room = "lobby", .start = {}, .follow = false, .words = {}, .json = false});
  text.hear(Gone{"lobby", 1, 999, 1}, {});
  EXPECT_EQ(text.take_output(), "");
  EXPECT_EQ(text.take_errors(), "(events 1 to 999 are no longer kept)\n");

  ReadCommand json(client, {.room = "lobby", .start = {}, .follow = false, .words = {"word"}, .json = true});
  json.hear(Gone{"lobby", 1, 999, 1}, {});
  EXPECT_TRUE(json.take_output().starts_with(R"({"type":"gone")"));
}

TEST(ReadCommand, SearchWantsAllWordsWhateverTheirCase) {
  FakeClient client;
  ReadCommand command(client, {.room = "lobby", .start = {}, .follow = false, .words = {"FOO", "bar"}, .json = false});
  command.hear(message("Ryo", "a bar for Foos"), {});
  command.hear(message("Ryo", "foo alone"), {});
  EXPECT_EQ(command.take_output(), "Ryo : a bar for Foos\n");
}

TEST(ReadCommand, ARefusalIsAFailure) {
  FakeClient client;
  ReadCommand command(client, {.room = "x", .start = {}, .follow = false, .words = {}, .json = false});
  command.hear(Refused{1, "there is no room #x"}, {});
  EXPECT_EQ(command.exit_code(), exit_codes::failed);
  EXPECT_EQ(command.take_errors(), "confab: there is no room #x\n");
}

TEST(ReadCommand, AWarningIsNoEnd) {
  FakeClient client;
  ReadCommand command(client, {.room = "x", .start = {}, .follow = true, .words = {}, .json = false});
  command.hear(Warning{1, "the server's log is shorter than it was"}, {});
  EXPECT_EQ(command.exit_code(), std::nullopt);
  EXPECT_EQ(command.take_errors(), "confab: the server's log is shorter than it was\n");
}

TEST(ListCommand, ListsRoomsAndMembers) {
  FakeClient client;
  ListCommand rooms(client, ListCommand::What::rooms, "", false);
  rooms.start();
  rooms.hear(Rooms{1, {{"dev", 2, 30}, {"lobby", 0, 4}}}, {});
  EXPECT_EQ(rooms.take_output(), "#dev\t2 here\t30 events\n#lobby\t0 here\t4 events\n");
  EXPECT_EQ(rooms.exit_code(), exit_codes::done);

  ListCommand who(client, ListCommand::What::members, "dev", false);
  who.start();
  who.hear(Members{1, "dev", {{"Ryo", true, Presence::away, "lunch"}, {"Ada", false, Presence::here, ""}}}, {});
  EXPECT_EQ(who.take_output(), "Ryo (away: lunch)\n~Ada\n");
  EXPECT_EQ(client.take_calls(), (Calls{"rooms", "members dev"}));
}

}  // namespace
}  // namespace confab::tui

// SPDX-License-Identifier: MIT
#include "tui/commands.h"

#include <gtest/gtest.h>

#include "fake_client.h"

namespace confab::tui {
namespace {

using namespace std::chrono_literals;

TEST(SendCommand, EndsWhenItIsStored) {
  FakeClient client;
  SendCommand command(client, "dev", {"hello"}, false);
  command.start();
  EXPECT_EQ(client.take_calls(), (Calls{"send dev hello"}));
  command.hear(link(Link::State::online), {});
  EXPECT_EQ(command.exit_code(), std::nullopt);
  client.waiting = 0;
  command.hear(status(Status::State::stored), {});
  command.caught_up();
  EXPECT_EQ(command.exit_code(), exit_codes::done);
}

TEST(SendCommand, DoesNotWaitForEver) {
  FakeClient client;
  SendCommand command(client, "dev", {"hello"}, false);
  command.start();
  command.wake({base::Instant(1s), {}});
  EXPECT_EQ(command.next_deadline(), base::Instant(1s) + SendCommand::patience);
  command.wake({base::Instant(1s) + SendCommand::patience - 1ns, {}});
  EXPECT_EQ(command.exit_code(), std::nullopt);
  command.wake({base::Instant(1s) + SendCommand::patience, {}});
  EXPECT_EQ(command.exit_code(), exit_codes::unreachable);
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

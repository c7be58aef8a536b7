// SPDX-License-Identifier: MIT
#include "tui/filter.h"

#include <gtest/gtest.h>

#include "fake_client.h"
#include "wire/limits.h"

namespace confab::tui {
namespace {

using namespace std::chrono_literals;

struct FilterScript : ::testing::Test {
  FilterScript() {
    filter.start();
    client.take_calls();
  }
  FakeClient client;
  Filter filter{client, {.rooms = {"lobby", "dev"}, .json = false}};
};

TEST_F(FilterScript, EachLineIsOneMessageHoweverItIsCut) {
  filter.input("one\ntw", {});
  filter.input("o\r\n\n/quit\nlast", {});
  EXPECT_EQ(client.take_calls(), (Calls{"send lobby one", "send lobby two", "send lobby ", "send lobby /quit"}));
  filter.input("", {});
  EXPECT_EQ(client.take_calls(), (Calls{"send lobby last"}));
}

TEST_F(FilterScript, AnEmptyInputStillFindsOutWhetherTheServerIsThere) {
  filter.input("", {});
  filter.caught_up();
  EXPECT_EQ(filter.exit_code(), std::nullopt);
  filter.hear(link(Link::State::online), {});
  filter.caught_up();
  EXPECT_EQ(filter.exit_code(), exit_codes::done);
}

TEST_F(FilterScript, EndsWhenAllItSentIsStored) {
  filter.hear(link(Link::State::online), {});
  filter.input("one\n", {});
  filter.input("", {});
  EXPECT_EQ(filter.exit_code(), std::nullopt);
  client.waiting = 0;
  filter.hear(status(Status::State::stored), {});
  filter.caught_up();
  EXPECT_EQ(filter.exit_code(), exit_codes::done);
}

TEST_F(FilterScript, ARefusedLineIsAFailure) {
  filter.hear(link(Link::State::online), {});
  filter.input("one\n", {});
  filter.input("", {});
  client.waiting = 0;
  Status earlier = status(Status::State::refused, "too old");
  earlier.id = "of an earlier run";
  filter.hear(earlier, {});
  EXPECT_EQ(filter.take_errors(), "confab: not sent, of an earlier run: too old\n");
  Status own = status(Status::State::refused, "too long");
  own.id = "id3";
  filter.hear(own, {});
  filter.caught_up();
  EXPECT_EQ(filter.take_errors(), "confab: not sent: too long\n");
  EXPECT_EQ(filter.exit_code(), exit_codes::failed);
}

TEST_F(FilterScript, ShowsOthersAndNotItself) {
  filter.hear(message("Ryo", "hi"), {});
  filter.hear(message("Ryo", "there", "dev"), {});
  Message own = message("me", "mine");
  own.own = true;
  filter.hear(own, {});
  EXPECT_EQ(filter.take_output(), "Ryo : hi\n#dev Ryo : there\n");
}

TEST_F(FilterScript, StopsReadingWhileTooMuchWaits) {
  EXPECT_TRUE(filter.wants_input());
  client.waiting = Filter::unsettled_max;
  EXPECT_FALSE(filter.wants_input());
  client.waiting = 0;
  filter.input("", {});
  EXPECT_FALSE(filter.wants_input());
}

TEST_F(FilterScript, EndsWithTheContractsCodeWhereTheLinkFails) {
  const std::vector<std::pair<Link::Failure, int>> codes{{Link::Failure::unreachable, 69},
                                                         {Link::Failure::untrusted, 76},
                                                         {Link::Failure::not_allowed, 77},
                                                         {Link::Failure::protocol, 1}};
  for (const auto& [failure, code] : codes) {
    Filter one(client, {.rooms = {"lobby"}, .json = false});
    one.hear(link(Link::State::failed, failure, "why"), {});
    one.end_turn();
    EXPECT_EQ(one.exit_code(), code);
  }
}

TEST_F(FilterScript, WhereTheLinkFailsItSaysOfEachLineWhatBecameOfIt) {
  Filter json(client, {.rooms = {"lobby"}, .json = true});
  json.input("one\n", {});
  json.hear(link(Link::State::failed, Link::Failure::not_allowed, "the name is taken"), {});
  EXPECT_EQ(client.take_calls().back(), "withdraw");
  json.hear(status(Status::State::refused, "the name is taken"), {});
  json.end_turn();
  EXPECT_EQ(json.exit_code(), exit_codes::not_allowed);
  EXPECT_EQ(json.take_errors(), "confab: the name is taken\n");
  const std::string output = json.take_output();
  EXPECT_NE(output.find("\"type\":\"link\""), std::string::npos) << output;
  EXPECT_NE(output.find("\"state\":\"refused\""), std::string::npos) << output;
}

TEST_F(FilterScript, AServerThatBreaksTheProtocolLeavesTheLinesQueued) {
  client.keeps = true;
  filter.hear(link(Link::State::online), {});
  filter.input("one\n", {});
  client.take_calls();
  filter.hear(link(Link::State::failed, Link::Failure::protocol, "a broken reply"), {});
  filter.end_turn();
  EXPECT_EQ(client.take_calls(), Calls{});
  EXPECT_EQ(filter.exit_code(), exit_codes::queued);
}

TEST_F(FilterScript, AServerThatWasNeverThereIsUnreachable) {
  filter.input("", {});
  filter.hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), {});
  filter.caught_up();
  EXPECT_EQ(filter.exit_code(), exit_codes::unreachable);
  EXPECT_EQ(filter.take_errors(), "confab: nobody answers\n");
}

TEST_F(FilterScript, WithoutAServerWhatCannotBeKeptIsNotRead) {
  filter.hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), {});
  filter.input("one\n", {});
  filter.caught_up();
  EXPECT_EQ(filter.exit_code(), exit_codes::unreachable);
}

TEST_F(FilterScript, WithoutAServerAllOfTheInputIsKeptForTheNextRun) {
  client.keeps = true;
  filter.hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), {});
  filter.input("one\n", {});
  filter.caught_up();
  EXPECT_EQ(filter.exit_code(), std::nullopt);
  filter.take_errors();
  filter.input("two\n", {});
  filter.input("", {});
  filter.caught_up();
  EXPECT_EQ(filter.exit_code(), exit_codes::queued);
  EXPECT_EQ(filter.take_errors(),
            "confab: nobody answers: not stored yet; it is queued and goes out with the next confab\n");
}

TEST_F(FilterScript, AtTheEndOfInputALostServerIsWaitedForAWhile) {
  client.keeps = true;
  filter.hear(link(Link::State::online), {});
  filter.input("one\n", {});
  filter.hear(link(Link::State::offline, Link::Failure::none, "gone"), {base::Instant(1s), {}});
  EXPECT_EQ(filter.next_deadline(), base::never) << "there may be more input for hours";
  filter.input("", {base::Instant(5s), {}});
  filter.caught_up();
  EXPECT_EQ(filter.exit_code(), std::nullopt);
  EXPECT_EQ(filter.next_deadline(), base::Instant(5s) + Filter::patience);
  filter.hear(link(Link::State::online), {base::Instant(6s), {}});
  EXPECT_EQ(filter.next_deadline(), base::Instant(6s) + Filter::patience);
  filter.hear(link(Link::State::offline, Link::Failure::none, "gone"), {base::Instant(7s), {}});
  filter.wake({base::Instant(7s) + Filter::patience, {}});
  filter.caught_up();
  EXPECT_EQ(filter.exit_code(), exit_codes::queued);
}

TEST_F(FilterScript, WhileThereIsNoServerAllThatCanBeKeptIsRead) {
  client.keeps = true;
  client.waiting = Filter::unsettled_max;
  EXPECT_FALSE(filter.wants_input());
  filter.hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), {});
  client.waiting = 0;
  filter.input("one\n", {});
  client.waiting = Filter::unsettled_max;
  EXPECT_TRUE(filter.wants_input());
  client.keeps = false;
  EXPECT_FALSE(filter.wants_input());
}

TEST_F(FilterScript, AServerThatIsThereAndStoresNothingIsNotWaitedForForEver) {
  client.keeps = true;
  filter.hear(link(Link::State::online), {});
  filter.input("one\n", {});
  filter.input("", {});
  for (const char* reason : {"disk full", "disk full", "still full"})
    filter.hear(status(Status::State::queued, reason), {});
  EXPECT_EQ(filter.take_errors(),
            "confab: not stored yet: disk full; it is tried again\n"
            "confab: not stored yet: still full; it is tried again\n");
  filter.wake({base::Instant() + Filter::patience, {}});
  filter.end_turn();
  EXPECT_EQ(filter.exit_code(), exit_codes::queued);
}

TEST_F(FilterScript, EachLineThatIsStoredIsWorthMorePatience) {
  client.keeps = true;
  filter.hear(link(Link::State::online), {});
  filter.input("one\ntwo\n", {});
  filter.input("", {});
  filter.hear(status(Status::State::stored), {base::Instant(20s), {}});
  EXPECT_EQ(filter.next_deadline(), base::Instant(20s) + Filter::patience);
}

TEST_F(FilterScript, OfALineWithoutAnEndNoMoreIsHeldThanAMessageMayHave) {
  const std::string longest(wire::limits::message_bytes_max, 'x');
  filter.input(longest + "\r\n", {});
  EXPECT_EQ(client.take_calls(), (Calls{"send lobby " + longest}));
  for (int part = 0; part < 3; ++part) filter.input(longest, {});
  filter.input("\nshort\n", {});
  EXPECT_EQ(client.take_calls(), (Calls{"send lobby short"}));
  EXPECT_EQ(filter.take_errors(), "confab: not sent: the message is too long (message_bytes_max is 16384)\n");
  client.waiting = 0;
  filter.hear(link(Link::State::online), {});
  filter.input("", {});
  filter.end_turn();
  EXPECT_EQ(filter.exit_code(), exit_codes::failed);
}

TEST_F(FilterScript, InterruptedItSaysWhatBecomesOfItsLines) {
  filter.input("one\n", {});
  filter.interrupt(130);
  client.keeps = true;
  filter.end_turn();
  EXPECT_EQ(filter.exit_code(), exit_codes::queued);
  EXPECT_EQ(filter.take_errors(),
            "confab: interrupted: not stored yet; it is queued and goes out with the next confab\n");
}

TEST_F(FilterScript, InterruptedWithALineThatIsNotKeptItSaysSo) {
  filter.input("one\n", {});
  filter.interrupt(130);
  filter.end_turn();
  EXPECT_EQ(filter.exit_code(), 130);
  EXPECT_EQ(filter.take_errors(), "confab: interrupted; 1 message(s) may be lost\n");
}

TEST_F(FilterScript, InterruptedWithNothingLeftItEndsAsAnyProgramDoes) {
  filter.interrupt(130);
  filter.end_turn();
  EXPECT_EQ(filter.exit_code(), 130);
  EXPECT_EQ(filter.take_errors(), "");
}

TEST_F(FilterScript, JsonTellsOfEachLineWhatBecomesOfIt) {
  Filter json(client, {.rooms = {"lobby"}, .json = true});
  json.hear(status(Status::State::queued), {});
  json.hear(status(Status::State::queued, "disk full"), {});
  json.hear(status(Status::State::stored), {});
  json.hear(status(Status::State::refused, "too long"), {});
  EXPECT_EQ(json.take_output(), R"({"type":"status","id":"id1","room":"lobby","state":"queued"})"
                                "\n"
                                R"({"type":"status","id":"id1","room":"lobby","state":"queued","reason":"disk full"})"
                                "\n"
                                R"({"type":"status","id":"id1","room":"lobby","state":"stored","seq":9})"
                                "\n"
                                R"({"type":"status","id":"id1","room":"lobby","state":"refused","reason":"too long"})"
                                "\n");
}

TEST_F(FilterScript, ALostServerIsToldAndTriedAgain) {
  filter.hear(link(Link::State::online), {});
  filter.hear(link(Link::State::offline, Link::Failure::none, "gone"), {});
  EXPECT_EQ(filter.exit_code(), std::nullopt);
  EXPECT_EQ(filter.take_errors(), "confab: gone; trying again\n");
}

}  // namespace
}  // namespace confab::tui

// SPDX-License-Identifier: MIT
#include "tui/filter.h"

#include <gtest/gtest.h>

#include "fake_client.h"

namespace confab::tui {
namespace {

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
  filter.hear(status(Status::State::refused, "too long"), {});
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
    EXPECT_EQ(one.exit_code(), code);
  }
}

TEST_F(FilterScript, AServerThatWasNeverThereIsUnreachable) {
  filter.hear(link(Link::State::offline, Link::Failure::none, "nobody answers"), {});
  EXPECT_EQ(filter.exit_code(), exit_codes::unreachable);
  EXPECT_EQ(filter.take_errors(), "confab: nobody answers\n");
}

TEST_F(FilterScript, ALostServerIsToldAndTriedAgain) {
  filter.hear(link(Link::State::online), {});
  filter.hear(link(Link::State::offline, Link::Failure::none, "gone"), {});
  EXPECT_EQ(filter.exit_code(), std::nullopt);
  EXPECT_EQ(filter.take_errors(), "confab: gone; trying again\n");
}

}  // namespace
}  // namespace confab::tui

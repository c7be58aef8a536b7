// SPDX-License-Identifier: MIT
#include "tui/run.h"

#include <deque>

#include <gtest/gtest.h>

#include "fake_client.h"
#include "tui/commands.h"

namespace confab::tui {
namespace {

/// Keeps what it was given at the end of a turn, as the real one does, and writes down when that is.
struct TurningClient final : FakeClient {
  void transmit(base::DatagramSink&, base::Now) override { note("transmit"); }
};

struct NoSink final : base::DatagramSink {
  std::span<std::uint8_t> buffer() override { return {}; }
  void commit(const base::Path&, std::uint8_t, std::size_t, std::size_t) override {}
};

struct Ending final : Conversation {
  using Conversation::Conversation;
  void start() override { client_.get_rooms(); }
  void hear(const Event&, base::Now) override {}
  void input(std::string_view, base::Now) override {}
  void caught_up() override {
    static_cast<TurningClient&>(client_).note("caught up");
    end(exit_codes::done);
  }
};

TEST(RunMachine, AConversationDecidesWhenTheTurnIsOverAndThenSaysGoodbye) {
  TurningClient client;
  Ending conversation(client);
  tui::Run run(client, conversation);
  NoSink sink;
  EXPECT_EQ(run.next_deadline(), base::at_once);
  run.wake({});
  run.transmit(sink, {});
  EXPECT_EQ(client.take_calls(), (Calls{"rooms", "transmit", "caught up", "quit", "transmit"}));
  run.transmit(sink, {});
  EXPECT_EQ(client.take_calls(), (Calls{"transmit"}));
}

/// One whose link has failed, and that takes back what it was given when it is asked to.
struct FailingClient final : FakeClient {
  std::optional<Event> poll_event() override {
    if (events.empty()) return std::nullopt;
    Event event = std::move(events.front());
    events.pop_front();
    return event;
  }
  void withdraw(const std::string& why) override { events.emplace_back(status(Status::State::refused, why)); }

  std::deque<Event> events;
};

TEST(RunMachine, WhatBecameOfEachMessageIsHeardBeforeTheEnd) {
  FailingClient client;
  SendCommand command(client, {.room = "lobby", .text = "hello", .id = {}, .json = true});
  tui::Run run(client, command);
  NoSink sink;
  run.wake({});
  client.events.emplace_back(link(Link::State::failed, Link::Failure::not_allowed, "the name is taken"));
  run.transmit(sink, {});
  EXPECT_EQ(command.exit_code(), exit_codes::not_allowed);
  EXPECT_NE(command.take_output().find("\"state\":\"refused\""), std::string::npos);
}

}  // namespace
}  // namespace confab::tui

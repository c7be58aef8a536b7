// SPDX-License-Identifier: MIT
#include "screen/fleet.h"

#include <deque>

#include <gtest/gtest.h>

#include "room_script.h"
#include "tui/fake_client.h"

namespace confab::screen {
namespace {

using namespace std::chrono_literals;

/// A client with something to say.
struct TalkingClient : tui::FakeClient {
  std::optional<Event> poll_event() override {
    if (events.empty()) return std::nullopt;
    const Event event = events.front();
    events.pop_front();
    return event;
  }
  void receive(const base::Datagram&, base::Now) override { ++received; }
  void transmit(base::DatagramSink&, base::Now) override { ++transmitted; }
  base::Instant next_deadline() const override { return deadline; }

  std::deque<Event> events;
  int received = 0;
  int transmitted = 0;
  base::Instant deadline = base::never;
};

struct NoSink : base::DatagramSink {
  std::span<std::uint8_t> buffer() override { return {}; }
  void commit(const base::Path&, std::uint8_t, std::size_t, std::size_t) override {}
};

struct FleetScript : ::testing::Test {
  static ServerSetup setup(client::Client& client, const std::string& label) {
    ServerSetup setup;
    setup.client = &client;
    setup.label = label;
    setup.name = "Me";
    setup.rooms = {"lobby"};
    return setup;
  }
  static FullScreenOptions options() {
    FullScreenOptions options;
    options.size = {60, 8};
    return options;
  }
  static base::Address local(std::uint16_t port) { return base::Address::v4(127, 0, 0, 1, port); }
  void turn() {
    fleet.wake(now);
    fleet.transmit(sink, now);
  }
  void receive(std::uint16_t port) {
    base::Datagram datagram;
    datagram.path.local = local(port);
    fleet.receive(datagram, now);
  }

  TalkingClient one;
  TalkingClient two;
  FullScreen screen{{setup(one, "one"), setup(two, "two")}, options()};
  Fleet fleet{{{&one, {local(1001)}}, {&two, {local(1002)}}}, screen, [] {}};
  NoSink sink;
  base::Now now{base::Instant(1h), {noon_ms}};
};

TEST_F(FleetScript, BeginsAtOnce) {
  EXPECT_EQ(fleet.next_deadline(), base::at_once);
  turn();
  EXPECT_EQ(one.take_calls(), tui::Calls{"join lobby 0"}) << "once, with the first turn";
  turn();
  EXPECT_EQ(one.take_calls(), tui::Calls{});
}

TEST_F(FleetScript, WhatWasTypedBeforeTheFirstTurnIsTaken) {
  fleet.start(now);
  screen.input("typed ahead", now);
  screen.note("a hook could not begin");
  turn();
  EXPECT_TRUE(screen.grid().picture().contains("> typed ahead")) << screen.grid().picture();
  EXPECT_EQ(one.take_calls().front(), "join lobby 0");
}

TEST_F(FleetScript, WhatWasHeardIsInTheTurnsPicture) {
  one.events.push_back(message(1, "ada", "from one"));
  turn();
  EXPECT_TRUE(screen.grid().picture().contains("from one"));
}

TEST_F(FleetScript, DatagramsGoToTheClientOfTheirSocket) {
  receive(1002);
  receive(1002);
  receive(1001);
  receive(1003);
  EXPECT_EQ(one.received, 1);
  EXPECT_EQ(two.received, 2);
}

TEST_F(FleetScript, WakesForTheFirstOfAll) {
  turn();
  one.deadline = base::Instant(3h);
  two.deadline = base::Instant(2h);
  EXPECT_EQ(fleet.next_deadline(), base::Instant(2h));
}

TEST_F(FleetScript, SaysGoodbyeToEachServerOnce) {
  turn();
  one.take_calls();
  two.take_calls();
  screen.interrupt(130);
  turn();
  turn();
  EXPECT_EQ(one.take_calls(), tui::Calls{"quit"});
  EXPECT_EQ(two.take_calls(), tui::Calls{"quit"});
  EXPECT_EQ(one.transmitted, 4) << "and sends it";
  one.events.push_back(message(1, "ada", "too late"));
  turn();
  EXPECT_EQ(one.events.size(), 1u) << "nobody listens any more";
}

}  // namespace
}  // namespace confab::screen

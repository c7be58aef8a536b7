// SPDX-License-Identifier: MIT
// Second copies between two endpoints over a network that loses packets: what arrives when, what it costs, and that a
// network which loses nothing sees none of it.
#include "net/harness.h"
#include "net/second_copies.h"

namespace confab::net::test {
namespace {

class Copies : public ::testing::Test {
 protected:
  void connect(EndpointOptions for_server = {}, EndpointOptions for_client = {}) {
    server = &network.add_server(for_server);
    client = &network.add_client(for_client);
    network.delay = 25ms;
    pair = network.connect(*client, *server);
    stream = server->endpoint->open_uni_stream(pair.server).value();
    client->on_event = [this](const Event&) { note_arrivals(); };
    network.run_for(1s);
  }

  /// The server says a line; lines are numbered.
  void say(std::size_t size = 150) {
    const std::string line = pattern(size - 1) + std::to_string(lines.size() % 10);
    said += line;
    lines.push_back({said.size(), network.now().instant});
    server->endpoint->send(pair.server, stream, shared(line));
  }
  void note_arrivals() {
    while (waits.size() < lines.size() && client->received[stream].size() >= lines[waits.size()].end) {
      waits.push_back(network.now().instant - lines[waits.size()].said_at);
    }
  }
  void talk(std::size_t count, base::Duration every = 100ms) {
    for (; count > 0; --count) {
      say();
      network.run_for(every);
    }
  }
  /// Talk over a network that loses one datagram in twenty, until both sides have noticed.
  void talk_until_copied() {
    network.fault = lose_one_in(20, 1);
    talk(300);
    ASSERT_GT(server->endpoint->stats().copies_sent, 100U);
    network.fault = nullptr;
    talk(3);
    ASSERT_TRUE(network.run_until([&] { return client->received[stream] == said; }, 1s));
    waits.clear();
    lines.clear();
    client->received[stream].clear();
    said.clear();
  }
  base::Duration wait_at(double quantile) {
    std::ranges::sort(waits);
    return waits.at(static_cast<std::size_t>(quantile * static_cast<double>(waits.size() - 1)));
  }
  const EndpointStats& stats(const Host* host) const { return host->endpoint->stats(); }

  struct Line {
    std::size_t end;
    base::Instant said_at;
  };
  Network network;
  Host* server = nullptr;
  Host* client = nullptr;
  Network::Pair pair;
  StreamId stream = 0;
  std::string said;
  std::vector<Line> lines;
  std::vector<base::Duration> waits;
};

TEST_F(Copies, NoneOverANetworkThatLosesNothing) {
  connect();
  talk(1500);
  EXPECT_EQ(client->received[stream], said);
  EXPECT_EQ(stats(server).copies_sent + stats(client).copies_sent, 0U);
  EXPECT_EQ(wait_at(1), 25ms);
}

/// QUIC finds out what a path takes by packets that it does not.
TEST_F(Copies, NoneOverAPathOfSmallPackets) {
  network.fault = [](Flying& datagram) { return datagram.bytes.size() <= 1300; };
  connect();
  talk(1500);
  EXPECT_EQ(stats(server).copies_sent + stats(client).copies_sent, 0U);
  EXPECT_EQ(wait_at(1), 25ms);
}

TEST_F(Copies, ATwentiethLostCostsAReaderFiveMillisecondsNotARoundTrip) {
  connect();
  talk_until_copied();
  network.fault = lose_one_in(20, 2);
  talk(1500);
  EXPECT_EQ(wait_at(0.5), 25ms);
  EXPECT_LE(wait_at(0.99), 25ms + SecondCopies::first_gap);
  EXPECT_LE(wait_at(1), 200ms);
  network.fault = nullptr;
  network.run_for(2s);
  EXPECT_EQ(client->received[stream], said);
}

TEST_F(Copies, WithoutThemItTakesARoundTrip) {
  connect({.second_copies = false});
  network.fault = lose_one_in(20, 2);
  talk(1500);
  EXPECT_GE(wait_at(0.99), 75ms);
  EXPECT_EQ(stats(server).copies_sent, 0U) << "what was wished is not always granted";
}

TEST_F(Copies, ATenthLost) {
  connect();
  network.fault = lose_one_in(10, 3);
  talk(300);
  waits.clear();
  lines.clear();
  client->received[stream].clear();
  said.clear();
  talk(1500);
  EXPECT_LE(wait_at(0.99), 2 * 25ms);
  EXPECT_LE(wait_at(1), 300ms);
}

TEST_F(Copies, CostAtMostOneAndAHalfTimesWhatIsFresh) {
  connect();
  talk_until_copied();
  const std::uint64_t before = stats(server).copy_bytes_sent;
  network.fault = lose_one_in(20, 2);
  talk(1500);
  const double share = static_cast<double>(stats(server).copy_bytes_sent - before) / static_cast<double>(said.size());
  EXPECT_GE(share, 1);
  EXPECT_LE(share, 1.6);
}

TEST_F(Copies, EndWhenTheNetworkHasBecomeGood) {
  connect();
  talk_until_copied();
  talk(400);
  const std::uint64_t before = stats(server).copies_sent;
  talk(1000);
  EXPECT_EQ(stats(server).copies_sent, before);
}

TEST_F(Copies, OfAHistoryThereAreNone) {
  connect();
  talk_until_copied();
  const std::uint64_t before = stats(server).copy_bytes_sent;
  network.fault = lose_one_in(50, 4);
  for (int i = 0; i < 10; ++i) say(100'000);
  ASSERT_TRUE(network.run_until([&] { return client->received[stream] == said; }, 60s));
  EXPECT_LE(stats(server).copy_bytes_sent - before, 20'000U) << "its ends may look fresh";
}

TEST_F(Copies, ThePathBackIsMeasuredForItself) {
  connect();
  network.fault = [dice = lose_one_in(10, 5)](Flying& datagram) {
    return datagram.to != server_address || dice(datagram);
  };
  talk(600);
  EXPECT_EQ(stats(server).copies_sent, 0U);
  const StreamId control = client->endpoint->open_bidi_stream(pair.client).value();
  std::string asked;
  for (int i = 0; i < 500; ++i) {
    client->endpoint->send(pair.client, control, shared("question "));
    asked += "question ";
    network.run_for(100ms);
  }
  EXPECT_GT(stats(client).copies_sent, 400U);
  EXPECT_GT(stats(server).early_by_copies, 20 * 9U);
  network.fault = nullptr;
  network.run_for(2s);
  EXPECT_EQ(server->received[control], asked);
}

class CopiesUnderLoss : public Copies, public ::testing::WithParamInterface<std::uint64_t> {};

TEST_P(CopiesUnderLoss, EveryByteOnceAndInOrderWhateverIsLostOrOvertaken) {
  connect();
  base::SeededRandom dice(GetParam());
  network.fault = [&, lose = lose_one_in(GetParam(), GetParam())](Flying& datagram) {
    network.delay = std::chrono::milliseconds(20 + dice.below(30));
    return lose(datagram);
  };
  for (int i = 0; i < 400; ++i) {
    for (std::uint64_t burst = dice.below(4); burst > 0; --burst) say(20 + dice.below(3000));
    network.run_for(std::chrono::milliseconds(dice.below(150)));
  }
  server->endpoint->finish(pair.server, stream);
  ASSERT_TRUE(network.run_until([&] { return client->finished[stream]; }, 60s));
  EXPECT_EQ(client->received[stream], said);
  EXPECT_GT(stats(client).early_by_copies, 0U);
}
/// It travels in a DATAGRAM frame itself, which QUIC does not repeat.
TEST_P(CopiesUnderLoss, ALostWishIsRepeated) {
  connect();
  network.fault = [from_server = lose_one_in(12, 5), from_client = lose_one_in(2, GetParam())](Flying& datagram) {
    return datagram.to == server_address ? from_client(datagram) : from_server(datagram);
  };
  talk(250);
  EXPECT_GT(stats(server).copies_sent, 20U);
}
INSTANTIATE_TEST_SUITE_P(OneIn, CopiesUnderLoss, ::testing::Values(7, 10, 15, 30));

/// What copies bring gives the sender no more credit than its window, and no less.
TEST_F(Copies, AReaderThatDoesNotReadStillHoldsItsSenderBack) {
  connect({}, {.stream_receive_window_bytes = 20'000});
  talk_until_copied();
  network.fault = lose_one_in(10, 6);
  client->consumes = false;
  for (int i = 0; i < 400; ++i) {
    say(150);
    network.run_for(20ms);
  }
  EXPECT_LE(client->received[stream].size(), 20'000U);
  client->endpoint->consume(pair.client, stream, client->received[stream].size());
  client->consumes = true;
  EXPECT_TRUE(network.run_until([&] { return client->received[stream] == said; }, 60s));
}

/// A copy that comes behind the reset of its stream, which is still open the other way.
TEST_F(Copies, NothingIsHeardOfAStreamThatWasReset) {
  connect();
  const StreamId control = client->endpoint->open_bidi_stream(pair.client).value();
  network.fault = lose_one_in(10, 8);
  for (int i = 0; i < 300; ++i) {
    client->endpoint->send(pair.client, control, shared("question "));
    network.run_for(100ms);
  }
  network.fault = nullptr;
  network.run_for(2s);
  ASSERT_GT(stats(client).copies_sent, 100U);
  const std::string heard = server->received[control];
  const std::uint64_t copies_before = stats(client).copies_sent;
  network.fault = [](Flying& datagram) { return datagram.to != server_address; };
  client->endpoint->send(pair.client, control, shared("never mind"));
  network.run_for(1ms);
  network.fault = nullptr;
  network.delay = 300ms;
  ASSERT_TRUE(network.run_until([&] { return stats(client).copies_sent > copies_before; }, 10ms));
  network.delay = 25ms;
  client->endpoint->reset(pair.client, control, 3);
  ASSERT_TRUE(network.run_until([&] { return server->count<events::StreamReset>() == 1; }, 100ms));
  network.run_for(1s);
  EXPECT_EQ(server->received[control], heard);
}

TEST_F(Copies, ANewPathIsMeasuredAnew) {
  connect();
  talk_until_copied();
  const base::Address elsewhere = base::Address::v4(203, 0, 113, 9, 5555);
  client->own_address = client->told_address = client->public_address = elsewhere;
  client->endpoint->migrate(pair.client, {elsewhere, server_address}, network.now());
  talk(10);
  ASSERT_EQ(client->count<events::PathChanged>(), 1U);
  const std::uint64_t before = stats(server).copies_sent;
  talk(100);
  EXPECT_EQ(stats(server).copies_sent, before);
  EXPECT_EQ(client->received[stream], said);
}

/// A wish waits with the copies then, and nothing spins meanwhile.
TEST_F(Copies, AFullWindow) {
  connect();
  talk_until_copied();
  say(1'000'000);
  network.run_for(30ms);
  network.fault = [](Flying&) { return false; };
  talk(10);
  const std::size_t steps = network.steps;
  network.run_for(5s);
  EXPECT_LE(network.steps - steps, 2000U);
  network.fault = nullptr;
  EXPECT_TRUE(network.run_until([&] { return client->received[stream] == said; }, 60s));
}

}  // namespace
}  // namespace confab::net::test

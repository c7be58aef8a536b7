// SPDX-License-Identifier: MIT
// Bytes, credit and unreliable datagrams of a connection that stands.
#include "net/harness.h"

namespace confab::net::test {
namespace {

/// Sends `text` on the stream as a patient application does: only into the room there is.
class Sender {
 public:
  Sender(Host& host, ConnectionHandle connection, StreamId stream, std::string text)
      : host_(host), connection_(connection), stream_(stream), text_(std::move(text)) {
    host_.on_event = [this](const Event& event) {
      if (std::holds_alternative<events::SendRoom>(event)) push();
    };
    push();
  }

 private:
  void push() {
    Endpoint& endpoint = *host_.endpoint;
    while (sent_ < text_.size()) {
      const std::size_t room =
          std::min({endpoint.send_room(connection_, stream_), text_.size() - sent_, std::size_t{5000}});
      if (room == 0) return;
      endpoint.send(connection_, stream_, shared(std::string_view(text_).substr(sent_, room)));
      sent_ += room;
    }
    endpoint.finish(connection_, stream_);
  }

  Host& host_;
  ConnectionHandle connection_;
  StreamId stream_;
  std::string text_;
  std::size_t sent_ = 0;
};

TEST(Streams, QuestionAndAnswer) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);

  const StreamId stream = client.endpoint->open_bidi_stream(at_client).value();
  EXPECT_EQ(stream, 0);
  client.endpoint->send(at_client, stream, shared("Hii"));
  ASSERT_TRUE(network.run_until([&] { return server.received[stream] == "Hii"; }));
  server.endpoint->send(at_server, stream, shared("Hello"));
  server.endpoint->finish(at_server, stream);
  ASSERT_TRUE(network.run_until([&] { return client.received[stream] == "Hello"; }));
  EXPECT_TRUE(client.finished[stream]);
  EXPECT_EQ(client.count<events::StreamClosed>(), 0U) << "our direction is still open";

  client.endpoint->finish(at_client, stream);
  EXPECT_TRUE(network.run_until(
      [&] { return client.count<events::StreamClosed>() == 1 && server.count<events::StreamClosed>() == 1; }));
}

TEST(Streams, LimitOfStreamsIsThePeersAndIsGivenBack) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  for (int round = 0; round < 5; ++round) {
    const auto stream = client.endpoint->open_bidi_stream(at_client);
    ASSERT_TRUE(stream) << "round " << round;
    EXPECT_FALSE(client.endpoint->open_bidi_stream(at_client)) << "one at a time";
    client.endpoint->finish(at_client, *stream);
    ASSERT_TRUE(network.run_until([&] { return server.finished[*stream]; }));
    server.endpoint->finish(at_server, *stream);
    network.run_for(1s);
  }
  EXPECT_FALSE(client.endpoint->open_uni_stream(at_client)) << "the server takes none";
}

TEST(Streams, FiveMegabytesThroughFlowControl) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  const std::string text = pattern(5'000'000);
  const StreamId stream = server.endpoint->open_uni_stream(at_server).value();
  EXPECT_EQ(stream, 3);
  Sender sender(server, at_server, stream, text);
  ASSERT_TRUE(network.run_until([&] { return client.finished[stream]; }));
  EXPECT_TRUE(client.received[stream] == text);
  EXPECT_GT(server.segments_in_train_max, 4U) << "packets travel in trains";
  EXPECT_TRUE(network.run_until([&] { return server.count<events::StreamClosed>() == 1; }));
  EXPECT_GT(server.endpoint->info(at_server)->packets_sent, text.size() / 1500);
}

TEST(Streams, BurstsArePaced) {
  Network network;
  Host& server = network.add_server({.send_high_water_bytes = 2'000'000});
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  const StreamId stream = server.endpoint->open_uni_stream(at_server).value();
  server.endpoint->send(at_server, stream, shared(pattern(2'000'000)));
  ASSERT_TRUE(network.run_until([&] { return client.received[stream].size() == 2'000'000; }));
  EXPECT_LE(server.datagrams_in_turn_max, 24U) << "a train and little more, however wide the window";
}

TEST(Streams, ReaderWhoDoesNotConsumeStopsTheSender) {
  Network network;
  Host& server = network.add_server({.stream_receive_window_bytes = 20'000});
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  server.consumes = false;
  const StreamId stream = client.endpoint->open_bidi_stream(at_client).value();
  const std::string text = pattern(100'000);
  client.endpoint->send(at_client, stream, shared(text));
  network.run_for(5s);
  EXPECT_EQ(server.received[stream].size(), 20'000U);
  server.endpoint->consume(at_server, stream, 10'000);  // less than half of the window is not worth a frame
  network.run_for(5s);
  EXPECT_EQ(server.received[stream].size(), 30'000U);
  server.consumes = true;
  server.endpoint->consume(at_server, stream, 20'000);
  EXPECT_TRUE(network.run_until([&] { return server.received[stream] == text; }));
}

TEST(Streams, CreditOfAStreamThatEndedUnreadIsGivenBack) {
  Network network;
  Host& server = network.add_server({.connection_receive_window_bytes = 30'000, .bidi_streams_max = 1});
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  server.consumes = false;
  for (int round = 0; round < 4; ++round) {
    const StreamId stream = client.endpoint->open_bidi_stream(at_client).value();
    client.endpoint->send(at_client, stream, shared(pattern(20'000)));
    client.endpoint->finish(at_client, stream);
    ASSERT_TRUE(network.run_until([&] { return server.finished[stream]; })) << "round " << round;
    server.endpoint->finish(at_server, stream);
    network.run_for(1s);
    server.endpoint->consume(at_server, stream, 20'000);  // too late, and no harm
  }
}

TEST(Streams, BlockedStreamDoesNotHoldUpTheOthers) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client({.stream_receive_window_bytes = 10'000});
  const auto [at_client, at_server] = network.connect(client, server);
  client.consumes = false;
  const StreamId first = server.endpoint->open_uni_stream(at_server).value();
  const StreamId second = server.endpoint->open_uni_stream(at_server).value();
  server.endpoint->send(at_server, first, shared(pattern(50'000)));
  network.run_for(1s);
  server.endpoint->send(at_server, second, shared("through"));
  ASSERT_TRUE(network.run_until([&] { return client.received[second] == "through"; }, 1s));
  client.endpoint->consume(at_client, first, 10'000);
  network.run_for(1s);
  EXPECT_EQ(client.received[first].size(), 20'000U);
}

TEST(Streams, SmallMessagesOfManyStreamsShareAPacket) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  network.run_for(5s);
  std::vector<StreamId> streams;
  for (int i = 0; i < 20; ++i) streams.push_back(server.endpoint->open_uni_stream(at_server).value());
  const std::uint64_t before = server.endpoint->info(at_server)->packets_sent;
  for (const StreamId stream : streams) server.endpoint->send(at_server, stream, shared("Hilmi : Hii"));
  server.turn(network.now());
  EXPECT_EQ(server.endpoint->info(at_server)->packets_sent, before + 1);
  network.run_for(1s);
  for (const StreamId stream : streams) EXPECT_EQ(client.received[stream], "Hilmi : Hii");
}

TEST(Streams, SendRoomIsToldAtHalf) {
  Network network;
  Host& server = network.add_server({.send_high_water_bytes = 10'000});
  Host& client = network.add_client({.stream_receive_window_bytes = 4000});
  const auto [at_client, at_server] = network.connect(client, server);
  client.consumes = false;
  const StreamId stream = server.endpoint->open_uni_stream(at_server).value();
  EXPECT_EQ(server.endpoint->send_room(at_server, stream), 10'000U);
  server.endpoint->send(at_server, stream, shared(pattern(12'000)));
  EXPECT_EQ(server.endpoint->send_room(at_server, stream), 0U);
  network.run_for(1s);
  EXPECT_EQ(server.endpoint->send_room(at_server, stream), 2000U) << "4,000 bytes went";
  EXPECT_EQ(server.count<events::SendRoom>(), 0U);
  client.endpoint->consume(at_client, stream, 4000);
  network.run_for(1s);
  EXPECT_EQ(server.endpoint->send_room(at_server, stream), 6000U);
  ASSERT_EQ(server.count<events::SendRoom>(), 1U);
  EXPECT_EQ(server.last<events::SendRoom>()->stream, stream);
}

TEST(Streams, TenthOfThePacketsLost) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    Network network;
    Host& server = network.add_server();
    Host& client = network.add_client();
    const auto [at_client, at_server] = network.connect(client, server);
    network.fault = lose_one_in(10, seed);
    const std::string text = pattern(300'000);
    const StreamId stream = server.endpoint->open_uni_stream(at_server).value();
    Sender sender(server, at_server, stream, text);
    ASSERT_TRUE(network.run_until([&] { return client.finished[stream]; }, 300s)) << "seed " << seed;
    EXPECT_TRUE(client.received[stream] == text) << "seed " << seed;
  }
}

TEST(Streams, TheSameSeedGivesTheSameRun) {
  const auto run = [] {
    seed_gnutls(1);
    Network network;
    Host& server = network.add_server();
    Host& client = network.add_client();
    network.fault = lose_one_in(10, 7);
    const auto [at_client, at_server] = network.connect(client, server);
    const StreamId stream = server.endpoint->open_uni_stream(at_server).value();
    Sender sender(server, at_server, stream, pattern(300'000));
    EXPECT_TRUE(network.run_until([&] { return client.finished[stream]; }, 300s));
    return network.trace;
  };
  EXPECT_EQ(run(), run()) << "of every byte of every datagram";
}

TEST(Streams, ResetTellsThePeer) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  const StreamId stream = server.endpoint->open_uni_stream(at_server).value();
  server.endpoint->send(at_server, stream, shared(pattern(1'000'000)));
  network.run_for(50ms);
  server.endpoint->reset(at_server, stream, 42);
  EXPECT_EQ(server.endpoint->send_room(at_server, stream), 0U);
  ASSERT_TRUE(network.run_until([&] { return client.count<events::StreamReset>() == 1; }));
  EXPECT_EQ(client.last<events::StreamReset>()->code, 42U);
  EXPECT_EQ(client.last<events::StreamReset>()->stream, stream);
  EXPECT_TRUE(network.run_until(
      [&] { return server.count<events::StreamClosed>() == 1 && client.count<events::StreamClosed>() == 1; }));
}

TEST(Streams, FullSinkLosesNothing) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  const StreamId stream = server.endpoint->open_uni_stream(at_server).value();
  server.sink_full = true;
  server.endpoint->send(at_server, stream, shared("later"));
  network.run_for(3s);
  EXPECT_EQ(client.received[stream], "");
  server.sink_full = false;
  EXPECT_TRUE(network.run_until([&] { return client.received[stream] == "later"; }, 1s));
}

TEST(Streams, WhatIsHandedOverAfterATurnIsNotForgotten) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  network.run_for(5s);
  const base::Instant quiet = server.endpoint->next_deadline();
  EXPECT_GT(quiet, network.now().instant);
  const StreamId stream = server.endpoint->open_uni_stream(at_server).value();
  server.endpoint->send(at_server, stream, shared("now"));
  EXPECT_LE(server.endpoint->next_deadline(), network.now().instant);
}

TEST(Datagrams, BothWays) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  EXPECT_TRUE(client.endpoint->send_datagram(at_client, base::Bytes{8, 9, 10}));
  EXPECT_TRUE(server.endpoint->send_datagram(at_server, base::Bytes(1156, 8)));
  ASSERT_TRUE(network.run_until(
      [&] { return client.count<events::DatagramReceived>() == 1 && server.count<events::DatagramReceived>() == 1; }));
  EXPECT_EQ(server.last<events::DatagramReceived>()->bytes, (base::Bytes{8, 9, 10}));
  EXPECT_EQ(client.last<events::DatagramReceived>()->bytes, base::Bytes(1156, 8));
}

TEST(Datagrams, OnlyWhatFitsAndOnlySixteenWait) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  EXPECT_FALSE(client.endpoint->send_datagram(at_client, base::Bytes(1157, 8)));
  for (int i = 0; i < 16; ++i) EXPECT_TRUE(client.endpoint->send_datagram(at_client, base::Bytes(100, 8)));
  EXPECT_FALSE(client.endpoint->send_datagram(at_client, base::Bytes(100, 8)));
  EXPECT_TRUE(network.run_until([&] { return server.count<events::DatagramReceived>() == 16; }));
  EXPECT_TRUE(client.endpoint->send_datagram(at_client, base::Bytes(100, 8)));
}

TEST(Datagrams, DoNotHoldUpStreams) {
  Network network;
  Host& server = network.add_server();
  Host& client = network.add_client();
  const auto [at_client, at_server] = network.connect(client, server);
  const StreamId stream = server.endpoint->open_uni_stream(at_server).value();
  Sender sender(server, at_server, stream, pattern(200'000));
  for (int i = 0; i < 16; ++i) server.endpoint->send_datagram(at_server, base::Bytes(1156, 8));
  ASSERT_TRUE(network.run_until([&] { return client.finished[stream]; }));
  EXPECT_EQ(client.count<events::DatagramReceived>(), 16U);
}

class CountingSink final : public base::DatagramSink {
 public:
  std::span<std::uint8_t> buffer() override { return memory_; }
  void commit(const base::Path&, std::uint8_t, std::size_t, std::size_t) override { ++datagrams; }

  std::size_t datagrams = 0;

 private:
  base::Bytes memory_ = base::Bytes(train_bytes_max);
};

TEST(Streams, AServerWritesToAShareOfItsConnectionsAndAsksForAnotherTurn) {
  Network network;
  Host& server = network.add_server({.visits_per_turn_max = 2});
  std::vector<ConnectionHandle> members;
  for (int i = 0; i < 5; ++i) {
    Host& client = network.add_client({.uni_streams_max = 1},
                                      base::Address::v4(127, 0, 0, 1, static_cast<std::uint16_t>(40'000 + i)));
    members.push_back(network.connect(client, server).server);
  }
  network.run_for(5s);

  for (const ConnectionHandle member : members) {
    const StreamId stream = server.endpoint->open_uni_stream(member).value();
    server.endpoint->send(member, stream, shared("Hii"));
  }
  std::vector<std::size_t> written;
  const base::Instant now = network.now().instant;
  while (server.endpoint->next_deadline() <= now) {
    CountingSink sink;
    server.endpoint->transmit(sink, network.now());
    written.push_back(sink.datagrams);
  }
  EXPECT_EQ(written, (std::vector<std::size_t>{2, 2, 1}));
}

}  // namespace
}  // namespace confab::net::test

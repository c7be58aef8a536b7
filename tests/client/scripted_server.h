// SPDX-License-Identifier: MIT
// A client on connections without packets, and a server that says what the script says: for what a well-behaved server
// never does, or only within a blink.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "client/quic_client.h"
#include "wire/codes.h"

namespace confab::client {

namespace pb = wire::pb;

inline pb::Event event(std::uint64_t seq) {
  pb::Event result;
  result.set_seq(seq);
  result.mutable_message()->set_text("hello");
  return result;
}

inline base::Bytes bytes_of(const pb::Event& event) {
  const std::string text = event.SerializeAsString();
  return {text.begin(), text.end()};
}

/// Connections that are made at once and carry what the script puts into them.
class ScriptedTransport final : public net::Transport {
 public:
  net::ConnectionHandle connect(net::ConnectOptions options, base::Now) override {
    ++connection;
    if (handshakes_end) events.push_back(net::events::Connected{connection, options.path, {}});
    paths.push_back(options.path);
    control = {};
    requests.clear();
    return connection;
  }
  void send(net::ConnectionHandle, net::StreamId, base::SharedBytes bytes) override {
    control.push(bytes.view);
    while (const auto frame = *control.next()) {
      pb::Request request;
      EXPECT_TRUE(wire::decode(*frame, request));
      requests.push_back(request);
    }
  }
  void close(net::ConnectionHandle which, std::uint64_t code, std::string) override {
    if (which == connection) closed_with = code;
  }
  std::optional<net::Event> poll_event() override {
    if (events.empty()) return std::nullopt;
    net::Event event = std::move(events.front());
    events.pop_front();
    return event;
  }
  std::optional<net::StreamId> open_bidi_stream(net::ConnectionHandle) override { return 0; }
  std::size_t send_room(net::ConnectionHandle, net::StreamId) const override { return 1'000'000; }
  base::Instant next_deadline() const override { return base::never; }
  const net::EndpointStats& stats() const override { return stats_; }

  bool receive(const base::Datagram&, base::Now) override { return false; }
  void wake(base::Now) override {}
  void transmit(base::DatagramSink&, base::Now) override {}
  std::optional<net::StreamId> open_uni_stream(net::ConnectionHandle) override { return std::nullopt; }
  void finish(net::ConnectionHandle, net::StreamId) override {}
  void reset(net::ConnectionHandle, net::StreamId, std::uint64_t) override {}
  void consume(net::ConnectionHandle, net::StreamId, std::size_t) override {}
  bool send_datagram(net::ConnectionHandle, base::Bytes) override { return false; }
  void migrate(net::ConnectionHandle, base::Path, base::Now) override {}
  void probe(net::ConnectionHandle, base::Now) override {}
  std::optional<net::ConnectionInfo> info(net::ConnectionHandle) const override { return std::nullopt; }
  std::size_t connection_count() const override { return 1; }

  net::ConnectionHandle connection = 0;
  std::deque<net::Event> events;
  std::vector<pb::Request> requests;  ///< of this connection
  std::optional<std::uint64_t> closed_with;
  std::vector<base::Path> paths;  ///< of each attempt
  bool handshakes_end = true;

 private:
  wire::FrameReader control;
  net::EndpointStats stats_;
};

struct ScriptedServer : ::testing::Test {
  /// A run of the client under test.
  QuicClient& begin(QuicClientOptions options = {}) {
    options.name = "Ada";
    auto made = std::make_unique<ScriptedTransport>();
    transport = made.get();
    client = std::make_unique<QuicClient>(std::move(options), std::move(made), key, random);
    client->set_paths({{}});
    return *client;
  }
  /// A turn of the client's loop; `span` has gone by since the last one.
  void turn(base::Duration span = {}) {
    now.instant += span;
    client->wake(now);
    client->transmit(sink, now);
  }
  /// The request of that kind on this connection, if there is one.
  const pb::Request* asked(pb::Request::WhatCase what) const {
    for (const pb::Request& request : transport->requests) {
      if (request.what_case() == what) return &request;
    }
    return nullptr;
  }
  void reply(std::uint64_t tag, pb::Reply answer) {
    answer.set_tag(tag);
    say(0, answer);
  }
  void refuse(std::uint64_t tag, pb::Refused::Code code) {
    pb::Reply answer;
    answer.mutable_refused()->set_code(code);
    answer.mutable_refused()->set_text("no");
    reply(tag, answer);
  }
  /// Up to Welcome.
  void let_in() {
    turn();
    ASSERT_NE(asked(pb::Request::kHello), nullptr);
    pb::Reply answer;
    answer.mutable_welcome()->set_name("Ada");
    reply(asked(pb::Request::kHello)->tag(), answer);
    turn();
  }
  void lose_connection() {
    transport->events.push_back(net::events::Closed{transport->connection, net::CloseKind::idle, 0, "", std::nullopt});
    turn();
    turn(Backoff::longest);
  }
  void say(net::StreamId stream, const google::protobuf::MessageLite& message) {
    transport->events.push_back(
        net::events::StreamData{transport->connection, stream, wire::encode_frame(message), false});
    turn();
  }
  /// Opens stream 3 as the log of the last join.
  void open_log(std::uint64_t first_seq, std::uint64_t end_seq) {
    ASSERT_NE(asked(pb::Request::kJoin), nullptr);
    open_stream(3, asked(pb::Request::kJoin)->tag(), first_seq, end_seq);
  }
  void open_stream(net::StreamId stream, std::uint64_t opened_by, std::uint64_t first_seq, std::uint64_t end_seq) {
    pb::StreamHeader header;
    header.set_room("lobby");
    header.set_first_seq(first_seq);
    header.set_opened_by(opened_by);
    header.set_end_seq(end_seq);
    say(stream, header);
  }
  template <typename Wanted>
  std::vector<Wanted> hear() {
    std::vector<Wanted> heard;
    while (const auto event = client->poll_event()) {
      if (const auto* wanted = std::get_if<Wanted>(&*event)) heard.push_back(*wanted);
    }
    return heard;
  }

  struct NoSink final : base::DatagramSink {
    std::span<std::uint8_t> buffer() override { return {}; }
    void commit(const base::Path&, std::uint8_t, std::size_t, std::size_t) override {}
  };

  net::UserKey key = net::UserKey::generate();
  base::SeededRandom random{1};
  NoSink sink;
  base::Now now{base::Instant(std::chrono::hours(1)), {1'700'000'000'000}};
  ScriptedTransport* transport = nullptr;
  std::unique_ptr<QuicClient> client;
};

}  // namespace confab::client

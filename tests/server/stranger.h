// SPDX-License-Identifier: MIT
// A peer that speaks to the server by hand, request by request.
#pragma once

#include "town.h"
#include "wire/proof.h"

namespace confab::server::testing {

namespace pb = wire::pb;

/// QUIC without manners: an endpoint that sends whatever bytes the test likes, and reads only when it likes.
struct Stranger : base::Machine {
  Stranger(Wire& wire, const base::Address& server, std::uint16_t port, std::uint64_t streams = 8)
      : key(net::UserKey::generate()), random(port) {
    net::EndpointOptions options;
    options.uni_streams_max = streams;
    options.stream_receive_window_bytes = 64 * 1024;  // many streams may stand still, and replies still come
    options.connection_receive_window_bytes = 64 * 1024 * 1024;
    endpoint = std::make_unique<net::Endpoint>(options, random, log);
    connection = endpoint->connect({{address_of(1, port), server}, "", [](const auto&) { return true; }}, wire.now());
    wire.attach(address_of(1, port), *this);
    wire.settle();
    EXPECT_TRUE(endpoint->open_bidi_stream(connection));
  }

  void receive(const base::Datagram& datagram, base::Now now) override { endpoint->receive(datagram, now); }
  void unreachable(const base::Path&, base::Now) override {}
  void wake(base::Now now) override { endpoint->wake(now); }
  void transmit(base::DatagramSink& sink, base::Now now) override {
    while (auto event = endpoint->poll_event()) take(*event);
    endpoint->transmit(sink, now);
  }
  base::Instant next_deadline() const override { return endpoint->next_deadline(); }

  void take(net::Event& event) {
    if (auto* connected = std::get_if<net::events::Connected>(&event)) exporter = connected->exporter;
    if (auto* closed = std::get_if<net::events::Closed>(&event)) close_code = closed->code;
    if (auto* datagram = std::get_if<net::events::DatagramReceived>(&event)) hints.push_back(datagram->bytes);
    auto* data = std::get_if<net::events::StreamData>(&event);
    if (data == nullptr) return;
    if (data->stream != control_stream) {
      log_bytes += data->bytes.size();
      if (reading) endpoint->consume(connection, data->stream, data->bytes.size());
      return;
    }
    endpoint->consume(connection, data->stream, data->bytes.size());
    frames.push(data->bytes);
    while (const auto frame = *frames.next()) {
      pb::Reply reply;
      ASSERT_TRUE(wire::decode(*frame, reply));
      replies.push_back(reply);
    }
  }

  void send(base::Bytes bytes) { endpoint->send(connection, control_stream, base::SharedBytes::own(std::move(bytes))); }
  void ask(pb::Request request) {
    request.set_tag(++tag);
    send(wire::encode_frame(request));
  }
  void hello(const std::string& name) {
    const auto public_key = key.public_key();
    const auto signature = key.sign(wire::proof_of_key(exporter));
    pb::Request request;
    request.mutable_hello()->set_name(name);
    request.mutable_hello()->set_public_key(public_key.data(), public_key.size());
    request.mutable_hello()->set_signature(signature.data(), signature.size());
    ask(request);
  }
  void join(const std::string& room, std::uint64_t first_seq = 0) {
    pb::Request request;
    if (first_seq > 0) request.mutable_join()->mutable_start()->set_seq(first_seq);
    request.mutable_join()->set_room(room);
    ask(request);
  }
  void say(const std::string& id, const std::string& text, std::uint32_t attempt = 0) {
    pb::Request request;
    request.mutable_send()->set_attempt(attempt);
    request.mutable_send()->set_room("lobby");
    request.mutable_send()->set_id(id);
    request.mutable_send()->mutable_message()->set_text(text);
    ask(request);
  }

  net::UserKey key;
  base::SeededRandom random;
  base::NullLog log;
  std::unique_ptr<net::Endpoint> endpoint;
  net::ConnectionHandle connection = 0;
  net::ExporterSecret exporter{};
  wire::FrameReader frames;
  std::vector<pb::Reply> replies;
  std::vector<base::Bytes> hints;
  std::optional<std::uint64_t> close_code;
  std::uint64_t tag = 0;
  std::size_t log_bytes = 0;
  bool reading = true;
};

}  // namespace confab::server::testing

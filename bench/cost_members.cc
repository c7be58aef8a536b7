// SPDX-License-Identifier: MIT
#include "cost_members.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/ids.h"
#include "wire/proof.h"

namespace confab::bench {

namespace pb = wire::pb;

namespace {

constexpr net::StreamId control_stream = 0;
constexpr std::size_t text_bytes = 100;
constexpr std::uint16_t first_port = 10'000;

net::EndpointOptions endpoint_options() {
  net::EndpointOptions options;
  options.bidi_streams_max = 0;
  options.uni_streams_max = 64;
  return options;
}

std::uint64_t stream_key(net::ConnectionHandle connection, net::StreamId stream) {
  return connection << 16U | static_cast<std::uint64_t>(stream);
}

}  // namespace

Members::Members(std::size_t count, std::vector<std::string> rooms, base::Random& random, base::Log& log)
    : rooms_(std::move(rooms)),
      random_(random),
      key_(net::UserKey::generate()),
      endpoint_(endpoint_options(), random, log),
      members_(count) {}

void Members::connect(const base::Address& server, base::Now now) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    net::ConnectOptions options;
    options.path = {.local = base::Address::v4(127, 0, 0, 1, static_cast<std::uint16_t>(first_port + i)),
                    .remote = server};
    options.trust = [](const net::PeerCertificate&) { return true; };
    members_[i].connection = endpoint_.connect(std::move(options), now);
    numbers_.emplace(members_[i].connection, i);
  }
}

void Members::say(std::size_t speaker, const std::string& room) {
  const base::MessageId id = base::MessageId::make(random_);
  pb::Request request;
  request.mutable_send()->set_room(room);
  request.mutable_send()->set_id(id.bytes.data(), id.bytes.size());
  request.mutable_send()->mutable_message()->set_text(std::string(text_bytes, 'x'));
  ask(members_[speaker], std::move(request));
}

void Members::read_all(const std::string& room) {
  for (const Member& member : members_) {
    pb::Request request;
    request.mutable_read()->set_room(room);
    request.mutable_read()->mutable_start()->set_seq(1);
    ask(member, std::move(request));
  }
}

void Members::receive(const base::Datagram& datagram, base::Now now) {
  endpoint_.receive(datagram, now);
  pump();
}

void Members::transmit(base::DatagramSink& sink, base::Now now) {
  endpoint_.transmit(sink, now);
  pump();
}

void Members::pump() {
  while (auto event = endpoint_.poll_event()) {
    std::visit([this](auto& each) { on(each); }, *event);
  }
}

void Members::on(net::events::Connected& event) {
  endpoint_.open_bidi_stream(event.connection);
  const std::size_t number = numbers_.at(event.connection);
  const net::PublicKey public_key = key_.public_key();
  const net::Signature signature = key_.sign(wire::proof_of_key(event.exporter));
  pb::Request request;
  request.mutable_hello()->set_name(fmt::format("member {}", number));
  request.mutable_hello()->set_public_key(public_key.data(), public_key.size());
  request.mutable_hello()->set_signature(signature.data(), signature.size());
  ask(members_[number], std::move(request));
}

void Members::on(net::events::StreamData& event) {
  endpoint_.consume(event.connection, event.stream, event.bytes.size());
  if (event.stream == control_stream) {
    read_reply(members_[numbers_.at(event.connection)], event.bytes);
  } else {
    hear(streams_[stream_key(event.connection, event.stream)], event.bytes);
  }
}

void Members::hear(RoomStream& stream, base::ByteView bytes) {
  stream.frames.push(bytes);
  for (auto frame = stream.frames.next(); frame && *frame; frame = stream.frames.next()) {
    if (std::exchange(stream.has_header, true)) {
      ++heard_;
    } else {
      ++streams_open_;
    }
  }
}

void Members::read_reply(Member& member, base::ByteView bytes) {
  member.control.push(bytes);
  for (auto frame = member.control.next(); frame && *frame; frame = member.control.next()) {
    pb::Reply reply;
    failed_ = failed_ || !wire::decode(**frame, reply) || reply.has_refused();
    if (!reply.has_welcome()) continue;
    for (const std::string& room : rooms_) {
      pb::Request request;
      request.mutable_join()->set_room(room);
      ask(member, std::move(request));
    }
  }
}

void Members::ask(const Member& member, pb::Request request) {
  request.set_tag(next_tag_++);
  endpoint_.send(member.connection, control_stream, base::SharedBytes::own(wire::encode_frame(request)));
}

}  // namespace confab::bench

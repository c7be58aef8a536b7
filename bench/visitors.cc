// SPDX-License-Identifier: MIT
#include "visitors.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "io/clock.h"
#include "wire/proof.h"

namespace confab::bench {

namespace pb = wire::pb;

namespace {

constexpr net::StreamId control_stream = 0;

net::EndpointOptions endpoint_options() {
  net::EndpointOptions options;
  options.bidi_streams_max = 0;
  options.uni_streams_max = 64;
  return options;
}

}  // namespace

pb::Request make_hello(std::string name, const net::UserKey& key, const net::ExporterSecret& exporter) {
  const net::PublicKey public_key = key.public_key();
  const net::Signature signature = key.sign(wire::proof_of_key(exporter));
  pb::Request question;
  pb::Hello& hello = *question.mutable_hello();
  hello.set_name(std::move(name));
  hello.set_public_key(public_key.data(), public_key.size());
  hello.set_signature(signature.data(), signature.size());
  hello.set_agent("confab_bench");
  return question;
}

Visitors::Visitors(const base::Address& server, std::size_t count, base::Random& random, base::Log& log)
    : server_(server),
      random_(random),
      key_(net::UserKey::generate()),
      endpoint_(endpoint_options(), random, log),
      visitors_(count) {}

void Visitors::receive(const base::Datagram& datagram, base::Now now) {
  now_ = io::read_clocks().instant;
  endpoint_.receive(datagram, now);
  pump();
}

void Visitors::unreachable(const base::Path& path, base::Now) {
  fail(fmt::format("nobody answers at {}", path.remote.to_string()));
}

void Visitors::wake(base::Now now) {
  now_ = now.instant;
  endpoint_.wake(now);
  pump();
}

void Visitors::transmit(base::DatagramSink& sink, base::Now now) {
  now_ = now.instant;
  if (!std::exchange(connected_, true)) connect_all(now);
  if (are_welcome()) act();
  endpoint_.transmit(sink, now);
  pump();
}

base::Instant Visitors::next_deadline() const {
  return std::min(endpoint_.next_deadline(), are_welcome() ? next_act() : base::never);
}

void Visitors::connect_all(base::Now now) {
  for (std::size_t number = 0; number < visitors_.size(); ++number) {
    net::ConnectOptions options;
    options.path = {.local = locals_[number % locals_.size()], .remote = server_};
    options.trust = [](const net::PeerCertificate&) { return true; };  // a child of ours, on loopback
    visitors_[number].connection = endpoint_.connect(std::move(options), now);
    numbers_.emplace(visitors_[number].connection, number);
  }
}

void Visitors::request(std::size_t visitor, const pb::Request& request) {
  endpoint_.send(visitors_[visitor].connection, control_stream, base::SharedBytes::own(wire::encode_frame(request)));
}

void Visitors::pump() {
  while (auto event = endpoint_.poll_event()) {
    std::visit(
        [this](auto& each) {
          const auto number = numbers_.find(each.connection);
          if (number != numbers_.end()) on(number->second, each);
        },
        *event);
  }
}

void Visitors::on(std::size_t visitor, net::events::Connected& event) {
  if (!endpoint_.open_bidi_stream(event.connection)) return fail("the server takes no control stream");
  request(visitor, make_hello(fmt::format("visitor {}", visitor), key_, event.exporter));
}

void Visitors::on(std::size_t visitor, net::events::StreamData& event) {
  endpoint_.consume(event.connection, event.stream, event.bytes.size());
  wire::FrameReader& reader = visitors_[visitor].streams[event.stream];
  reader.push(event.bytes);
  auto frame = reader.next();
  for (; frame && *frame; frame = reader.next()) {
    event.stream == control_stream ? read_reply(visitor, **frame) : on_frame(visitor, event.stream, **frame);
  }
  if (!frame) fail("a broken frame");
  if (!event.fin) return;
  visitors_[visitor].streams.erase(event.stream);
  on_end(visitor, event.stream);
}

void Visitors::on(std::size_t visitor, net::events::Closed& event) {
  fail(fmt::format("visitor {} lost its connection (kind {}, code {}): {}", visitor, static_cast<int>(event.kind),
                   event.code, event.reason));
}

void Visitors::read_reply(std::size_t visitor, base::ByteView frame) {
  pb::Reply reply;
  if (!wire::decode(frame, reply)) return fail("a broken reply");
  if (reply.has_refused()) return fail("the server refuses: " + reply.refused().text());
  reply.has_welcome() ? static_cast<void>(++welcome_) : on_reply(visitor, reply);
}

void Visitors::fail(std::string why) {
  if (failure_.empty()) failure_ = std::move(why);
}

}  // namespace confab::bench

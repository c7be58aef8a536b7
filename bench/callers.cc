// SPDX-License-Identifier: MIT
#include "callers.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace confab::bench {

namespace {

/// A closed connection is remembered for three probe timeouts, each of which holds the other side's longest wait for an
/// acknowledgement: 1.3 s. What that costs is its round's.
constexpr base::Duration quiet = std::chrono::seconds(2);

/// The head of a frame that does not follow.
constexpr std::uint8_t half_a_frame = 64;

net::EndpointOptions endpoint_options() {
  net::EndpointOptions options;
  options.bidi_streams_max = 0;
  options.keep_alive = base::Duration::zero();  // who hears nothing is to notice
  return options;
}

/// A long header of QUIC version 1, type 3 (RFC 9000, section 17.2.5).
bool is_retry(base::ByteView datagram) { return !datagram.empty() && (datagram[0] & 0xF0) == 0xF0; }

}  // namespace

Callers::Callers(const base::Address& server, base::Random& random, base::Log& log)
    : server_(server), endpoint_(endpoint_options(), random, log) {}

void Callers::begin(Opening opening, std::size_t calls, base::Instant now) {
  opening_ = opening;
  calls_ = calls;
  begun_ = 0;
  tickets_ = std::exchange(new_tickets_, {});
  tally_ = {.last_ended = now};
}

void Callers::receive(const base::Datagram& datagram, base::Now now) {
  if (is_retry(datagram.bytes)) ++tally_.retries;
  endpoint_.receive(datagram, now);
  pump(now.instant);
}

void Callers::wake(base::Now now) {
  endpoint_.wake(now);
  pump(now.instant);
}

void Callers::transmit(base::DatagramSink& sink, base::Now now) {
  call_more(now);
  endpoint_.transmit(sink, now);
  pump(now.instant);
}

base::Instant Callers::next_deadline() const {
  if (has_room()) return tally_.last_ended;  // overdue
  return has_ended() ? std::min(endpoint_.next_deadline(), quiet_until()) : endpoint_.next_deadline();
}

base::Instant Callers::quiet_until() const { return tally_.last_ended + quiet; }

void Callers::call_more(base::Now now) {
  while (has_room()) call(now);
  pump(now.instant);  // early data go with the first packets
}

void Callers::call(base::Now now) {
  net::ConnectOptions options;
  options.path = {.local = locals_[begun_ % locals_.size()], .remote = server_};
  options.trust = [](const net::PeerCertificate&) { return true; };  // a child of ours, on loopback
  if (opening_ != Opening::full && !tickets_.empty()) {
    options.resumption = std::move(tickets_.back());
    tickets_.pop_back();
  }
  ++begun_;
  open_.insert(endpoint_.connect(std::move(options), now));
}

void Callers::pump(base::Instant now) {
  while (auto event = endpoint_.poll_event()) {
    std::visit([&](auto& each) { on(each, now); }, *event);
  }
}

void Callers::on(net::events::EarlyReady& event, base::Instant) {
  if (opening_ != Opening::early) return;
  const auto stream = endpoint_.open_bidi_stream(event.connection);
  if (stream) endpoint_.send(event.connection, *stream, base::SharedBytes::own({half_a_frame}));
}

void Callers::on(net::events::Connected& event, base::Instant) {
  if (event.resumed) ++tally_.resumed;
  if (event.early_accepted) ++tally_.early;
}

/// The ticket says that the server has finished, too.
void Callers::on(net::events::Resumption& event, base::Instant now) {
  if (open_.erase(event.connection) == 0) return;
  new_tickets_.push_back(std::move(event.bytes));
  ++tally_.completed;
  tally_.last_ended = now;
  endpoint_.close(event.connection, 0, "");
}

void Callers::on(net::events::Closed& event, base::Instant now) {
  if (open_.erase(event.connection) == 0) return;
  ++tally_.failed;
  tally_.last_ended = now;
}

}  // namespace confab::bench

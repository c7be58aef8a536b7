// SPDX-License-Identifier: MIT
#include "net/harness.h"

#include <algorithm>
#include <ctime>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

namespace {

confab::base::SeededRandom gnutls_random(0);
confab::base::WallTime gnutls_clock;

std::time_t read_seconds(std::time_t* out) {
  const auto seconds = static_cast<std::time_t>(gnutls_clock.unix_ms / 1000);
  if (out != nullptr) *out = seconds;
  return seconds;
}

void read_clock(std::timespec* out) {
  *out = {.tv_sec = gnutls_clock.unix_ms / 1000, .tv_nsec = gnutls_clock.unix_ms % 1000 * 1'000'000};
}

}  // namespace

/// What GnuTLS's own tests set its finer clock with: exported, and in none of its headers.
extern "C" void _gnutls_global_set_gettime_function(void (*function)(std::timespec*));  // NOLINT

/// libgnutls asks for randomness by this exported name of its own, and finds the program's function before its own one.
extern "C" int gnutls_rnd(gnutls_rnd_level_t, void* data, std::size_t size) {
  gnutls_random.fill({static_cast<std::uint8_t*>(data), size});
  return 0;
}

namespace confab::net::test {

void seed_gnutls(std::uint64_t seed) { gnutls_random = base::SeededRandom(seed); }

Host::Host(EndpointOptions options, base::Address own, std::uint64_t seed)
    : random(seed),
      endpoint(std::make_unique<Endpoint>(std::move(options), random, log)),
      own_address(own),
      told_address(own),
      public_address(own) {}

void Host::turn(base::Now now) {
  for (int i = 0; i < 2; ++i) {  // transmit() may bring events, and what they lead to belongs to this turn
    while (auto event = endpoint->poll_event()) take(*event);
    endpoint->transmit(*this, now);
  }
}

void Host::take(const Event& event) {
  if (const auto* data = std::get_if<events::StreamData>(&event)) {
    received[data->stream] += base::as_text(data->bytes);
    EXPECT_FALSE(finished[data->stream]) << "data after the end of stream " << data->stream;
    finished[data->stream] = data->fin;
    if (consumes) endpoint->consume(data->connection, data->stream, data->bytes.size());
  } else {
    events.push_back(event);
  }
  if (on_event) on_event(event);
}

std::span<std::uint8_t> Host::buffer() { return sink_full ? std::span<std::uint8_t>() : memory_; }

void Host::commit(const base::Path& path, std::uint8_t ecn, std::size_t size, std::size_t segment_size) {
  EXPECT_EQ(path.local, own_address);
  EXPECT_LE(size, memory_.size());
  segments_in_train_max = std::max(segments_in_train_max, (size + segment_size - 1) / segment_size);
  for (std::size_t at = 0; at < size; at += segment_size) {
    const auto segment = std::span(memory_).subspan(at, std::min(segment_size, size - at));
    outbox.push_back({public_address, path.remote, base::Bytes(segment.begin(), segment.end()), ecn});
  }
  std::ranges::fill(memory_, std::uint8_t{0xDD});  // nobody may rely on it after commit()
}

Network::Network() {
  gnutls_global_set_time_function(read_seconds);
  _gnutls_global_set_gettime_function(read_clock);
  set_time(origin);
}

void Network::set_time(base::Instant instant) {
  time = instant;
  gnutls_clock = now().wall;
}

Host& Network::add(EndpointOptions options, base::Address address) {
  hosts_.push_back(std::make_unique<Host>(std::move(options), address, 1000 + hosts_.size()));
  return *hosts_.back();
}

Host& Network::add_server(EndpointOptions options) {
  options.server_key = &key;
  return add(std::move(options), server_address);
}

Host& Network::add_client(EndpointOptions options, base::Address address) {
  if (options.uni_streams_max == 0) options.uni_streams_max = 256;
  return add(std::move(options), address);
}

ConnectionHandle Network::start(Host& client) {
  return client.endpoint->connect({.path = {client.own_address, server_address},
                                   .server_name = "",
                                   .trust = [](const PeerCertificate&) { return true; }},
                                  now());
}

Network::Pair Network::connect(Host& client, Host& server) {
  const std::size_t before = server.count<events::Connected>();
  Pair pair{.client = start(client)};
  const bool done = run_until([&] {
    const auto* connected = client.last<events::Connected>();
    return connected != nullptr && connected->connection == pair.client && server.count<events::Connected>() > before;
  });
  EXPECT_TRUE(done) << "no connection";
  if (done) pair.server = server.last<events::Connected>()->connection;
  return pair;
}

bool Network::run_until(const std::function<bool()>& condition, base::Duration limit) {
  const base::Instant end = time + limit;
  collect();
  while (!condition()) {
    if (time >= end) return false;
    step(end);
  }
  return true;
}

void Network::run_for(base::Duration duration) {
  run_until([] { return false; }, duration);
}

void Network::collect() {
  for (const auto& host : hosts_) {
    host->turn(now());
    host->datagrams_in_turn_max = std::max(host->datagrams_in_turn_max, host->outbox.size());
    for (Flying& datagram : host->outbox) {
      if (!fault || fault(datagram)) flying_.emplace(time + delay, std::move(datagram));
    }
    host->outbox.clear();
  }
}

/// To the next thing that happens, but not beyond `until`.
void Network::step(base::Instant until) {
  ++steps;
  base::Instant next = until;
  if (!flying_.empty()) next = std::min(next, flying_.begin()->first);
  for (const auto& host : hosts_) next = std::min(next, host->endpoint->next_deadline());
  set_time(std::max(time, next));
  while (!flying_.empty() && flying_.begin()->first <= time) {
    const Flying datagram = std::move(flying_.extract(flying_.begin()).mapped());
    const auto receiver =
        std::ranges::find_if(hosts_, [&](const auto& host) { return host->public_address == datagram.to; });
    trace = trace * 31 + static_cast<std::uint64_t>((time - origin).count());
    for (const std::uint8_t byte : datagram.bytes) trace = trace * 31 + byte;
    if (receiver == hosts_.end()) continue;
    ++delivered;
    (*receiver)->endpoint->receive(
        {.path = {(*receiver)->told_address, datagram.from}, .bytes = datagram.bytes, .ecn = datagram.ecn}, now());
  }
  for (const auto& host : hosts_) {
    if (host->endpoint->next_deadline() <= time) host->endpoint->wake(now());
  }
  collect();
}

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 2'654'435'761U >> 13);
  return text;
}

base::SharedBytes shared(std::string_view text) {
  return base::SharedBytes::own(base::Bytes(text.begin(), text.end()));
}

std::function<bool(Flying&)> lose_one_in(std::uint64_t every, std::uint64_t seed) {
  auto random = std::make_shared<base::SeededRandom>(seed);
  return [random, every](Flying&) { return !random->chance(1, every); };
}

}  // namespace confab::net::test

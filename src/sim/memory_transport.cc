// SPDX-License-Identifier: MIT
#include "sim/memory_transport.h"

#include <algorithm>
#include <vector>

#include "sim/memory_connection.h"

namespace confab::sim {

using Kind = MemoryPacket::Kind;

namespace {

constexpr base::Duration connect_again_after = std::chrono::seconds(1);
/// As many as QUIC's endpoint lets wait (net/loose_datagrams.h).
constexpr std::size_t loose_datagrams_max = 16;

}  // namespace

MemoryTransport::MemoryTransport(MemoryTransportOptions options, base::Random& random)
    : options_(options), random_(random), next_handle_(net::handle_base(options.worker) + 1) {}

MemoryTransport::~MemoryTransport() = default;

net::ConnectionHandle MemoryTransport::connect(net::ConnectOptions options, base::Now now) {
  const net::ConnectionHandle handle = next_handle_++;
  auto connection = std::make_unique<Connection>(handle, random_.next(), options.path, now.instant);
  connection->trust = std::move(options.trust);
  random_.fill(std::span(connection->exporter).first<Connection::secret_bytes>());
  handles_.emplace(connection->wire_id, handle);
  connections_.emplace(handle, std::move(connection));
  busy_.insert(handle);
  return handle;
}

bool MemoryTransport::receive(const base::Datagram& datagram, base::Now now) {
  const auto packet = MemoryPacket::decode(datagram.bytes);
  const auto known = packet ? handles_.find(packet->connection) : handles_.end();
  if (!packet || (known == handles_.end() && !is_server())) {
    ++stats_.datagrams_dropped;
    return false;
  }
  if (packet->kind == Kind::connect) return on_connect(*packet, datagram.path, now), true;
  if (known == handles_.end()) {
    if (packet->is_numbered() && packet->kind != Kind::close) strays_.emplace_back(datagram.path, packet->connection);
    return true;
  }
  Connection& connection = *find(known->second);
  if (connection.is_closing) return true;
  connection.last_heard = now.instant;
  connection.answer_wanted = base::never;
  if (connection.path != datagram.path) {
    connection.path = datagram.path;
    events_.push_back(net::events::PathChanged{connection.handle, connection.path});
  }
  if (packet->kind == Kind::forgotten) {
    end(connection, net::CloseKind::reset, 0, "the peer has forgotten the connection");
  } else if (packet->kind == Kind::accept) {
    on_accept(connection, *packet);
  } else {
    on_numbered(connection, *packet);
  }
  return true;
}

void MemoryTransport::on_connect(const MemoryPacket& packet, const base::Path& path, base::Now now) {
  if (!is_server() || packet.bytes.size() != Connection::secret_bytes) return;
  const auto known = handles_.find(packet.connection);
  if (known != handles_.end()) {  // the answer was lost
    find(known->second)->accept_due = true;
    busy_.insert(known->second);
    return;
  }
  const net::ConnectionHandle handle = next_handle_++;
  auto owner = std::make_unique<Connection>(handle, packet.connection, path, now.instant);
  Connection& connection = *owner;
  connection.is_open = connection.accept_due = true;
  connection.peer_window = packet.value;
  std::ranges::copy(packet.bytes, connection.exporter.begin());
  random_.fill(std::span(connection.exporter).subspan<Connection::secret_bytes>());
  handles_.emplace(packet.connection, handle);
  connections_.emplace(handle, std::move(owner));
  busy_.insert(handle);
  ++stats_.connections_accepted;
  events_.push_back(net::events::Connected{handle, path, connection.exporter});
}

void MemoryTransport::on_accept(Connection& connection, const MemoryPacket& packet) {
  net::PeerCertificate seen;
  constexpr std::size_t size = Connection::secret_bytes + sizeof(seen.fingerprint.sha256);
  if (connection.is_open || packet.bytes.size() != size) return;
  std::ranges::copy(packet.bytes.subspan(Connection::secret_bytes), seen.fingerprint.sha256.begin());
  if (!connection.trust || !connection.trust(seen)) {
    return end(connection, net::CloseKind::untrusted, 0, "the server's key is not trusted");
  }
  std::ranges::copy(packet.bytes.first(Connection::secret_bytes),
                    connection.exporter.begin() + Connection::secret_bytes);
  connection.is_open = true;
  connection.peer_window = packet.value;
  events_.push_back(net::events::Connected{connection.handle, connection.path, connection.exporter});
}

void MemoryTransport::on_numbered(Connection& connection, const MemoryPacket& packet) {
  if (packet.number != connection.next_received) {
    strays_.emplace_back(connection.path, connection.wire_id);
    return end(connection, net::CloseKind::reset, 0, "a datagram was lost");
  }
  ++connection.next_received;
  switch (packet.kind) {
    case Kind::data:
    case Kind::end:
      return on_stream_bytes(connection, packet);
    case Kind::reset:
      events_.push_back(net::events::StreamReset{connection.handle, packet.stream, packet.value});
      return erase_stream(connection, packet.stream);
    case Kind::heard:
      return erase_stream(connection, packet.stream);
    case Kind::credit:
      if (Stream* stream = find(connection.handle, packet.stream)) stream->send_limit = packet.value;
      busy_.insert(connection.handle);
      return;
    case Kind::loose:
      events_.push_back(net::events::DatagramReceived{connection.handle, {packet.bytes.begin(), packet.bytes.end()}});
      return;
    case Kind::ping:
      return queue(connection, Kind::pong);
    case Kind::close:
      return end(connection, net::CloseKind::peer, packet.value, std::string(base::as_text(packet.bytes)));
    default:  // a pong has done its work by coming
      return;
  }
}

void MemoryTransport::on_stream_bytes(Connection& connection, const MemoryPacket& packet) {
  Stream& stream = open_stream(connection, packet.stream);
  const bool is_end = packet.kind == Kind::end;
  stream.received += packet.bytes.size();
  events_.push_back(
      net::events::StreamData{connection.handle, packet.stream, {packet.bytes.begin(), packet.bytes.end()}, is_end});
  if (!is_end || Connection::is_bidi(packet.stream)) return;
  queue(connection, Kind::heard, packet.stream);
  erase_stream(connection, packet.stream);
}

/// `connection` is gone when it returns.
void MemoryTransport::end(Connection& connection, net::CloseKind kind, std::uint64_t code, std::string reason) {
  const net::ConnectionHandle handle = connection.handle;
  events_.push_back(net::events::Closed{handle, kind, code, std::move(reason), {}});
  handles_.erase(connection.wire_id);
  busy_.erase(handle);
  connections_.erase(handle);
}

void MemoryTransport::wake(base::Now now) {
  std::vector<net::ConnectionHandle> due;
  for (const auto& [handle, connection] : connections_) {
    if (deadline(*connection) <= now.instant) due.push_back(handle);
  }
  for (const net::ConnectionHandle handle : due) on_deadline(*find(handle), now);
}

void MemoryTransport::on_deadline(Connection& connection, base::Now now) {
  const base::Duration patience = connection.is_open ? options_.idle_timeout : options_.handshake_timeout;
  if (std::min(connection.last_heard + patience, connection.answer_wanted) <= now.instant) {
    return end(connection, net::CloseKind::idle, 0, "nothing was heard any more");
  }
  connection.last_try = now.instant;
  if (connection.is_open) {
    queue(connection, Kind::ping);
  } else {
    connection.connect_due = true;
    busy_.insert(connection.handle);
  }
}

base::Instant MemoryTransport::deadline(const Connection& connection) const {
  if (!connection.is_open) {
    return std::min(connection.last_heard + options_.handshake_timeout, connection.last_try + connect_again_after);
  }
  const base::Instant idle_at = std::min(connection.last_heard + options_.idle_timeout, connection.answer_wanted);
  if (is_server()) return idle_at;
  return std::min(idle_at, std::max(connection.last_heard, connection.last_try) + options_.keep_alive);
}

base::Instant MemoryTransport::next_deadline() const {
  if (!busy_.empty() || !strays_.empty()) return base::at_once;
  base::Instant next = base::never;
  for (const auto& [handle, connection] : connections_) next = std::min(next, deadline(*connection));
  return next;
}

std::optional<net::Event> MemoryTransport::poll_event() {
  if (events_.empty()) return std::nullopt;
  net::Event event = std::move(events_.front());
  events_.pop_front();
  return event;
}

std::optional<net::StreamId> MemoryTransport::open_bidi_stream(net::ConnectionHandle handle) {
  Connection* connection = find(handle);
  if (connection == nullptr || connection->is_closing || !connection->streams.empty()) return std::nullopt;
  open_stream(*connection, 0);
  return 0;
}

std::optional<net::StreamId> MemoryTransport::open_uni_stream(net::ConnectionHandle handle) {
  Connection* connection = find(handle);
  if (connection == nullptr || connection->is_closing) return std::nullopt;
  if (connection->streams.size() > options_.uni_streams_max) return std::nullopt;
  const net::StreamId stream = connection->next_uni_stream;
  connection->next_uni_stream += 4;
  open_stream(*connection, stream);
  return stream;
}

void MemoryTransport::send(net::ConnectionHandle handle, net::StreamId id, base::SharedBytes bytes) {
  Stream* stream = find(handle, id);
  if (stream == nullptr || bytes.view.empty()) return;
  stream->unsent_bytes += bytes.view.size();
  stream->is_full = stream->is_full || stream->unsent_bytes >= options_.send_high_water_bytes;
  stream->unsent.push_back(std::move(bytes));
  busy_.insert(handle);
}

void MemoryTransport::finish(net::ConnectionHandle handle, net::StreamId id) {
  Stream* stream = find(handle, id);
  if (stream == nullptr) return;
  stream->is_finished = true;
  busy_.insert(handle);
}

void MemoryTransport::reset(net::ConnectionHandle handle, net::StreamId id, std::uint64_t code) {
  if (find(handle, id) == nullptr) return;
  queue(*find(handle), Kind::reset, id, code);
  erase_stream(*find(handle), id);
}

std::size_t MemoryTransport::send_room(net::ConnectionHandle handle, net::StreamId id) const {
  const Connection* connection = find(handle);
  if (connection == nullptr) return 0;
  const auto stream = connection->streams.find(id);
  if (stream == connection->streams.end() || stream->second.is_full) return 0;
  return options_.send_high_water_bytes - stream->second.unsent_bytes;
}

/// Credit is given back in portions of half a window.
void MemoryTransport::consume(net::ConnectionHandle handle, net::StreamId id, std::size_t bytes) {
  Stream* stream = find(handle, id);
  if (stream == nullptr) return;
  stream->consumed += bytes;
  const std::uint64_t limit = stream->consumed + options_.stream_receive_window_bytes;
  if (limit < stream->credit_given + options_.stream_receive_window_bytes / 2) return;
  stream->credit_given = limit;
  queue(*find(handle), Kind::credit, id, limit);
}

bool MemoryTransport::send_datagram(net::ConnectionHandle handle, base::Bytes bytes) {
  Connection* connection = find(handle);
  if (connection == nullptr || !connection->is_open || connection->loose_waiting >= loose_datagrams_max) return false;
  ++connection->loose_waiting;
  queue(*connection, Kind::loose, 0, 0, std::move(bytes));
  return true;
}

void MemoryTransport::migrate(net::ConnectionHandle handle, base::Path path, base::Now) {
  if (Connection* connection = find(handle)) connection->path = path;
}

void MemoryTransport::probe(net::ConnectionHandle handle, base::Now now) {
  Connection* connection = find(handle);
  if (connection == nullptr || !connection->is_open) return;
  connection->last_try = now.instant;
  connection->answer_wanted = now.instant + net::probe_patience;
  queue(*connection, Kind::ping);
}

void MemoryTransport::close(net::ConnectionHandle handle, std::uint64_t code, std::string reason) {
  Connection* connection = find(handle);
  if (connection == nullptr || connection->is_closing) return;
  const base::ByteView words = base::as_bytes(reason);
  connection->waiting.clear();  // with the goodbye goes what was not sent
  connection->streams.clear();
  queue(*connection, Kind::close, 0, code, {words.begin(), words.end()});
  connection->is_closing = true;
}

std::optional<net::ConnectionInfo> MemoryTransport::info(net::ConnectionHandle handle) const {
  const Connection* connection = find(handle);
  if (connection == nullptr) return std::nullopt;
  return net::ConnectionInfo{.path = connection->path, .last_heard = connection->last_heard};
}

MemoryTransport::Connection* MemoryTransport::find(net::ConnectionHandle handle) {
  const auto found = connections_.find(handle);
  return found == connections_.end() ? nullptr : found->second.get();
}

const MemoryTransport::Connection* MemoryTransport::find(net::ConnectionHandle handle) const {
  const auto found = connections_.find(handle);
  return found == connections_.end() ? nullptr : found->second.get();
}

MemoryTransport::Stream* MemoryTransport::find(net::ConnectionHandle handle, net::StreamId id) {
  Connection* connection = find(handle);
  if (connection == nullptr) return nullptr;
  const auto found = connection->streams.find(id);
  return found == connection->streams.end() ? nullptr : &found->second;
}

MemoryTransport::Stream& MemoryTransport::open_stream(Connection& connection, net::StreamId id) {
  const auto [place, is_new] = connection.streams.try_emplace(id);
  if (is_new) {
    place->second.send_limit = connection.peer_window;
    place->second.credit_given = options_.stream_receive_window_bytes;
  }
  return place->second;
}

void MemoryTransport::erase_stream(Connection& connection, net::StreamId id) {
  if (connection.streams.erase(id) > 0) events_.push_back(net::events::StreamClosed{connection.handle, id});
}

void MemoryTransport::queue(Connection& connection, Kind kind, net::StreamId stream, std::uint64_t value,
                            base::Bytes bytes) {
  if (connection.is_closing) return;
  connection.waiting.push_back({kind, stream, value, std::move(bytes)});
  busy_.insert(connection.handle);
}

}  // namespace confab::sim

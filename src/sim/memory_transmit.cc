// SPDX-License-Identifier: MIT
// The sending half of the memory transport.
#include <algorithm>
#include <cstring>

#include "sim/memory_connection.h"
#include "sim/memory_transport.h"

namespace confab::sim {

using Kind = MemoryPacket::Kind;

namespace {

/// What one packet takes of a stream: a slow reader's line must not be one datagram long.
constexpr std::size_t piece_bytes_max = 16 * 1024;

}  // namespace

/// Writes one connection's packets into the sink.
class MemoryTransport::Writer {
 public:
  Writer(Connection& connection, base::DatagramSink& sink) : connection_(connection), sink_(sink) {}

  bool has_room() { return !sink_.buffer().empty(); }

  void write(MemoryPacket packet) {
    packet.connection = connection_.wire_id;
    if (packet.is_numbered()) packet.number = connection_.next_sent++;
    const std::size_t size = packet.encode(sink_.buffer());
    sink_.commit(connection_.path, 0, size, size);
  }

  /// The next bytes of a stream, as one packet.
  void write_piece(net::StreamId id, Stream& stream) {
    const std::uint64_t credit = stream.send_limit - stream.sent;
    piece_.resize(std::min({credit, std::uint64_t{stream.unsent_bytes}, std::uint64_t{piece_bytes_max}}));
    for (std::size_t at = 0; at < piece_.size();) {
      base::ByteView& front = stream.unsent.front().view;
      const std::size_t taken = std::min(front.size(), piece_.size() - at);
      std::memcpy(piece_.data() + at, front.data(), taken);
      at += taken;
      front = front.subspan(taken);
      if (front.empty()) stream.unsent.pop_front();
    }
    stream.sent += piece_.size();
    stream.unsent_bytes -= piece_.size();
    stream.is_ended = stream.is_finished && stream.unsent_bytes == 0;
    write({.kind = stream.is_ended ? Kind::end : Kind::data, .stream = id, .bytes = piece_});
  }

 private:
  Connection& connection_;
  base::DatagramSink& sink_;
  base::Bytes piece_;
};

void MemoryTransport::transmit(base::DatagramSink& sink, base::Now now) {
  for (; !strays_.empty() && !sink.buffer().empty(); strays_.pop_front()) {
    ++stats_.resets_sent;
    const MemoryPacket packet{.kind = Kind::forgotten, .connection = strays_.front().second, .bytes = {}};
    const std::size_t size = packet.encode(sink.buffer());
    sink.commit(strays_.front().first, 0, size, size);
  }
  for (const net::ConnectionHandle handle : std::set(busy_)) {
    if (sink.buffer().empty()) return;
    Connection& connection = *find(handle);
    Writer writer(connection, sink);
    write_greeting(connection, writer, now);
    write_waiting(connection, writer);
    if (connection.is_open) write_streams(connection, writer);
    if (sink.buffer().empty()) return;
    busy_.erase(handle);
    if (connection.is_closing) end(connection, net::CloseKind::local, 0, {});
  }
}

void MemoryTransport::write_greeting(Connection& connection, Writer& writer, base::Now now) {
  const base::ByteView secret(connection.exporter);
  if (std::exchange(connection.accept_due, false)) {
    base::Bytes bytes(secret.begin() + Connection::secret_bytes, secret.end());
    bytes.insert(bytes.end(), options_.fingerprint->sha256.begin(), options_.fingerprint->sha256.end());
    writer.write({.kind = Kind::accept, .value = options_.stream_receive_window_bytes, .bytes = bytes});
  }
  if (std::exchange(connection.connect_due, false) && !is_server()) {
    connection.last_try = now.instant;
    writer.write({.kind = Kind::connect,
                  .value = options_.stream_receive_window_bytes,
                  .bytes = secret.first<Connection::secret_bytes>()});
  }
}

void MemoryTransport::write_waiting(Connection& connection, Writer& writer) {
  for (; !connection.waiting.empty() && writer.has_room(); connection.waiting.pop_front()) {
    const WaitingPacket& next = connection.waiting.front();
    if (next.kind == Kind::loose) --connection.loose_waiting;
    writer.write({.kind = next.kind, .stream = next.stream, .value = next.value, .bytes = next.bytes});
  }
}

void MemoryTransport::write_streams(Connection& connection, Writer& writer) {
  for (auto& [id, stream] : connection.streams) {
    const auto can_go_on = [&stream] {
      if (stream.unsent_bytes > 0) return stream.sent < stream.send_limit;
      return stream.is_finished && !stream.is_ended;
    };
    while (can_go_on() && writer.has_room()) writer.write_piece(id, stream);
    if (!stream.is_full || stream.unsent_bytes >= options_.send_high_water_bytes / 2) continue;
    stream.is_full = false;
    events_.push_back(net::events::SendRoom{connection.handle, id});
  }
}

}  // namespace confab::sim

// SPDX-License-Identifier: MIT
// How packets are filled and put together to trains: one call of the system for several packets of one size.
#include <algorithm>
#include <cassert>
#include <utility>

#include "net/callbacks.h"
#include "net/connection.h"

namespace confab::net {

namespace {

/// Packets that go out back to back before the next connection has its turn. Larger trains save calls of the system and
/// fill the queues of the path.
constexpr std::size_t train_packets_max = 16;

/// Packets that are further apart than this are no train, and need no pause behind them.
constexpr base::Duration train_gap_max = std::chrono::milliseconds(10);

/// ngtcp2's answers on which another frame may go into the same packet.
bool packet_goes_on(ngtcp2_ssize result) {
  return result == NGTCP2_ERR_WRITE_MORE || result == NGTCP2_ERR_STREAM_DATA_BLOCKED ||
         result == NGTCP2_ERR_STREAM_SHUT_WR || result == NGTCP2_ERR_STREAM_NOT_FOUND;
}

}  // namespace

/// Packets of one size (the last may be shorter) for one path, one after the other in the driver's memory.
struct Connection::Train {
  std::span<std::uint8_t> buffer;
  std::size_t bytes_max;
  std::size_t size = 0;
  std::size_t segment = 0;
  base::Path path;
  std::uint8_t ecn = 0;

  bool takes_another() const {
    return size + packet_bytes_max <= bytes_max && size % std::max<std::size_t>(segment, 1) == 0;
  }
};

Connection::Progress Connection::transmit(base::DatagramSink& sink, base::Now now) {
  if (stage_ == Stage::closing) write_close(now);
  if (stage_ != Stage::alive) return Progress::idle;

  Train train{.buffer = sink.buffer(), .bytes_max = 0, .path = {}};
  if (train.buffer.empty()) return Progress::sink_full;
  train.bytes_max = std::min({train.buffer.size(), train_packets_max * packet_bytes_max,
                              std::max(ngtcp2_conn_get_send_quantum(conn_.get()), packet_bytes_max)});
  const Progress progress = fill(train, now);
  if (train.size > 0) sink.commit(train.path, train.ecn, train.size, train.segment);
  if (stage_ == Stage::closing) write_close(now);
  return progress;
}

Connection::Progress Connection::fill(Train& train, base::Now now) {
  end_pause(now);
  const ngtcp2_tstamp timestamp = to_native(now.instant);
  if (copies_) copies_->set_rtt(info().smoothed_rtt);
  PacketRoute route;
  Progress progress = Progress::more;
  while (train.takes_another()) {
    const std::span<std::uint8_t> out = train.buffer.subspan(train.size, packet_bytes_max);
    const std::uint64_t in_flight_before = bytes_in_flight();
    const std::uint64_t unacknowledged_before = unacknowledged_bytes_;
    const ngtcp2_ssize written = write_packet(out, route, now.instant);
    if (written < 0) {
      fail(static_cast<int>(written));
      return Progress::idle;
    }
    if (written == 0) {
      progress = Progress::idle;
      break;
    }
    const auto size = static_cast<std::size_t>(written);
    if (now.instant - last_sent_ > train_gap_max) unpaced_bytes_ = 0;
    last_sent_ = now.instant;
    unpaced_bytes_ += size;
    note_sent(size, in_flight_before);
    const base::Path path = path_of(route.storage.path);
    if (train.size == 0) {
      train.path = path;
      train.ecn = route.info.ecn;
      train.segment = size;
    } else if (size > train.segment || path != train.path || route.info.ecn != train.ecn) {
      // A probe of the path's MTU or of another path: it travels alone.
      endpoint_.loose.push(path, out.first(size), route.info.ecn);
      break;
    }
    train.size += size;
    const bool carries_data = unacknowledged_bytes_ != unacknowledged_before;
    if (carries_data) acks_.spoke(now.instant);
    if (carries_data && has_said_all(now.instant) && size < NGTCP2_MAX_UDP_PAYLOAD_SIZE) {
      progress = Progress::idle;
      break;
    }
  }
  acks_.settled();
  unsaid_credit_bytes_ = 0;
  note_in_flight(now);
  deadline_ = std::min(from_native(ngtcp2_conn_get_expiry(conn_.get())), answer_due_);
  if (copies_) {
    if (progress == Progress::idle) copies_->postpone(now.instant);
    deadline_ = std::min(deadline_, copies_->due());
  }
  if (unpaced_bytes_ >= NGTCP2_MAX_UDP_PAYLOAD_SIZE) pause(timestamp);
  return progress;
}

/// With a packet of data that has room left: ngtcp2 puts all that it has to say itself into the same packet.
bool Connection::has_said_all(base::Instant now) const {
  return connected_ && streams_.front() == nullptr && datagrams_.empty() && !copies_due(now);
}

std::uint64_t Connection::bytes_in_flight() const {
  ngtcp2_conn_info info;
  ngtcp2_conn_get_conn_info(conn_.get(), &info);
  return info.bytes_in_flight;
}

/// A packet that counts as in flight is one that wants an answer.
void Connection::note_sent(std::size_t size, std::uint64_t in_flight_before) {
  if (bytes_in_flight() <= in_flight_before) return;
  if (size > ngtcp2_conn_get_path_max_tx_udp_payload_size(conn_.get())) {
    losses_.ignore_last();
  } else {
    ++packets_sent_;
  }
  if (std::exchange(probe_waits_, false)) keep_alive_after(endpoint_.options.keep_alive);
}

/// Begins ngtcp2's pause between trains, small packets counting together for one large one. Its end is no deadline of
/// ours: when all has been written, or the congestion window is full, nothing happens then, and a connection that sends
/// one small packet now and then would be woken after each of them: deadline_ was asked for before. Whoever has
/// something to send before the end comes to transmit(), writes nothing, and asks for the expiry then.
void Connection::pause(ngtcp2_tstamp timestamp) {
  unpaced_bytes_ = 0;
  ngtcp2_conn_update_pkt_tx_time(conn_.get(), timestamp);
  const base::Instant expiry = from_native(ngtcp2_conn_get_expiry(conn_.get()));
  if (expiry < deadline_) pause_ends_ = expiry;
}

/// Tells ngtcp2 of the end of its pause as if we had been woken by it. Else it would take all the time since for a
/// delay that it has to make up for, by a burst.
void Connection::end_pause(base::Now now) {
  if (pause_ends_ > now.instant) return;
  ngtcp2_conn_handle_expiry(conn_.get(), to_native(std::exchange(pause_ends_, base::never)));
}

/// Answers as ngtcp2_conn_writev_stream() does: the packet's size, 0 where nothing can be sent now, or a fatal error.
ngtcp2_ssize Connection::write_packet(std::span<std::uint8_t> out, PacketRoute& route, base::Instant now) {
  const ngtcp2_tstamp timestamp = to_native(now);
  for (;;) {
    ngtcp2_ssize result;
    if (!datagrams_.empty()) {
      result = write_queued_datagram(out, route, timestamp);
    } else if (copies_due(now)) {
      result = write_copies(out, route, now);
    } else if (streams_.front() != nullptr) {
      result = write_stream_frame(out, route, now);
    } else {
      return ngtcp2_conn_writev_stream(conn_.get(), &route.storage.path, &route.info, out.data(), out.size(), nullptr,
                                       NGTCP2_WRITE_STREAM_FLAG_NONE, -1, nullptr, 0, timestamp);
    }
    if (!packet_goes_on(result)) return result;
  }
}

Connection::WrittenDatagram Connection::write_datagram(std::span<std::uint8_t> out, PacketRoute& route,
                                                       base::ByteView bytes, std::uint64_t number,
                                                       ngtcp2_tstamp timestamp) {
  // ngtcp2 takes its input by non-const pointer and does not write to it.
  const ngtcp2_vec vector{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
  int accepted = 0;
  const ngtcp2_ssize result =
      ngtcp2_conn_writev_datagram(conn_.get(), &route.storage.path, &route.info, out.data(), out.size(), &accepted,
                                  NGTCP2_WRITE_DATAGRAM_FLAG_MORE, number, &vector, 1, timestamp);
  return {result, accepted != 0};
}

ngtcp2_ssize Connection::write_queued_datagram(std::span<std::uint8_t> out, PacketRoute& route,
                                               ngtcp2_tstamp timestamp) {
  const QueuedDatagram& first = datagrams_.front();
  const WrittenDatagram written = write_datagram(out, route, first.bytes, first.number, timestamp);
  if (written.accepted) datagrams_.pop_front();
  return written.result;
}

ngtcp2_ssize Connection::write_stream_frame(std::span<std::uint8_t> out, PacketRoute& route, base::Instant now) {
  Stream& stream = *streams_.front();
  const SendStream::Batch batch = stream.sending.next(out.size());
  // Where nothing can follow, the packet is finished in the same call.
  const bool more = !streams_.is_last() || batch.bytes < stream.sending.unsent_bytes();
  const std::uint32_t flags = (more ? NGTCP2_WRITE_STREAM_FLAG_MORE : NGTCP2_WRITE_STREAM_FLAG_NONE) |
                              (batch.fin ? NGTCP2_WRITE_STREAM_FLAG_FIN : NGTCP2_WRITE_STREAM_FLAG_NONE);
  ngtcp2_ssize taken = -1;
  const ngtcp2_ssize result =
      ngtcp2_conn_writev_stream(conn_.get(), &route.storage.path, &route.info, out.data(), out.size(), &taken, flags,
                                stream.id, batch.vectors.data(), batch.count, to_native(now));
  if (taken >= 0) {
    const auto bytes = static_cast<std::size_t>(taken);
    if (copies_) copies_->sent(stream, stream.sending.sent_bytes(), bytes, now);
    const std::uint64_t open_before = stream.sending.unacknowledged_bytes();
    stream.sending.sent(bytes, batch.fin && bytes == batch.bytes);
    unacknowledged_bytes_ += stream.sending.unacknowledged_bytes() - open_before;
    tell_room(stream);
    streams_.next_turn();
  } else if (result == NGTCP2_ERR_STREAM_DATA_BLOCKED) {
    stream.blocked = true;
    streams_.next_turn();
  } else if (result == NGTCP2_ERR_STREAM_SHUT_WR || result == NGTCP2_ERR_STREAM_NOT_FOUND) {
    // The peer wants no more of it (STOP_SENDING): ngtcp2 has answered with RESET_STREAM.
    stream.sending.abandon();
    streams_.next_turn();
  }
  return result;
}

void Connection::tell_room(Stream& stream) {
  if (!stream.starved || stream.sending.unsent_bytes() >= endpoint_.options.send_high_water_bytes / 2) return;
  stream.starved = false;
  if (stream.sending.open()) endpoint_.events.push(events::SendRoom{handle_, stream.id});
}

base::Path Connection::path_of(const ngtcp2_path& path) const {
  // Nearly every packet takes the path that is known already in both forms.
  return ngtcp2_path_eq(&path, path_.get()) != 0 ? path_.path() : from_native(path);
}

}  // namespace confab::net

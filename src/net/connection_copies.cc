// SPDX-License-Identifier: MIT
// Second copies on a path that loses packets: what this side sees of the losses, what it asks the peer for, what it
// sends beside the streams, and what it takes from beside them.
#include <algorithm>
#include <utility>

#include "net/callbacks.h"
#include "net/connection.h"
#include "net/copy_datagram.h"
#include "net/packet_numbers.h"

namespace confab::net {

/// A packet was read: its number says what has been lost before it.
void Connection::watch_losses(base::Instant now) {
  const auto number = take_noted_number();
  if (!number || !connected_ || !endpoint_.options.second_copies) return;
  losses_seen_.saw(number->expand(losses_seen_.newest().value_or(0)), now);
  wish(losses_seen_.copies_wanted());
}

/// Tells the peer, if it is news to it, and if it hears such news: to send what it does not take would be our own end.
void Connection::wish(unsigned copies) {
  if (copies == copies_wished_ || !peer_takes_datagram(wish_bytes)) return;
  copies_wished_ = copies;
  wish_datagram_ = next_datagram_++;
  queue_wish();
}

/// In the place of one that still waits.
void Connection::queue_wish() {
  std::erase_if(datagrams_, [](const QueuedDatagram& waiting) { return waiting.number != 0; });
  datagrams_.push_back({write_wish(copies_wished_), wish_datagram_});
}

void Connection::on_datagram(base::ByteView bytes) {
  // A hint may be lost; that is easier than to explain one that may be a replay.
  if (!connected_) return;
  if (!is_transport_datagram(bytes)) {
    endpoint_.events.push(events::DatagramReceived{handle_, base::Bytes(bytes.begin(), bytes.end())});
    return;
  }
  if (const auto copies = read_wish(bytes); copies && is_newest_wish()) grant(*copies);
  for (const Piece& piece : read_pieces(bytes)) take_copy(piece);
}

/// A wish that was overtaken by a later one is none any more.
bool Connection::is_newest_wish() {
  const auto noted = noted_number();
  if (!noted) return false;
  const std::uint64_t number = noted->expand(losses_seen_.newest().value_or(0));
  if (wish_heard_in_ >= number) return false;
  wish_heard_in_ = number;
  return true;
}

/// What a client says is heard by all its rooms, and little beside what they say: its copies are one more.
void Connection::grant(unsigned copies) {
  losses_seen_.suspect(copies > 0);
  if (copies == 0 || !endpoint_.options.second_copies || !peer_takes_datagram(datagram_bytes_max)) {
    return copies_.reset();
  }
  if (!copies_) copies_ = std::make_unique<SecondCopies>(datagram_bytes_max);
  copies_->wish(server_ ? copies : std::min(copies + 1, copies_wanted_max));
}

/// Of a stream that is not open yet, or not any more, nothing is taken: the stream itself brings it. Nor of one on
/// which only this side speaks.
void Connection::take_copy(const Piece& piece) {
  Stream* stream = streams_.find(piece.stream);
  if (stream == nullptr || stream->receiving.closed()) return;
  if (ngtcp2_conn_is_local_stream(conn_.get(), piece.stream) != 0 && ngtcp2_is_bidi_stream(piece.stream) == 0) return;
  stream->receiving.take(piece.offset, piece.bytes, [&](base::ByteView next) {
    endpoint_.stats.early_by_copies += next.size();
    endpoint_.events.push_stream_data(handle_, piece.stream, next, false, false);
  });
}

void Connection::on_datagram_acknowledged(std::uint64_t datagram) {
  if (copies_) copies_->acknowledged(datagram);
}

void Connection::on_datagram_lost(std::uint64_t datagram) {
  if (datagram == wish_datagram_ && datagram != 0) queue_wish();
}

bool Connection::copies_due(base::Instant now) const {
  if (!copies_) return false;
  // Beside what goes anyway they cost no packet of their own.
  return copies_->due() <= now + (streams_.front() != nullptr ? SecondCopies::company : base::Duration(0));
}

ngtcp2_ssize Connection::write_copies(std::span<std::uint8_t> out, PacketRoute& route, base::Instant now) {
  const base::Bytes copies = copies_->write(streams_, now + SecondCopies::company);
  if (copies.empty()) return NGTCP2_ERR_WRITE_MORE;  // all of it has been acknowledged, or may not go
  const std::uint64_t datagram = next_datagram_++;
  const WrittenDatagram written = write_datagram(out, route, copies, datagram, to_native(now));
  if (written.accepted) {
    ++endpoint_.stats.copies_sent;
    endpoint_.stats.copy_bytes_sent += copies.size();
    copies_->copied(datagram, now);
  }
  return written.result;
}

}  // namespace confab::net

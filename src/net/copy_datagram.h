// SPDX-License-Identifier: MIT
// What two transports say to each other in DATAGRAM frames, beside what their owners say: second copies of bytes that a
// stream carries, and the wish for them.
//
//   datagram := copies | wish | the owner's, which begins with a byte above 7
//   copies   := %x00 1*piece
//   piece    := stream offset length bytes     ; three varints (base 128); length at least 1
//   wish     := %x01 %x00-02                   ; so many copies of what is fresh, from now on
//
// A piece is what the stream carries at that offset, and nothing else is known of it: neither frames nor rooms. Who
// has never heard of copies sends no wish, gets none, and takes a wish for a broken hint.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "net/transport.h"

namespace confab::net {

/// Owners' datagrams begin above it: no protobuf message begins with a byte below 8 (its field would be number 0).
inline constexpr std::uint8_t transport_datagram_max = 7;

inline constexpr unsigned copies_wanted_max = 2;

inline constexpr std::size_t wish_bytes = 2;

/// What a piece takes beside its bytes, at most.
inline constexpr std::size_t piece_head_bytes_max = 10 + 10 + 3;

struct Piece {
  StreamId stream;
  std::uint64_t offset;
  base::ByteView bytes;
};

bool is_transport_datagram(base::ByteView datagram);

base::Bytes write_wish(unsigned copies_wanted);
/// nullopt for what is no wish.
std::optional<unsigned> read_wish(base::ByteView datagram);

/// Appends to a datagram of copies; to an empty one, its beginning, too.
void append_piece(base::Bytes& datagram, const Piece& piece);
/// Pieces that borrow from the datagram; none for what is no datagram of copies, or is broken anywhere.
std::vector<Piece> read_pieces(base::ByteView datagram);

}  // namespace confab::net

// SPDX-License-Identifier: MIT
#include "net/copy_datagram.h"

namespace confab::net {

namespace {

constexpr std::uint8_t copies_mark = 0;
constexpr std::uint8_t wish_mark = 1;

/// What QUIC allows a stream's id and offset (RFC 9000, sections 2.1 and 4.5).
constexpr std::uint64_t quic_number_max = (std::uint64_t{1} << 62) - 1;

void append_varint(base::Bytes& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

/// Cuts a number off the front; nullopt where there is none that QUIC would allow.
std::optional<std::uint64_t> cut_varint(base::ByteView& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 9; ++i) {
    value |= std::uint64_t{bytes[i] & 0x7FU} << (7 * i);
    if (bytes[i] >= 0x80) continue;
    bytes = bytes.subspan(i + 1);
    return value <= quic_number_max ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Piece> cut_piece(base::ByteView& bytes) {
  const auto stream = cut_varint(bytes);
  const auto offset = stream ? cut_varint(bytes) : std::nullopt;
  const auto length = offset ? cut_varint(bytes) : std::nullopt;
  if (!length || *length == 0 || *length > bytes.size()) return std::nullopt;
  const Piece piece{static_cast<StreamId>(*stream), *offset, bytes.first(*length)};
  bytes = bytes.subspan(*length);
  return piece;
}

}  // namespace

bool is_transport_datagram(base::ByteView datagram) {
  return !datagram.empty() && datagram.front() <= transport_datagram_max;
}

base::Bytes write_wish(unsigned copies_wanted) { return {wish_mark, static_cast<std::uint8_t>(copies_wanted)}; }

std::optional<unsigned> read_wish(base::ByteView datagram) {
  if (datagram.size() != 2 || datagram[0] != wish_mark || datagram[1] > copies_wanted_max) return std::nullopt;
  return datagram[1];
}

void append_piece(base::Bytes& datagram, const Piece& piece) {
  if (datagram.empty()) datagram.push_back(copies_mark);
  append_varint(datagram, static_cast<std::uint64_t>(piece.stream));
  append_varint(datagram, piece.offset);
  append_varint(datagram, piece.bytes.size());
  datagram.insert(datagram.end(), piece.bytes.begin(), piece.bytes.end());
}

std::vector<Piece> read_pieces(base::ByteView datagram) {
  if (datagram.empty() || datagram.front() != copies_mark) return {};
  std::vector<Piece> pieces;
  for (base::ByteView rest = datagram.subspan(1); !rest.empty();) {
    const auto piece = cut_piece(rest);
    if (!piece) return {};
    pieces.push_back(*piece);
  }
  return pieces;
}

}  // namespace confab::net

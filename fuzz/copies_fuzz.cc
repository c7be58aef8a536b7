// SPDX-License-Identifier: MIT
// Pieces that were read and written again are the same; and whatever pieces a stream's inbox gets, its owner hears the
// stream, in order.
#undef NDEBUG
#include <algorithm>
#include <cassert>

#include "net/copy_datagram.h"
#include "net/stream_inbox.h"

using namespace confab;

namespace {

/// What the stream has at an offset.
std::uint8_t byte_at(std::uint64_t offset) { return static_cast<std::uint8_t>(offset * 31 + (offset >> 8)); }

base::Bytes part_of_stream(std::uint64_t offset, std::size_t size) {
  base::Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = byte_at(offset + i);
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView datagram(data, size);
  const auto wish = net::read_wish(datagram);
  assert(!wish || std::ranges::equal(net::write_wish(*wish), datagram));

  net::StreamInbox inbox;
  std::uint64_t heard = 0;
  base::Bytes again;
  const auto pieces = net::read_pieces(datagram);
  for (const net::Piece& piece : pieces) {
    assert(!piece.bytes.empty());
    net::append_piece(again, piece);
    // Small offsets, so that pieces meet.
    const std::uint64_t offset = piece.offset % 4096;
    inbox.take(offset, part_of_stream(offset, piece.bytes.size()), [&](base::ByteView next) {
      for (const std::uint8_t byte : next) assert(byte == byte_at(heard++));
    });
  }
  assert(net::read_pieces(again).size() == pieces.size());
  return 0;
}

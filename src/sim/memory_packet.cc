// SPDX-License-Identifier: MIT
#include "sim/memory_packet.h"

#include <algorithm>
#include <cassert>

namespace confab::sim {

namespace {

constexpr std::uint8_t mark = 0xFF;

void put(std::span<std::uint8_t> out, std::uint64_t number) {
  for (std::size_t i = 8; i-- > 0; number >>= 8) out[i] = static_cast<std::uint8_t>(number);
}

std::uint64_t take(base::ByteView from) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | from[i];
  return number;
}

}  // namespace

std::size_t MemoryPacket::encode(std::span<std::uint8_t> out) const {
  assert(out.size() >= header_bytes + bytes.size());
  out[0] = mark;
  out[1] = static_cast<std::uint8_t>(kind);
  put(out.subspan(2), connection);
  put(out.subspan(10), number);
  put(out.subspan(18), static_cast<std::uint64_t>(stream));
  put(out.subspan(26), value);
  std::ranges::copy(bytes, out.begin() + header_bytes);
  return header_bytes + bytes.size();
}

std::optional<MemoryPacket> MemoryPacket::decode(base::ByteView datagram) {
  if (datagram.size() < header_bytes || datagram[0] != mark) return std::nullopt;
  if (datagram[1] > static_cast<std::uint8_t>(Kind::close)) return std::nullopt;
  return MemoryPacket{.kind = static_cast<Kind>(datagram[1]),
                      .connection = take(datagram.subspan(2)),
                      .number = take(datagram.subspan(10)),
                      .stream = static_cast<std::int64_t>(take(datagram.subspan(18))),
                      .value = take(datagram.subspan(26)),
                      .bytes = datagram.subspan(header_bytes)};
}

}  // namespace confab::sim

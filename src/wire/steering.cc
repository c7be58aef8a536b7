// SPDX-License-Identifier: MIT
#include "wire/steering.h"

#include "wire/plain.h"

namespace confab::wire {

std::optional<std::size_t> steered_worker(base::ByteView datagram) {
  if (datagram.size() < steered_bytes_min) return std::nullopt;
  const std::size_t id_at = (datagram[0] & long_header_bit) != 0 ? long_header_id_at : short_header_id_at;
  if (datagram[id_at] != connection_id_mark) return std::nullopt;
  return datagram[id_at + 1];
}

}  // namespace confab::wire

// SPDX-License-Identifier: MIT
#include "wire/steering.h"

#include "wire/plain.h"

namespace confab::wire {

std::optional<std::size_t> steered_worker(base::ByteView datagram) {
  if (datagram.size() < steered_bytes_min) return 0;
  const bool is_long = (datagram[0] & long_header_bit) != 0;
  const std::size_t id_at = is_long ? long_header_id_at : short_header_id_at;
  if (datagram[id_at] == connection_id_mark) return datagram[id_at + 1];
  if (is_long && (datagram[1] & continuation_mask) != continuation_bits) return std::nullopt;
  return 0;
}

}  // namespace confab::wire

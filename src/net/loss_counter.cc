// SPDX-License-Identifier: MIT
#include "net/loss_counter.h"

#include <charconv>

namespace confab::net {

namespace {

/// The name stands behind the time.
constexpr std::size_t head_bytes = 80;

std::uint64_t packet_number(std::string_view record) {
  constexpr std::string_view key = "\"packet_number\":";
  const std::size_t at = record.rfind(key);  // the frames, which may be long, stand in front of the header
  std::uint64_t number = 0;
  if (at != std::string_view::npos) {
    std::from_chars(record.data() + at + key.size(), record.data() + record.size(), number);
  }
  return number;
}

}  // namespace

void LossCounter::read(std::string_view record) {
  const std::string_view head = record.substr(0, head_bytes);
  if (head.contains("\"transport:packet_sent\"")) {
    last_sent_ = packet_number(record);
  } else if (head.contains("\"recovery:packet_lost\"")) {
    if (std::erase(ignored_, packet_number(record)) == 0) ++packets_lost_;
  }
}

}  // namespace confab::net

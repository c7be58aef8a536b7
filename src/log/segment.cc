// SPDX-License-Identifier: MIT
#include "log/segment.h"

#include <cassert>
#include <cstring>
#include <span>

#include "wire/framing.h"

namespace confab::log {

Segment::Segment(base::Seq first_seq, std::size_t capacity_bytes)
    : first_seq_(first_seq),
      capacity_bytes_(capacity_bytes),
      memory_(std::make_unique_for_overwrite<std::uint8_t[]>(capacity_bytes)) {}

void Segment::append(base::Seq seq, base::ByteView body) {
  const std::size_t size = wire::event_frame_size(seq, body.size());
  assert(seq == first_seq_ + frame_count_ && has_room(size));
  wire::write_event_frame(std::span(memory_.get() + used_bytes_, size), seq, body);
  used_bytes_ += size;
  ++frame_count_;
  const auto end = static_cast<End>(used_bytes_);
  std::memcpy(memory_.get() + end_table(), &end, sizeof end);
}

std::size_t Segment::end_of(std::size_t frames) const {
  if (frames == 0) return 0;
  End end;
  std::memcpy(&end, memory_.get() + capacity_bytes_ - frames * sizeof end, sizeof end);
  return end;
}

}  // namespace confab::log

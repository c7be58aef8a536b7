// SPDX-License-Identifier: MIT
#include "log/room_tail.h"

#include <algorithm>
#include <cassert>
#include <ranges>
#include <utility>

namespace confab::log {

void RoomTail::grow(Growth growth) {
  assert(growth.end_seq >= end_seq_);
  end_seq_ = growth.end_seq;
  if (growth.segment && (segments_.empty() || segments_.back() != growth.segment)) {
    segments_.push_back(std::move(growth.segment));
  }
  const auto kept = std::ranges::lower_bound(segments_, growth.first_seq, {}, &Segment::first_seq);
  segments_.erase(segments_.begin(), kept);
  if (segments_.empty()) segments_.shrink_to_fit();
}

RoomTail::Slice RoomTail::slice(base::Seq from, std::size_t bytes_max) const {
  assert(from >= first_seq());
  if (from > end_seq_) return {.bytes = {}, .next_seq = from};

  const std::size_t place = segment_of(from);
  const Segment& segment = *segments_[place];
  const base::Seq behind = place + 1 < segments_.size() ? segments_[place + 1]->first_seq() : end_seq_ + 1;
  const std::size_t frame = from - segment.first_seq();
  const std::size_t begin = segment.end_of(frame);
  // The first end that lies too far, looked for behind the first frame, which is in the slice whatever its size.
  const auto counts = std::views::iota(frame + 2, static_cast<std::size_t>(behind - segment.first_seq()) + 1);
  const auto too_far = std::ranges::partition_point(
      counts, [&](std::size_t frames) { return segment.end_of(frames) - begin <= bytes_max; });
  const std::size_t frames = frame + 1 + static_cast<std::size_t>(too_far - counts.begin());
  return {.bytes = {segments_[place], segment.bytes(begin, segment.end_of(frames))},
          .next_seq = segment.first_seq() + frames};
}

std::size_t RoomTail::segment_of(base::Seq seq) const {
  // Nearly every member is at the end.
  if (seq >= segments_.back()->first_seq()) return segments_.size() - 1;
  const auto behind = std::ranges::upper_bound(segments_, seq, {}, &Segment::first_seq);
  return static_cast<std::size_t>(behind - segments_.begin()) - 1;
}

}  // namespace confab::log

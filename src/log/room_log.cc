// SPDX-License-Identifier: MIT
#include "log/room_log.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "wire/framing.h"

namespace confab::log {

namespace {

// Most rooms are quiet: the first segment holds some thirty messages, each further one twice the last.
constexpr std::size_t segment_bytes_min = 4 * 1024;
// A busy room drops its oldest events in steps of this size, and a member that reads them costs one slice a step.
constexpr std::size_t segment_bytes_max = 64 * 1024;

}  // namespace

void RoomLog::append(base::Seq seq, base::ByteView body) {
  assert(seq == end_seq_ + 1);
  const std::size_t frame_bytes = wire::event_frame_size(seq, body.size());
  if (!fits_newest(frame_bytes)) open_segment(frame_bytes);

  Segment& segment = segments_.back();
  const std::size_t memory_before = memory_of(segment);
  [[maybe_unused]] const std::uint8_t* const memory = segment.buffer->data();
  wire::append_event_frame(*segment.buffer, seq, body);
  assert(segment.buffer->data() == memory);  // invariant 1
  segment.frame_ends.push_back(static_cast<std::uint32_t>(segment.buffer->size()));

  memory_bytes_ += memory_of(segment) - memory_before;
  end_seq_ = seq;
  trim();
}

RoomLog::Slice RoomLog::slice(base::Seq from, std::size_t bytes_max) const {
  assert(from >= first_seq());
  if (from > end_seq_) return {.bytes = {}, .next_seq = from};

  const Segment& segment = segment_of(from);
  const std::span<const std::uint32_t> ends = segment.frame_ends;
  const std::size_t frame = from - segment.first_seq;
  const std::size_t begin = frame == 0 ? 0 : ends[frame - 1];
  // The first end that lies too far, looked for behind the first frame, which is in the slice whatever its size.
  const auto too_far = std::upper_bound(ends.begin() + static_cast<std::ptrdiff_t>(frame) + 1, ends.end(), bytes_max,
                                        [begin](std::size_t limit, std::uint32_t end) { return end - begin > limit; });
  const auto frames_before = static_cast<std::size_t>(too_far - ends.begin());
  const std::size_t size = ends[frames_before - 1] - begin;
  return {.bytes = {segment.buffer, base::ByteView(*segment.buffer).subspan(begin, size)},
          .next_seq = segment.first_seq + frames_before};
}

bool RoomLog::fits_newest(std::size_t frame_bytes) const {
  if (segments_.empty()) return false;
  const base::Bytes& buffer = *segments_.back().buffer;
  return frame_bytes <= buffer.capacity() - buffer.size();
}

void RoomLog::open_segment(std::size_t frame_bytes) {
  const std::size_t doubled = segments_.empty() ? segment_bytes_min : 2 * segments_.back().buffer->capacity();
  // An eighth of the budget at most: what is dropped at once should be a small part of what is kept.
  const std::size_t capacity_max = std::clamp(bytes_max_ / 8, segment_bytes_min, segment_bytes_max);

  Segment segment{.first_seq = end_seq_ + 1, .buffer = std::make_shared<base::Bytes>(), .frame_ends = {}};
  segment.buffer->reserve(std::max(frame_bytes, std::min(doubled, capacity_max)));
  memory_bytes_ += memory_of(segment);
  segments_.push_back(std::move(segment));
}

void RoomLog::trim() {
  auto kept = segments_.begin();
  for (; memory_bytes_ > bytes_max_ && kept + 1 != segments_.end(); ++kept) memory_bytes_ -= memory_of(*kept);
  segments_.erase(segments_.begin(), kept);
}

const RoomLog::Segment& RoomLog::segment_of(base::Seq seq) const {
  // Nearly every member is at the end.
  if (seq >= segments_.back().first_seq) return segments_.back();
  const auto behind = std::ranges::upper_bound(segments_, seq, {}, &Segment::first_seq);
  return *std::prev(behind);
}

std::size_t RoomLog::memory_of(const Segment& segment) {
  return segment.buffer->capacity() + segment.frame_ends.capacity() * sizeof(std::uint32_t);
}

base::SharedBytes frame_records(std::span<const Record> records) {
  std::size_t size = 0;
  for (const Record& record : records) size += wire::event_frame_size(record.seq, record.body.size());
  base::Bytes frames;
  frames.reserve(size);
  for (const Record& record : records) wire::append_event_frame(frames, record.seq, record.body);
  return base::SharedBytes::own(std::move(frames));
}

}  // namespace confab::log

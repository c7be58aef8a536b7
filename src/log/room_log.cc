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
  if (segments_.empty() || !segments_.back()->has_room(frame_bytes)) open_segment(frame_bytes);
  segments_.back()->append(seq, body);
  end_seq_ = seq;
  trim();
}

void RoomLog::forget() {
  segments_ = {};
  memory_bytes_ = 0;
}

std::vector<Growth> RoomLog::take_growth() {
  std::vector<Growth> growths;
  for (const auto& segment : segments_) {
    const base::Seq end = segment->first_seq() + segment->frame_count() - 1;
    if (end > told_seq_) growths.push_back({.end_seq = end, .first_seq = first_seq(), .segment = segment});
  }
  if (segments_.empty()) growths.push_back({.end_seq = end_seq_, .first_seq = first_seq(), .segment = nullptr});
  told_seq_ = end_seq_;
  return growths;
}

void RoomLog::open_segment(std::size_t frame_bytes) {
  const std::size_t doubled = segments_.empty() ? segment_bytes_min : 2 * segments_.back()->capacity_bytes();
  // An eighth of the budget at most: what is dropped at once should be a small part of what is kept.
  const std::size_t capacity_max = std::clamp(bytes_max_ / 8, segment_bytes_min, segment_bytes_max);
  const std::size_t capacity = std::max(Segment::capacity_for(frame_bytes), std::min(doubled, capacity_max));
  segments_.push_back(std::make_shared<Segment>(end_seq_ + 1, capacity));
  memory_bytes_ += capacity;
}

void RoomLog::trim() {
  auto kept = segments_.begin();
  for (; memory_bytes_ > bytes_max_ && kept + 1 != segments_.end(); ++kept) memory_bytes_ -= (*kept)->capacity_bytes();
  segments_.erase(segments_.begin(), kept);
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

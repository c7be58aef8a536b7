// SPDX-License-Identifier: MIT
// One piece of a room's log in memory: filled once, by one thread, and read by many while it is being filled.
//
//   segment := frame* free end*     memory of fixed size, taken at the start and never moved
//   frame   := wire::write_event_frame
//   end     := uint32               offset behind a frame; the first frame's stands last, so that both parts grow
//                                   towards each other
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/ids.h"

namespace confab::log {

/// Thread rule: one writer. A reader on another thread touches only frames that it was told of, by something that
/// orders memory (a queue between threads); what the writer adds lies beside those, so neither needs a lock.
///
/// Invariants:
///   1. Bytes that are written never change and never move.
///   2. Frame n is event first_seq() + n.
class Segment {
 public:
  /// Takes `capacity_bytes` in any case; frames have all of it but four bytes for each.
  Segment(base::Seq first_seq, std::size_t capacity_bytes);

  /// What a segment must have for one frame of this size.
  static constexpr std::size_t capacity_for(std::size_t frame_bytes) { return frame_bytes + sizeof(End); }

  base::Seq first_seq() const { return first_seq_; }
  std::size_t capacity_bytes() const { return capacity_bytes_; }

  // The writer's.
  bool has_room(std::size_t frame_bytes) const { return capacity_for(frame_bytes) <= end_table() - used_bytes_; }
  void append(base::Seq seq, base::ByteView body);
  std::size_t frame_count() const { return frame_count_; }

  // The readers', of frames that they were told of.
  /// Offset behind the first `frames` frames.
  std::size_t end_of(std::size_t frames) const;
  base::ByteView bytes(std::size_t begin, std::size_t end) const { return {memory_.get() + begin, end - begin}; }

 private:
  using End = std::uint32_t;

  /// Where the table of ends begins now.
  std::size_t end_table() const { return capacity_bytes_ - frame_count_ * sizeof(End); }

  const base::Seq first_seq_;
  const std::size_t capacity_bytes_;
  const std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t used_bytes_ = 0;   // by frames
  std::size_t frame_count_ = 0;  // the writer's; readers are told theirs
};

}  // namespace confab::log

// SPDX-License-Identifier: MIT
// The newest part of one room's log, in memory, framed as it goes onto the wire, as its one writer has it. A message is
// encoded once, whatever the number of members: each member is a position in this log, and what it is sent is a slice
// of the log's own memory. Other threads read it through tails of their own (log/room_tail.h), which are told how it
// grew.
//
//   log := segment*     log/segment.h, oldest first; what is older still is in the store alone
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "log/room_tail.h"
#include "log/segment.h"
#include "log/store.h"

namespace confab::log {

/// Not thread-safe.
///
/// Invariants:
///   1. Bytes that are written never change and never move; they live until the log and all tails have dropped their
///      segment and the last slice of it is gone. So slices stay good while events are added behind them.
///   2. The events in memory are first_seq() to end_seq(), without gaps.
///   3. Every segment holds at least one frame; a frame never spans two.
class RoomLog {
 public:
  static constexpr std::size_t bytes_max_default = 1024 * 1024;

  /// A log whose events up to `end_seq` are in the store and none of them in memory. Memory for the newest events is
  /// kept below `bytes_max` (the newest segment stays in any case; what others still hold is not counted).
  explicit RoomLog(base::Seq end_seq = 0, std::size_t bytes_max = bytes_max_default)
      : end_seq_(end_seq), told_seq_(end_seq), bytes_max_(bytes_max) {}

  /// Adds the next event: `seq` must be end_seq() + 1. `body` as in the store.
  void append(base::Seq seq, base::ByteView body);

  /// Seq of the newest event; 0 for an empty room.
  base::Seq end_seq() const { return end_seq_; }
  /// Seq of the oldest event in memory; end_seq() + 1 if there is none.
  base::Seq first_seq() const { return segments_.empty() ? end_seq_ + 1 : segments_.front()->first_seq(); }

  /// Lets go of all events in memory; they are in the store.
  void forget();

  /// What has happened since the last call: a tail that is told all of it, in this order, has what the log has.
  std::vector<Growth> take_growth();

  /// What the log itself holds on to.
  std::size_t memory_bytes() const { return memory_bytes_; }

 private:
  void open_segment(std::size_t frame_bytes);
  void trim();

  std::vector<std::shared_ptr<Segment>> segments_;  // a room has a few dozen at most; no memory while it has none
  base::Seq end_seq_;
  base::Seq told_seq_;  // end_seq() at the last take_growth()
  std::size_t bytes_max_;
  std::size_t memory_bytes_ = 0;
};

/// What RoomLog would hold for these events, made for one reader out of what the store gave.
base::SharedBytes frame_records(std::span<const Record> records);

}  // namespace confab::log

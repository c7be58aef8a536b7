// SPDX-License-Identifier: MIT
// The newest part of one room's log, in memory, framed as it goes onto the wire. A message is encoded once, whatever
// the number of members: each member is a position in this log, and what it is sent is a slice of the log's own memory.
//
//   log      := segment*                  oldest first; what is older still is in the store alone
//   segment  := frame* free               a buffer of fixed capacity, filled from the front
//   frame    := wire::append_event_frame  whole: a frame never spans two segments
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "log/store.h"

namespace confab::log {

/// Not thread-safe.
///
/// Invariants:
///   1. Bytes that are written never change and never move; they live until the log has dropped their segment and the
///   last
///      slice of it is gone. So slices stay good while events are added behind them.
///   2. The events in memory are first_seq() to end_seq(), without gaps.
///   3. Every segment holds at least one frame.
class RoomLog {
 public:
  static constexpr std::size_t bytes_max_default = 1024 * 1024;

  /// Frames of consecutive events, out of one segment.
  struct Slice {
    base::SharedBytes bytes;
    base::Seq next_seq = 0;  ///< the event behind the last one in `bytes`
  };

  /// A log whose events up to `end_seq` are in the store and none of them in memory. Memory for the newest events is
  /// kept below `bytes_max` (the newest segment stays in any case; slices still held elsewhere are not counted).
  explicit RoomLog(base::Seq end_seq = 0, std::size_t bytes_max = bytes_max_default)
      : end_seq_(end_seq), bytes_max_(bytes_max) {}

  /// Adds the next event: `seq` must be end_seq() + 1. `body` as in the store.
  void append(base::Seq seq, base::ByteView body);

  /// Seq of the newest event; 0 for an empty room.
  base::Seq end_seq() const { return end_seq_; }
  /// Seq of the oldest event in memory; end_seq() + 1 if there is none.
  base::Seq first_seq() const { return segments_.empty() ? end_seq_ + 1 : segments_.front().first_seq; }

  /// Whole frames from event `from` on: as many as lie in one segment and fit `bytes_max`, but at least one. Empty when
  /// `from` is past the end. `from` must not be below first_seq(): such events are read from the store.
  Slice slice(base::Seq from, std::size_t bytes_max) const;

  /// Lets go of all events in memory; they are in the store.
  void forget() {
    segments_.clear();
    memory_bytes_ = 0;
  }

  /// What the log itself holds on to.
  std::size_t memory_bytes() const { return memory_bytes_; }

 private:
  struct Segment {
    base::Seq first_seq = 0;
    std::shared_ptr<base::Bytes> buffer;    ///< its capacity is reserved at the start and never passed
    std::vector<std::uint32_t> frame_ends;  ///< offset behind each frame
  };

  bool fits_newest(std::size_t frame_bytes) const;
  void open_segment(std::size_t frame_bytes);
  void trim();
  const Segment& segment_of(base::Seq seq) const;
  static std::size_t memory_of(const Segment& segment);

  std::vector<Segment> segments_;  // a room has a few dozen at most; no memory while it has none
  base::Seq end_seq_;
  std::size_t bytes_max_;
  std::size_t memory_bytes_ = 0;
};

/// What RoomLog would hold for these events, made for one reader out of what the store gave.
base::SharedBytes frame_records(std::span<const Record> records);

}  // namespace confab::log

// SPDX-License-Identifier: MIT
// The newest part of one room's log as one thread knows it: which segments there are and how far each is filled. The
// bytes themselves are shared by all threads.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "log/segment.h"

namespace confab::log {

/// What a tail must be told to be again as the log's own.
struct Growth {
  base::Seq end_seq = 0;                   ///< of the newest event
  base::Seq first_seq = 1;                 ///< of the oldest in memory; end_seq + 1 if there is none
  std::shared_ptr<const Segment> segment;  ///< that was begun or filled further; none: nothing is in memory any more
};

/// Not thread-safe: each thread has its own. Invariant: the events in memory are first_seq() to end_seq(), without
/// gaps.
class RoomTail {
 public:
  /// Frames of consecutive events, out of one segment.
  struct Slice {
    base::SharedBytes bytes;
    base::Seq next_seq = 0;  ///< the event behind the last one in `bytes`
  };

  /// A log whose events up to `end_seq` are in the store and none of them in memory.
  explicit RoomTail(base::Seq end_seq = 0) : end_seq_(end_seq) {}

  void grow(Growth growth);

  /// Seq of the newest event; 0 for an empty room.
  base::Seq end_seq() const { return end_seq_; }
  /// Seq of the oldest event in memory; end_seq() + 1 if there is none.
  base::Seq first_seq() const { return segments_.empty() ? end_seq_ + 1 : segments_.front()->first_seq(); }

  /// Whole frames from event `from` on: as many as lie in one segment and fit `bytes_max`, but at least one. Empty when
  /// `from` is past the end. `from` must not be below first_seq(): such events are read from the store.
  Slice slice(base::Seq from, std::size_t bytes_max) const;

 private:
  std::size_t segment_of(base::Seq seq) const;

  std::vector<std::shared_ptr<const Segment>> segments_;  // a few dozen at most; no memory while there is none
  base::Seq end_seq_;
};

}  // namespace confab::log

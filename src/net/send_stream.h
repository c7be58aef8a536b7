// SPDX-License-Identifier: MIT
// The sending half of a stream: what was handed over, in order, until the peer has acknowledged it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <ngtcp2/ngtcp2.h>

#include "base/bytes.h"

namespace confab::net {

///   chunks:   [ acknowledged | sent, not acknowledged | not sent ]
///              ^ dropped      ^ ngtcp2 reads it again   ^ position
///                               for retransmission
///
/// Invariants:
/// 1. Bytes from the first unacknowledged one on stay where they are (ngtcp2 keeps pointers to them).
/// 2. The position stands in chunk `current_` at `offset_`; offset_ may equal the chunk's size only while no chunk
/// follows
///    or before next() looks, since the last chunk may still grow.
class SendStream {
 public:
  /// Some of what is to be sent next, as ngtcp2 takes it.
  struct Batch {
    std::array<ngtcp2_vec, 16> vectors;
    std::size_t count = 0;
    std::size_t bytes = 0;
    bool fin = false;  ///< the stream ends with these bytes
  };

  void push(base::SharedBytes bytes);
  void finish() { fin_ = fin_ == Fin::none ? Fin::queued : fin_; }
  /// Nothing more will be sent: what was not sent is dropped, what comes is ignored.
  void abandon();

  /// Something waits to be sent.
  bool pending() const { return unsent_bytes_ > 0 || fin_ == Fin::queued; }
  /// push() has an effect.
  bool open() const { return !abandoned_ && fin_ == Fin::none; }
  std::size_t unsent_bytes() const { return unsent_bytes_; }
  /// Sent and not yet acknowledged; a stream's end counts for one byte, which nothing but its closing acknowledges.
  std::size_t unacknowledged_bytes() const { return unacknowledged_bytes_; }
  /// Not yet acknowledged, sent or not.
  std::size_t held_bytes() const { return unacknowledged_bytes_ + unsent_bytes_; }
  /// Where in the stream the position stands.
  std::uint64_t sent_bytes() const { return sent_bytes_; }
  std::uint64_t acknowledged_bytes() const { return acknowledged_bytes_; }
  /// Copies bytes that were sent and are not acknowledged; false where some of these are not.
  bool read(std::uint64_t offset, std::span<std::uint8_t> out) const;

  /// At least `bytes_wanted` bytes where there are as many and 16 chunks hold them.
  Batch next(std::size_t bytes_wanted) const;
  /// The first `bytes` of the last batch have gone, and all of it if `fin`.
  void sent(std::size_t bytes, bool fin);
  void acknowledged(std::size_t bytes);

 private:
  enum class Fin { none, queued, sent };

  void drop_first();

  std::vector<base::SharedBytes> chunks_;  // from first_ on; what stands before is empty
  std::size_t first_ = 0;
  std::size_t acknowledged_ = 0;  // bytes of the first chunk
  std::size_t current_ = 0;       // an index, as first_ is
  std::size_t offset_ = 0;
  std::size_t unsent_bytes_ = 0;
  std::size_t unacknowledged_bytes_ = 0;
  std::uint64_t sent_bytes_ = 0;          // since the stream's beginning
  std::uint64_t acknowledged_bytes_ = 0;  // likewise
  Fin fin_ = Fin::none;
  bool abandoned_ = false;
};

}  // namespace confab::net

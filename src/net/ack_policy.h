// SPDX-License-Identifier: MIT
// When an acknowledgement goes out that nothing else carries.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/time.h"

namespace confab::net {

/// What one datagram brought.
struct Arrival {
  std::size_t datagram_bytes = 0;
  /// Of streams in order and of DATAGRAM frames; more than the datagram's own where it closed a gap.
  std::size_t delivered_bytes = 0;
  /// It wants more than an acknowledgement, soon: a stream's end, a mark of congestion, a change of path.
  bool urgent = false;
};

/// A packet of acknowledgements costs both ends as much as a short message does, and says little while nothing is lost.
/// So it waits for a packet that goes out anyway, longer the longer all has come in order; and it goes at once where
/// the sender may need it: to repair a loss, or because its window fills.
///
/// What has to be answered is not known here, only what a datagram looked like from outside. One that was empty but for
/// a few bytes held acknowledgements or a PING; one that brought nothing and was larger came out of order, twice, or
/// held something rare: it is never made to wait, and taken for the sign of a loss.
///
/// A pure machine. Invariant: due() is never more than `delay_max` after the first datagram that waits.
class AckPolicy {
 public:
  /// An initial congestion window is at least ten packets of 1,200 bytes: half of it is the most that waits.
  static constexpr std::size_t waiting_bytes_max = 6 * 1200;
  /// What a packet has beside the data of streams: header, number, tag, a frame's head, and an acknowledgement.
  static constexpr std::size_t overhead_bytes_max = 72;
  /// After a loss (or reordering), how long acknowledgements do not wait.
  static constexpr base::Duration prompt_time = std::chrono::seconds(3);

  /// After data were sent, how long more of them are expected.
  static constexpr base::Duration company_time = std::chrono::seconds(1);

  /// `delay_max` is what the peer is told (max_ack_delay), less some slack for timers. `quiet_waits`: a datagram that
  /// brought no data waits, too, where company is expected; elsewhere, to wait would only be another turn.
  AckPolicy(base::Duration delay_max, bool quiet_waits) : delay_max_(delay_max), quiet_waits_(quiet_waits) {}

  void received(const Arrival& arrival, base::Instant now);
  /// Something was lost or came out of order.
  void lost(base::Instant now);
  /// Data are being sent.
  void spoke(base::Instant now) { company_until_ = now + company_time; }
  /// All that could be sent was sent, and with it what there was to acknowledge.
  void settled();

  /// When the acknowledgement has to go; `never` where none waits, base::at_once where it must not wait.
  base::Instant due() const { return due_; }

 private:
  base::Duration delay() const;

  base::Duration delay_max_;
  bool quiet_waits_;
  base::Instant due_ = base::never;
  base::Instant prompt_until_ = base::at_once;
  base::Instant company_until_ = base::at_once;
  std::size_t waiting_bytes_ = 0;
  unsigned in_order_ = 0;  // datagrams since the last loss
};

}  // namespace confab::net

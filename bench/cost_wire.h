// SPDX-License-Identifier: MIT
// A network of one cable: what goes in comes out at the other end after a fixed time, in order, all of it.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "base/machine.h"
#include "cost_meter.h"

namespace confab::bench {

/// One direction of it, as the sink of the machine that sends. Not thread-safe; `meter` (where there is one) must
/// outlive it and does not count what the wire does.
class Wire final : public base::DatagramSink {
 public:
  static constexpr base::Duration delay = std::chrono::milliseconds(1);

  explicit Wire(Meter* meter = nullptr) : meter_(meter), buffer_(train_bytes_max) {}

  /// When what is committed from here on was sent.
  void set_now(base::Instant now) { now_ = now; }

  std::span<std::uint8_t> buffer() override { return buffer_; }
  void commit(const base::Path& path, std::uint8_t ecn, std::size_t size, std::size_t segment_size) override;

  base::Instant next_arrival() const { return in_flight_.empty() ? base::never : in_flight_.front().due; }
  /// Hands the receiver what has arrived by `now`.
  void deliver(base::Machine& receiver, Meter* meter, base::Now now);

  std::uint64_t datagrams() const { return datagrams_; }

 private:
  struct InFlight {
    base::Instant due;
    base::Path path;  ///< as the receiver sees it
    std::uint8_t ecn;
    base::Bytes bytes;
  };

  void push(const base::Path& path, std::uint8_t ecn, base::ByteView bytes);

  Meter* meter_;
  base::Bytes buffer_;
  base::Instant now_;
  std::deque<InFlight> in_flight_;
  std::uint64_t datagrams_ = 0;
};

}  // namespace confab::bench

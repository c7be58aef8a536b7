// SPDX-License-Identifier: MIT
// A slow last mile: what comes for one of a machine's addresses waits for its turn on a link of so many bits a second.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/machine.h"

namespace confab::bench {

struct ShaperOptions {
  base::Address slow;  ///< the local address behind the link
  std::uint64_t bits_per_s = 2'000'000;
  std::size_t queue_bytes_max = 64 * 1024;  ///< what comes beyond is lost, as at a home router
};

/// A machine around a machine; the other direction and all other addresses pass unchanged. Not thread-safe; `inner`
/// must outlive it.
class Shaper final : public base::Machine {
 public:
  explicit Shaper(base::Machine& inner) : inner_(inner) {}

  /// From now on; without it, everything passes.
  void limit(const ShaperOptions& options) { options_ = options; }

  void receive(const base::Datagram& datagram, base::Now now) override;
  void unreachable(const base::Path& path, base::Now now) override { inner_.unreachable(path, now); }
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override { inner_.transmit(sink, now); }
  base::Instant next_deadline() const override;

  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Waiting {
    base::Instant due;  // its last bit is through
    base::Path path;
    base::Bytes bytes;
    std::uint8_t ecn;
  };

  base::Machine& inner_;
  std::optional<ShaperOptions> options_;
  std::deque<Waiting> queue_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace confab::bench

// SPDX-License-Identifier: MIT
// Whose timer is next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"

namespace confab::net {

/// One timer an owner. A connection's deadline moves with nearly every packet, and nearly always to later: such a move
/// leaves the entry where it is, and the entry is put right when it comes up, or shortly before (put_right()). So
/// next() may be earlier than any deadline, never later; and where deadlines are far away, as they mostly are, a turn
/// in which a thousand connections send costs no reordering.
///
/// A move to earlier makes a second entry, and the first, like those of an owner that is gone, is dropped when it comes
/// up; or in a sweep(), which is wanted when there are four times as many as the last one has left. The entries are a
/// heap in one array: no allocation in the long run, and a thousand of them fit the processor's nearest cache.
///
/// Invariant: while an owner's Timer has a `queued` that is not `never`, there is an entry for then, and queued <= due.
class Deadlines {
 public:
  using Owner = std::uint64_t;

  /// Lives in the owner.
  struct Timer {
    base::Instant due = base::never;
    base::Instant queued = base::never;
  };

  struct Entry {
    base::Instant at;
    Owner owner = 0;
    /// Owners that are due at once ring in the order of their numbers.
    auto operator<=>(const Entry&) const = default;
  };

  void set(Owner owner, Timer& timer, base::Instant due);

  /// Takes the first entry that has come up. The caller looks its owner up, if it still lives, and asks rings().
  std::optional<Entry> take_until(base::Instant now);
  /// True where the entry is the timer's and the timer is due indeed; otherwise it is queued anew, if need be.
  bool rings(const Entry& entry, Timer& timer, base::Instant now);

  /// Puts right what stands in front, comes up by `until`, and would not ring: nobody need wake for it. `timer_of`
  /// answers an owner's timer, or nullptr where it is gone.
  template <typename TimerOf>
  void put_right(base::Instant until, TimerOf timer_of) {
    while (!heap_.empty() && heap_.front().at <= until) {
      Timer* const timer = timer_of(heap_.front().owner);
      if (timer != nullptr && is_queued(heap_.front(), *timer) && timer->due <= timer->queued) return;
      const Entry entry = *take_until(until);
      if (timer != nullptr) rings(entry, *timer, base::at_once);  // not yet: it is queued anew
    }
  }

  bool wants_sweep() const { return heap_.size() >= sweep_at_; }
  /// Drops all entries but those that are `live(entry)`: their owner lives, and is queued for then.
  template <typename Live>
  void sweep(Live live) {
    std::erase_if(heap_, [&](const Entry& entry) { return !live(entry); });
    tidy();
  }
  static bool is_queued(const Entry& entry, const Timer& timer) { return timer.queued == entry.at; }
  std::size_t size() const { return heap_.size(); }

  base::Instant next() const { return heap_.empty() ? base::never : heap_.front().at; }

 private:
  static constexpr std::size_t sweep_at_least = 1024;

  void tidy();

  std::vector<Entry> heap_;  // the earliest in front
  std::size_t sweep_at_ = sweep_at_least;
};

}  // namespace confab::net

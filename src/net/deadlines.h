// SPDX-License-Identifier: MIT
// Whose timer is next.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "base/time.h"

namespace confab::net {

/// One timer an owner. A connection's deadline moves with nearly every packet, and nearly always to later: such a move
/// leaves the entry where it is, and the entry is put right when it comes up. So next() may be earlier than any
/// deadline, never later; and a turn in which a thousand connections send costs no reordering.
///
/// Invariant: an owner has an entry exactly when its Timer's `queued` is not `never`, and then queued <= due.
class Deadlines {
 public:
  using Owner = std::uint64_t;

  /// Lives in the owner.
  struct Timer {
    base::Instant due = base::never;
    base::Instant queued = base::never;
  };

  void set(Owner owner, Timer& timer, base::Instant due);
  /// Before the owner dies.
  void clear(Owner owner, Timer& timer);

  /// An owner whose entry has come up. The caller looks its timer up and asks ring().
  std::optional<Owner> first_until(base::Instant now) const;
  /// Takes the entry that first_until() found; true where the timer is due indeed, otherwise it is queued anew.
  bool ring(Owner owner, Timer& timer, base::Instant now);

  base::Instant next() const { return entries_.empty() ? base::never : entries_.begin()->first; }

 private:
  using Entry = std::pair<base::Instant, Owner>;  // owners that are due at once ring in the order of their numbers
  std::set<Entry> entries_;
};

}  // namespace confab::net

// SPDX-License-Identifier: MIT
#include "net/deadlines.h"

namespace confab::net {

void Deadlines::set(Owner owner, Timer& timer, base::Instant due) {
  timer.due = due;
  if (due >= timer.queued) return;
  if (timer.queued == base::never) {
    entries_.emplace(due, owner);
  } else {
    auto node = entries_.extract({timer.queued, owner});  // reused: no allocation
    node.value().first = due;
    entries_.insert(std::move(node));
  }
  timer.queued = due;
}

void Deadlines::clear(Owner owner, Timer& timer) {
  if (timer.queued != base::never) entries_.erase({timer.queued, owner});
  timer = {};
}

std::optional<Deadlines::Owner> Deadlines::first_until(base::Instant now) const {
  if (entries_.empty() || entries_.begin()->first > now) return std::nullopt;
  return entries_.begin()->second;
}

bool Deadlines::ring(Owner owner, Timer& timer, base::Instant now) {
  entries_.erase({timer.queued, owner});
  timer.queued = base::never;
  if (timer.due <= now) return true;
  set(owner, timer, timer.due);
  return false;
}

}  // namespace confab::net

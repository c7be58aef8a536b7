// SPDX-License-Identifier: MIT
#include "net/deadlines.h"

#include <algorithm>
#include <functional>

namespace confab::net {

void Deadlines::set(Owner owner, Timer& timer, base::Instant due) {
  timer.due = due;
  if (due >= timer.queued) return;
  timer.queued = due;
  heap_.push_back({due, owner});
  std::ranges::push_heap(heap_, std::greater<>());
}

std::optional<Deadlines::Entry> Deadlines::take_until(base::Instant now) {
  if (heap_.empty() || heap_.front().at > now) return std::nullopt;
  std::ranges::pop_heap(heap_, std::greater<>());
  const Entry entry = heap_.back();
  heap_.pop_back();
  return entry;
}

bool Deadlines::rings(const Entry& entry, Timer& timer, base::Instant now) {
  if (!is_queued(entry, timer)) return false;
  timer.queued = base::never;
  if (timer.due <= now) return true;
  set(entry.owner, timer, timer.due);
  return false;
}

/// After a sweep. Who was queued for the same instant twice is so once.
void Deadlines::tidy() {
  std::ranges::sort(heap_);  // which is a heap, too
  heap_.erase(std::ranges::unique(heap_).begin(), heap_.end());
  sweep_at_ = std::max(sweep_at_least, 4 * heap_.size());
}

}  // namespace confab::net

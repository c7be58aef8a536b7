// SPDX-License-Identifier: MIT
#include "client/outbox.h"

#include <algorithm>

namespace confab::client {

OutboxEntry* Outbox::next_unsent() { return sent_ < entries_.size() ? &entries_[sent_] : nullptr; }

void Outbox::mark_sent(OutboxEntry& entry, RequestId request) {
  entry.request = request;
  ++sent_;
}

void Outbox::forget_attempts() {
  for (OutboxEntry& entry : entries_) entry.request = 0;
  sent_ = 0;
}

std::optional<OutboxEntry> Outbox::take(RequestId request) {
  // Answers come nearly in the order of the attempts, so the entry stands at or near the front.
  const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(sent_);
  const auto found =
      std::find_if(entries_.begin(), end, [&](const OutboxEntry& each) { return each.request == request; });
  if (found == end) return std::nullopt;
  OutboxEntry entry = std::move(*found);
  entries_.erase(found);
  --sent_;
  return entry;
}

}  // namespace confab::client

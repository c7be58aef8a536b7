// SPDX-License-Identifier: MIT
#include "ledger.h"

#include <algorithm>

#include "wire/framing.h"

namespace confab::bench {

Ledger::Heard Ledger::hear(RunningOrder& order, base::ByteView frame) {
  Entry* expected = find(order.next());
  if (!expected || !std::ranges::equal(expected->frame, frame)) return hear_slowly(order, frame);
  order.hear(order.next());
  ++expected->hearers;
  return {.entry = expected, .fresh = true, .in_order = true};
}

Ledger::Heard Ledger::hear_slowly(RunningOrder& order, base::ByteView frame) {
  wire::pb::Event event;
  if (!wire::decode(frame, event) || event.seq() == 0 || event.seq() > seq_max) return {};
  const RunningOrder::Verdict verdict = order.hear(event.seq());
  Entry* entry = find(event.seq());
  if (!entry) entry = &enter(event.seq(), frame, read_stamp(event.message().text()));
  const bool agrees = std::ranges::equal(entry->frame, frame);
  const bool fresh = verdict != RunningOrder::Verdict::again;
  if (fresh && agrees) ++entry->hearers;
  // One who is ahead has lost something, which shows in the count of deliveries; the order is kept.
  return {.entry = entry, .fresh = fresh, .in_order = agrees && verdict != RunningOrder::Verdict::late};
}

Ledger::Entry* Ledger::find(base::Seq seq) {
  if (seq >= entries_.size() || entries_[seq].frame.empty()) return nullptr;
  return &entries_[seq];
}

Ledger::Entry& Ledger::enter(base::Seq seq, base::ByteView frame, std::optional<Stamp> stamp) {
  if (seq >= entries_.size()) entries_.resize(seq + 1);
  Entry& entry = entries_[seq];
  entry.frame.assign(frame.begin(), frame.end());
  entry.stamp = stamp;
  entry.is_copy = stamp && !indices_.insert(stamp->index).second;
  return entry;
}

}  // namespace confab::bench

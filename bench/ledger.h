// SPDX-License-Identifier: MIT
// The one order that all members must hear: a room's log, kept once, in the bytes of whoever hears an event first.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "running_order.h"
#include "workload.h"

namespace confab::bench {

/// Every member of a room receives the same bytes, so hearing an event costs a comparison: only its first hearer, and
/// one who hears something else, has it decoded. (To decode each of a million deliveries would make the swarm slower
/// than the server, and what is measured with it.)
class Ledger {
 public:
  struct Entry {
    base::Bytes frame;           ///< empty: not heard yet
    std::optional<Stamp> stamp;  ///< of a workload's message; an event of another kind has none
    bool is_copy = false;        ///< its message stands in the log before, under another seq
    std::size_t hearers = 0;
  };

  struct Heard {
    Entry* entry = nullptr;  ///< nullptr: no event at all
    bool fresh = false;      ///< this member had not heard it
    bool in_order = false;   ///< it was the next one, and the same that others heard under its seq
  };

  /// One member, whose place is `order`, hears a frame. The entry is valid until the next call.
  Heard hear(RunningOrder& order, base::ByteView frame);

 private:
  Heard hear_slowly(RunningOrder& order, base::ByteView frame);
  Entry* find(base::Seq seq);
  Entry& enter(base::Seq seq, base::ByteView frame, std::optional<Stamp> stamp);

  /// Far more than a run brings: a seq beyond it is nonsense.
  static constexpr base::Seq seq_max = 50'000'000;

  std::vector<Entry> entries_;                 // by seq
  std::unordered_set<std::uint64_t> indices_;  // of all stamps in it
};

}  // namespace confab::bench

// SPDX-License-Identifier: MIT
// The messages that were typed and are neither stored nor refused yet, in the order they were typed. After a lost
// connection all of them are sent again under their first ids; the server recognises those it has.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/ids.h"
#include "confab/types.h"

namespace confab::client {

struct OutboxEntry {
  base::MessageId id;
  std::string room;
  Kind kind = Kind::text;
  std::string text;
  RequestId request = 0;  ///< of the latest attempt; 0: not sent on this connection yet
};

/// Invariant: entries that were sent on this connection stand before those that were not.
class Outbox {
 public:
  void add(OutboxEntry entry) { entries_.push_back(std::move(entry)); }
  /// The first entry that has not been sent on this connection; nullptr if there is none.
  OutboxEntry* next_unsent();
  /// Must be called with the entry next_unsent() gave, once it is sent.
  void mark_sent(OutboxEntry& entry, RequestId request);
  /// The connection is gone: everything must be sent again.
  void forget_attempts();

  /// Takes out the entry that the attempt `request` was for.
  std::optional<OutboxEntry> take(RequestId request);
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }

 private:
  std::deque<OutboxEntry> entries_;
  std::size_t sent_ = 0;  // so many from the front
};

}  // namespace confab::client

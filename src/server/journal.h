// SPDX-License-Identifier: MIT
// What is on its way into the store. Everything that one turn of the loop brings goes there as one batch; nothing is
// answered or shown before the store has said that it is durable.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/time.h"
#include "chat/command.h"
#include "log/async_store.h"

namespace confab::server {

/// One event on its way.
struct JournalEntry {
  chat::SessionId author = 0;  ///< who waits for the answer; 0: nobody
  std::uint64_t tag = 0;       ///< of the request
  std::uint64_t time_ms = 0;   ///< the event's
  std::string room;
  base::MessageId id;
  base::Bytes body;
};

/// One event whose fate is known.
struct Settled {
  JournalEntry entry;
  std::expected<log::Outcome, log::StoreError> outcome;
};

/// Not thread-safe.
class Journal {
 public:
  explicit Journal(log::AsyncStore& store) : store_(store) {}

  void add(const chat::NewEvent& event, chat::SessionId author, std::uint64_t tag);
  void add(const chat::NewClaim& claim);
  /// Ends the turn: hands what was added to the store.
  void flush();
  /// The store's answer to a flush, for each of its entries in order.
  std::vector<Settled> settle(std::uint64_t ticket, log::AppendResult result);

  bool empty() const { return waiting_.empty() && in_flight_.empty() && batch_.claims.empty(); }
  /// More waits than a slow disk should make the memory hold: sessions are read no further until it falls.
  std::size_t bytes() const { return bytes_; }
  bool overloaded() const { return bytes_ >= bytes_max; }

  static constexpr std::size_t bytes_max = 64 * 1024 * 1024;

 private:
  log::AsyncStore& store_;
  log::Batch batch_;
  std::vector<JournalEntry> waiting_;  // one an entry of batch_.drafts
  struct Flight {
    std::vector<JournalEntry> entries;
    std::vector<log::NameClaim> claims;
  };
  std::map<std::uint64_t, Flight> in_flight_;
  std::vector<log::NameClaim> failed_claims_;  // go with the next batch: a name that was given away stays its owner's
  std::uint64_t next_ticket_ = 0;              // even: the delivery's are odd
  std::size_t bytes_ = 0;
};

}  // namespace confab::server

// SPDX-License-Identifier: MIT
// What is on its way into the store. Everything that one turn of the loop brings goes there as one batch, with what
// waited for company; nothing is answered or shown before the store has said that it is durable.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
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
  std::optional<chat::MemberChange> member;  ///< of a Joined or Left, with the name as it is written in `member_name`
  std::string member_name;
  std::optional<std::string> topic;  ///< of a Topic
};

/// Whether a commit may wait for company.
enum class Haste {
  none,     ///< its author says a line now and then, and hardly sees when it is stored
  at_once,  ///< its author goes on when it is stored, or nobody can tell
};

/// One event whose fate is known.
struct Settled {
  JournalEntry entry;
  std::expected<log::Outcome, log::StoreError> outcome;
};

/// A commit costs as much as some fifty packets, and a disk's lifetime: who is in no haste shares one with what comes
/// within company_wait of the last. What is in haste takes along all that waits: the order stays.
///
/// A message that cannot be stored is its author's to send again. What the server says itself (joins, leaves, who owns
/// a name) nobody would: it is tried again here, in front of all else, until it is stored; a join that was never stored
/// and its leave cancel out. Where the database is damaged, each of these words is tried once more, alone: what cannot
/// be stored takes nothing else with it. Read markers gather for a while, the newest of each, and travel in batches of
/// their own, which no message waits for or fails with; those that a damaged database refuses twice are given up: the
/// next ones say more. Not thread-safe.
class Journal {
 public:
  static constexpr base::Duration retry_every = std::chrono::seconds(1);
  /// Nobody sees the difference.
  static constexpr base::Duration company_wait = std::chrono::milliseconds(30);
  static constexpr base::Duration markers_wait = std::chrono::seconds(5);
  /// What is said behind so many waits no longer than for a few messages.
  static constexpr std::size_t markers_per_batch_max = 1000;

  explicit Journal(log::AsyncStore& store) : store_(store) {}

  void add(const chat::NewEvent& event, chat::SessionId author, std::uint64_t tag, Haste haste);
  void add(const chat::NewClaim& claim);
  void add(const chat::NewMarker& marker, base::Now now);
  /// The server stops: nothing waits for company any more, nor do markers.
  void drain();
  /// Ends the turn: hands what was added to the store, unless it waits for company.
  void flush(base::Now now);
  /// The store's answer to a flush, for each of its entries in order; without those that are tried again.
  std::vector<Settled> settle(std::uint64_t ticket, log::AppendResult result, base::Now now);
  /// When flush() is wanted: for what waits for company, for what failed and is to be tried again, for markers.
  base::Instant next_deadline() const;

  /// Nothing is on its way; what has failed does not count.
  bool empty() const { return waiting_.empty() && in_flight_.empty() && claims_.empty(); }
  /// More waits than a slow disk should make the memory hold: sessions are read no further until it falls.
  std::size_t bytes() const { return bytes_; }
  bool overloaded() const { return bytes_ >= bytes_max; }

  static constexpr std::size_t bytes_max = 64 * 1024 * 1024;

 private:
  struct Flight {
    std::vector<JournalEntry> entries = {};
    std::vector<log::NameClaim> claims = {};
    std::vector<log::ReadMarker> markers = {};  // where there are some, there is nothing else
    bool was_suspected = false;                 // of markers: a damaged database has refused them once
  };
  using MarkerKey = std::pair<std::string, std::string>;  // folded name, room

  bool cancel_join(const std::string& room, const chat::MemberKey& key);
  bool flush_suspects();
  void flush_words(base::Now now);
  void flush_markers(base::Now now);
  void divide_markers();
  base::Instant markers_deadline() const;
  void put_failed_in_front();
  void ask(Flight flight);
  void keep(Flight& flight, base::Now now);
  void keep_markers(Flight flight, const log::StoreError& error, base::Now now);
  void suspect(Flight& flight);

  log::AsyncStore& store_;
  std::vector<log::NameClaim> claims_;     // until flush()
  std::vector<JournalEntry> waiting_;      // become the batch's drafts
  base::Instant words_due_ = base::never;  // set while claims or entries wait
  base::Instant flushed_at_ = base::at_once;
  std::map<MarkerKey, base::Seq> markers_;
  base::Instant markers_due_ = base::never;            // set while there are any
  std::deque<Flight> marker_flights_;                  // whose turn has come, at most one of them at the store
  std::uint64_t markers_in_flight_ = 0;                // the ticket of that one
  base::Instant markers_pause_until_ = base::at_once;  // later once some have failed
  std::map<std::uint64_t, Flight> in_flight_;
  std::vector<JournalEntry> failed_;           // the server's own, in the order of their making
  std::vector<log::NameClaim> failed_claims_;  // a name that was given away stays its owner's
  std::deque<Flight> suspects_;                // of damage: one word each, sent one at a time, before all else
  std::uint64_t suspect_in_flight_ = 0;        // its ticket
  base::Instant retry_at_ = base::never;       // set while something has failed
  std::uint64_t next_ticket_ = 0;              // 0 is the retention's
  std::size_t bytes_ = 0;
};

}  // namespace confab::server

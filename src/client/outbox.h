// SPDX-License-Identifier: MIT
// The messages that were typed and are neither stored by the server nor refused for good, in the order they were typed.
// After a lost connection all of them are sent again under their first ids; the server recognises those it has. With a
// store they outlive the program: what the last one left behind goes out first.
//
// A refusal may be none: a server whose disk is full, or that is about to stop, has not said its last word. Where one
// message has to wait, all that stand behind it have to, too, or the room would see them in another order. So:
//
//   sending → a refusal that is none → (all attempts are answered) → pause → sending, from the front, attempt + 1
//
// where the pause is a backoff, or lasts until the next connection.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "base/time.h"
#include "client/backoff.h"
#include "client/outbox_store.h"
#include "confab/types.h"

namespace confab::client {

struct OutboxEntry {
  StoredEntry message;
  RequestId request = 0;           ///< of the attempt that is under way; 0: none
  std::optional<Durability> kept;  ///< what the store has promised for it
  bool adopted = false;            ///< another program left it behind
  bool tried = false;              ///< was sent, on whatever connection: the server may have it
  bool announced = false;          ///< Status{queued} has been told
  std::string reason;              ///< why it still waits, as told last
  std::string waits_for;           ///< set aside: the name under which alone it is sent
};

/// Not thread-safe. Tells by Status events what becomes of each message, and by a Warning that the store fails (once,
/// until it works again; messages are sent all the same, but are not called queued).
///
/// Invariants:
/// 1. Entries that were sent since begin_again() stand before those that were not.
/// 2. What the store has promised for an entry, it has promised for those before it, too.
/// 3. An id is in here once.
/// 4. Set aside is what waits for another name than this one, and is in no store yet.
class Outbox {
 public:
  /// When a store that failed is tried again; each try may take half a second of the program's time.
  static constexpr base::Duration store_pause = std::chrono::seconds(5);

  /// `store` (nullptr: in memory only), `random` and `events` must outlive it.
  Outbox(OutboxStore* store, base::Random& random, std::deque<Event>& events)
      : store_(store), random_(random), events_(events) {}

  /// Whose messages these are. Those in here go along to another name: they are hers, whatever she is called. But in a
  /// direct room of the old name the new one is a stranger, and must not be heard there: what is for such a room waits
  /// for the old name, in the store if there is one. Only while nothing is under way.
  void set_name(const std::string& name);
  /// Takes over what is kept under the name and not known here. Only while nothing is under way.
  void adopt();
  /// False: there is one with this id already, and it stands.
  bool add(StoredEntry message);
  /// Takes back what was typed here and never sent: nor kept any more. Of what was sent nobody can say so: it may be
  /// stored. It stays. Only while nothing is under way.
  void withdraw(const std::string& why);

  /// Takes back one that was typed here and never sent: nothing more is told of it, nor is it kept. False if there is
  /// none, and where it is kept no more, or nobody can say: another program has taken it over, and it may be stored.
  bool discard(const base::MessageId& id);

  /// Keeps what is new, before it is sent; while offline it is on the disk afterwards.
  void keep(bool online, base::Now now);
  /// Lets go of what is settled; at the end of the turn. Of what is stored in the next one: whoever is told of it hears
  /// of it when this turn is over, and who is killed before that finds it again.
  void let_go(base::Now now);
  /// Whether all that is in here survives the end of the program.
  bool keeps_all() const { return store_ != nullptr && aside_.empty() && (entries_.empty() || entries_.back().kept); }

  /// The first entry that waits to be sent; nullptr if there is none, or if all have to wait.
  const OutboxEntry* next_unsent() const;
  /// The one that next_unsent() answered is on its way.
  void mark_sent(RequestId request);
  /// Goes with each attempt: greater than in all sends before a refusal that was none.
  std::uint32_t attempt() const { return attempt_; }
  /// Everything must be sent again: the connection is gone, or the pause is over.
  void begin_again();
  void wake(base::Now now);
  base::Instant next_deadline() const;

  /// Answers to an attempt; the message, or nullopt or false if it is not one that is under way.
  std::optional<StoredEntry> accept(RequestId request, std::uint64_t seq);
  std::optional<StoredEntry> refuse(RequestId request, const std::string& reason);
  enum class Pause { backoff, until_connected };
  bool postpone(RequestId request, Pause pause, const std::string& reason);

  /// Those for a room, in the order in which they are sent.
  std::vector<StoredEntry> entries_for(const std::string& room) const;
  bool empty() const { return size() == 0; }
  std::size_t size() const { return entries_.size() + aside_.size(); }

 private:
  using Entries = std::deque<OutboxEntry>;

  /// Those that are meant, in their order; the others stay, in theirs.
  template <typename Predicate>
  static Entries take_out(Entries& entries, Predicate is_one);
  void keep_aside(base::Now now);
  bool is_settled(const base::MessageId& id) const;
  void erase_settled(base::Now now);
  void put_off(OutboxEntry& entry, const std::string& reason);
  Entries::iterator find(RequestId request);
  std::optional<StoredEntry> settle(RequestId request, Status::State state, std::uint64_t seq,
                                    const std::string& reason);
  void tell(const OutboxEntry& entry, Status::State state, std::uint64_t seq, const std::string& reason);
  void announce(OutboxEntry& entry);
  bool store_may_be_tried(base::Now now) const { return store_works_ || store_retry_at_ <= now.instant; }
  template <typename Result>
  bool store_said(const Result& result, base::Now now);
  void warn(const std::string& why);

  OutboxStore* store_;
  base::Random& random_;
  std::deque<Event>& events_;
  std::string name_;
  Entries entries_;
  Entries aside_;
  std::set<base::MessageId> ids_;         // of both
  std::vector<base::MessageId> settled_;  // to be erased by the next let_go()
  std::vector<base::MessageId> stored_;   // and these by the one after it
  bool refused_ = false;                  // some of these: what was called refused must not come back
  std::size_t sent_ = 0;                  // so many from the front
  std::size_t under_way_ = 0;             // of these, so many are not answered
  std::uint32_t attempt_ = 0;
  std::optional<Pause> pause_;
  base::Instant resend_at_ = base::never;
  Backoff backoff_;
  bool store_works_ = true;
  base::Instant store_retry_at_ = base::at_once;
};

}  // namespace confab::client

// SPDX-License-Identifier: MIT
// How long rooms keep their events. A room over its limit is trimmed in small steps, one at a time, so that nobody who
// speaks or reads waits for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/time.h"
#include "log/async_store.h"

namespace confab::server {

/// What a room keeps: an event must satisfy both. 0: no such limit.
struct RetentionRule {
  std::chrono::seconds age_max{0};
  std::uint64_t count_max = 0;

  bool keeps_all() const { return age_max.count() == 0 && count_max == 0; }
  bool operator==(const RetentionRule&) const = default;
};

struct RetentionOptions {
  RetentionRule all;
  std::map<std::string, RetentionRule> rooms;  ///< by canonical name; instead of `all`
};

/// What a room has lost.
struct Trimmed {
  std::string room;
  base::Seq first_seq = 1;  ///< the oldest event that is left
};

/// Not thread-safe. `store` must outlive it.
///
/// Invariants:
///   1. At most one trim is open.
///   2. Every room that is over its limit, or will be without further events, is in due_; all others cost nothing.
class Retention {
 public:
  /// Events that one step removes. Each costs the disk two pages in random places (its id leaves one index and enters
  /// another), and messages wait for a step: with 100 it takes about 10 ms, with 500 about 50.
  static constexpr std::size_t step_events = 100;
  /// A limit is kept to within this time and one step.
  static constexpr std::chrono::minutes slack{1};
  /// A wall clock that leaps ahead is believed when it has stayed there so long: a wrong clock must not cost history.
  static constexpr std::chrono::hours doubt{24};

  Retention(RetentionOptions options, log::AsyncStore& store) : options_(std::move(options)), store_(store) {}

  void restore(const log::RoomSummary& room);
  /// The room's newest event was stored.
  void append(const std::string& room, base::Seq seq, std::uint64_t time_ms);
  /// The answer to a trim of this object's.
  std::optional<Trimmed> on_trim(const log::TrimAnswer& answer, base::Now now);

  /// Asks the store for the next step, if there is one to be made now.
  void run(base::Now now);
  base::Instant next_deadline() const { return wake_at_; }

  /// The ticket of its trims: as one is open at a time, one is enough.
  static constexpr std::uint64_t ticket = 0;

 private:
  struct Room {
    RetentionRule rule;
    base::Seq first_seq = 1;
    base::Seq end_seq = 0;
    std::uint64_t oldest_ms = 0;               // time of event first_seq; 0: not known yet, so that the store is asked
    std::uint64_t not_before_ms = 0;           // the last trim failed: no other until then
    std::optional<std::uint64_t> due_ms = {};  // as in due_
  };

  const RetentionRule& rule_for(const std::string& room) const;
  void ask_for_step(std::string name);
  void reschedule(const std::string& name, Room& room);
  void schedule(const std::string& name, Room& room, std::uint64_t due_ms);
  void unschedule(const std::string& name, Room& room);
  std::uint64_t believe(base::Now now);

  RetentionOptions options_;
  log::AsyncStore& store_;
  std::map<std::string, Room> rooms_;                    // those that do not keep all
  std::set<std::pair<std::uint64_t, std::string>> due_;  // wall-clock milliseconds, room
  std::optional<std::string> open_;                      // the room that is being trimmed
  base::Instant wake_at_ = base::never;
  std::uint64_t time_ms_ = 0;              // the wall clock, as far as it is believed
  std::optional<std::int64_t> offset_ms_;  // of the believed wall clock from the monotonic one
  base::Instant doubted_since_ = base::never;
};

}  // namespace confab::server

// SPDX-License-Identifier: MIT
// What members are to send, and when; and the stamp that each of these messages carries.
//
//   text  := index " " intended " " filler     100 bytes
//   index := decimal, counts the messages of a swarm from 0
//   intended := decimal, the Instant at which it was to be sent, in nanoseconds
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace confab::bench {

struct Stamp {
  std::uint64_t index = 0;
  base::Instant intended;
  bool operator==(const Stamp&) const = default;
};

inline constexpr std::size_t text_bytes = 100;

std::string write_stamp(const Stamp& stamp);
/// nullopt for any text that is no workload's.
std::optional<Stamp> read_stamp(std::string_view text);

struct Workload {
  enum class Kind {
    settle,   ///< nothing is sent, and what everybody's coming stirred up dies down
    idle,     ///< nothing is sent
    warm_up,  ///< as windowed, and not reported: caches, congestion windows and a peer's memory find their sizes
    paced,    ///< open loop: a message is due when its time has come, whether or not earlier ones have arrived
    windowed  ///< closed loop: so many messages under way at any time
  };

  Kind kind = Kind::settle;
  std::uint64_t messages_per_s = 0;  ///< paced
  std::uint64_t window = 0;          ///< windowed and warm_up: messages under way
  std::uint64_t messages_max = 0;    ///< windowed: ends with so many; 0: with its time
  base::Duration length{};           ///< from the first message to the last, at most

  bool is_reported() const { return kind == Kind::paced || kind == Kind::windowed; }
  /// `settle`, `idle`, `warm-up`, `100 msg/s`, `64 in flight`.
  std::string to_string() const;
};

/// A workload under way, as a machine. A paced message bears the time at which it was due, not the one at which it got
/// its turn: when sender or server fall behind, the waiting counts (else a server that stands still for a second would
/// show in one message, not in all those that were due within it).
class Schedule {
 public:
  Schedule() = default;
  Schedule(const Workload& workload, std::uint64_t first_index, base::Instant start)
      : workload_(workload), first_index_(first_index), start_(start) {}

  /// The next message that is to be sent by now; asked until it answers nullopt.
  std::optional<Stamp> next_due(base::Instant now);
  /// Windowed: a message has arrived (or was given up), another may be sent.
  void leave_window() { ++left_; }

  /// Everything was sent that is to be, and the time is over.
  bool is_over(base::Instant now) const { return has_sent_most() || (now >= end() && !paced_due()); }
  base::Instant next_deadline(base::Instant now) const;

  base::Instant end() const { return start_ + workload_.length; }
  std::uint64_t first_index() const { return first_index_; }
  std::uint64_t sent() const { return sent_; }

 private:
  bool has_sent_most() const { return workload_.messages_max > 0 && sent_ >= workload_.messages_max; }
  bool is_closed_loop() const {
    return workload_.kind == Workload::Kind::windowed || workload_.kind == Workload::Kind::warm_up;
  }
  std::optional<base::Instant> due(base::Instant now) const;
  std::optional<base::Instant> paced_due() const;

  Workload workload_;
  std::uint64_t first_index_ = 0;
  base::Instant start_;
  std::uint64_t sent_ = 0;
  std::uint64_t left_ = 0;
};

}  // namespace confab::bench

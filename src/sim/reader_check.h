// SPDX-License-Identifier: MIT
// What a reader hears is a contiguous run of the room's log as the store has it, and was durable before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "confab/types.h"
#include "sim/archive.h"
#include "sim/complaints.h"

namespace confab::sim {

/// One join or read of one client. `archive` and `complaints` must outlive it.
class ReaderCheck {
 public:
  ReaderCheck(std::string who, std::string room, Start start, Archive& archive, Complaints& complaints);

  void opened(const Opened& event);
  /// At the moment at which the client is told.
  void heard(const std::string& room, base::Seq seq, const Account& account);
  void ended();

  bool has_ended() const { return ended_; }
  /// It has everything up to what the store holds now.
  bool has_all();
  /// What is missing to that, in words.
  std::string missing();
  std::uint64_t heard_count() const { return heard_count_; }
  /// Where another reader must begin that is to go on here.
  Start resume() const { return next_ ? Start{.seq = *next_, .newest = 0} : start_; }

 private:
  /// On a new connection, or with more of what is known of the room.
  void reopened(const Opened& event);
  void complain(std::string_view what);

  std::string who_;
  std::string room_;
  Start start_;
  Archive& archive_;
  Complaints& complaints_;
  std::optional<base::Seq> next_;  // known once opened
  base::Seq promised_end_ = 0;     // the log's end when it was opened
  bool ended_ = false;
  std::uint64_t heard_count_ = 0;
};

}  // namespace confab::sim

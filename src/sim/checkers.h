// SPDX-License-Identifier: MIT
// What Confab promises, as code that watches a run:
//
//   ReaderCheck   what a reader hears is a contiguous run of the room's log as the store has it, and was durable before
//   MessageCheck  a message reported as stored is in the store once, there; a refused one is not; every one is either
//   PlainCheck    a plain member on a faultless link gets every line but its own, in order, and each of its own is
//   stored
//
// Each check complains at the moment it sees something wrong; what is only wrong if it stays so (something is missing)
// is said by the functions for the end of a run. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "confab/types.h"
#include "sim/archive.h"

namespace confab::sim {

/// Everything that was found wrong, in words.
class Complaints {
 public:
  void add(std::string complaint) { all_.push_back(std::move(complaint)); }
  bool empty() const { return all_.empty(); }
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::vector<std::string> all_;
};

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

 private:
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

/// The messages of all clients of confab/1. `archive` and `complaints` must outlive it.
class MessageCheck {
 public:
  MessageCheck(Archive& archive, Complaints& complaints) : archive_(archive), complaints_(complaints) {}

  void sent(const std::string& who, const std::string& id, const std::string& room, const std::string& text);
  /// Of a message that the server must refuse.
  void sent_in_vain(const std::string& who, const std::string& id, const std::string& room, const std::string& text);
  /// At the moment at which the client is told.
  void told(const Status& status);

  /// At the end: each message's fate is known and true, and the store holds no message that nobody sent.
  /// `plain_names` speak too, and are PlainCheck's business.
  void finish(const std::vector<std::string>& plain_names);

  std::size_t count() const { return fates_.size(); }

 private:
  struct Fate {
    std::string who;
    std::string room;
    std::string text;
    bool in_vain = false;
    std::optional<Status> final;
    std::vector<base::Seq> places;  // in the archive; filled by finish()
  };

  void check_stored(const Fate& fate, const Status& status);
  void find_places(const std::vector<std::string>& plain_names);
  void check_fate(const std::string& id, const Fate& fate);

  Archive& archive_;
  Complaints& complaints_;
  std::map<std::string, Fate> fates_;  // by id
};

/// One plain member of the lobby. `archive` and `complaints` must outlive it.
class PlainCheck {
 public:
  PlainCheck(std::string name, Archive& archive, Complaints& complaints)
      : name_(std::move(name)), archive_(archive), complaints_(complaints) {}

  void sent(const std::string& text);
  void heard(const Message& line);
  /// At the end: what was sent is in the log, in order; what was heard is the log's newest lines but one's own, all of
  /// them from the first own line on.
  void finish();

  const std::string& name() const { return name_; }
  std::size_t heard_count() const { return heard_.size(); }

 private:
  struct Line {
    std::string name;
    std::string text;
    bool operator==(const Line&) const = default;
  };

  void check_sent();
  std::vector<Line> lines_of_others(base::Seq from);
  base::Seq first_own();

  std::string name_;
  Archive& archive_;
  Complaints& complaints_;
  std::vector<std::string> sent_;  // one a datagram
  std::vector<Line> heard_;
};

}  // namespace confab::sim

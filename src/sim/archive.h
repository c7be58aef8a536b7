// SPDX-License-Identifier: MIT
// What the store holds for good, as checkers ask for it: decoded, each event once, in the order of each room.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "confab/types.h"
#include "log/store.h"
#include "sim/complaints.h"
#include "wire/framing.h"

namespace confab::sim {

/// An event as a person would tell it. The store's account and each reader's must be the same.
struct Account {
  enum class Kind { message, joined, left_room, quit, lost, topic, edit, redaction, reaction, unknown };
  Kind kind = Kind::unknown;
  std::string name;
  bool verified = false;
  std::int64_t time_ms = 0;
  std::string id;           ///< the message's; the target's, of what points at one
  std::string text;         ///< as Content has it
  std::string own_id = {};  ///< the store's account alone: readers are not told it of all events
  bool operator==(const Account& other) const;
  /// What clients send, not what the server says itself.
  bool is_content() const;

  static Account of(const wire::pb::Event& event);
  static Account of(const Message& event);
  static Account of(const Joined& event);
  static Account of(const Left& event);
  static Account of(const TopicChanged& event);
  static Account of(const Edited& event);
  static Account of(const Redacted& event);
  static Account of(const Reacted& event);
  static Account of(const Unknown& event);

  std::string to_string() const;
};

/// `store` must outlive it, and may grow meanwhile.
class Archive {
 public:
  using Watcher = std::function<void(const std::string& room, base::Seq seq, const Account& account)>;

  explicit Archive(log::Store& store) : store_(store) {}

  /// Is told of every event, once, before anybody gets it from here.
  void set_watcher(Watcher watcher) { watcher_ = std::move(watcher); }
  /// Takes in what the store has got since.
  void look();
  /// Complains where the store no longer holds what it held.
  void check_kept(Complaints& complaints);

  base::Seq end_seq(const std::string& room) { return read_on(room).size(); }
  /// nullptr where the store has no such event.
  const Account* find(const std::string& room, base::Seq seq);
  /// All of a room; event seq stands at [seq - 1].
  const std::vector<Account>& events(const std::string& room) { return read_on(room); }
  std::vector<std::string> rooms();

 private:
  std::vector<Account>& read_on(const std::string& room);
  std::vector<Account> read(const std::string& room, base::Seq first);

  log::Store& store_;
  Watcher watcher_;
  std::map<std::string, std::vector<Account>> rooms_;
};

}  // namespace confab::sim

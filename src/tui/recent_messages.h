// SPDX-License-Identifier: MIT
// What was said lately: what "the newest message of Ada" means to /reply, /edit, /redact and /react, and what an edit
// or a reaction is about.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "confab/types.h"

namespace confab::tui {

/// Of each room the newest messages_max that were heard, by their place in the log. What has no id (the plain protocol)
/// is not kept: nothing can be said to it. Not thread-safe.
class RecentMessages {
 public:
  static constexpr std::size_t messages_max = 200;

  /// In any order, and repeated as history may bring it.
  void add(const Message& message);
  /// Both count only where the message's author says so, with a key behind the name, and are ignored elsewhere. True
  /// where it counted.
  bool apply(const Edited& edited);
  bool apply(const Redacted& redacted);

  /// nullptr where it is not, or no longer, here; valid until the next change.
  const Message* find(const std::string& room, std::string_view id) const;

  /// The newest of anybody but `own_name`, or of `name` (whatever its case) where one is given.
  const Message* newest_of_others(const std::string& room, std::string_view own_name, std::string_view name) const;
  /// The newest that this name wrote, on whatever device.
  const Message* newest_of_mine(const std::string& room, std::string_view own_name) const;
  /// 0: nothing was heard of the room.
  std::uint64_t newest_seq(const std::string& room) const;

 private:
  using Room = std::map<std::uint64_t, Message>;

  template <typename Wanted>
  const Message* newest(const std::string& room, Wanted wanted) const;
  Room::iterator find_of_author(Room& room, std::string_view id, std::string_view name, bool verified);

  std::map<std::string, Room> rooms_;
};

}  // namespace confab::tui

// SPDX-License-Identifier: MIT
// Who is in a room: what the server listed, brought up to date by what is heard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "confab/types.h"

namespace confab::screen {

/// Ordered by folded name. A plain member and a key's may bear one name: they are two. Not thread-safe.
class Roster {
 public:
  /// The server's list replaces everything.
  void set(const std::vector<Member>& members);
  void join(const std::string& name, bool verified);
  void leave(const std::string& name, bool verified);
  /// Of somebody who is not here: nothing.
  void set_presence(const std::string& name, Presence presence, const std::string& away_text);

  std::size_t size() const { return members_.size(); }
  bool empty() const { return members_.empty(); }
  /// At most `count_max`, in order.
  std::vector<Member> first(std::size_t count_max) const;
  const Member* find(std::string_view name) const;
  /// Grows with every change of who is here.
  std::uint64_t version() const { return version_; }

  template <typename Visitor>
  void for_each(Visitor visit) const {
    for (const auto& [key, member] : members_) visit(key.first, member);
  }

 private:
  using Key = std::pair<std::string, bool>;  // folded name, whether it is a plain member
  static Key key_of(const std::string& name, bool verified);

  std::map<Key, Member> members_;
  std::uint64_t version_ = 0;
};

}  // namespace confab::screen

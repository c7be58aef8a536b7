// SPDX-License-Identifier: MIT
#include "screen/roster.h"

#include <utility>

#include "base/text.h"

namespace confab::screen {

Roster::Key Roster::key_of(const std::string& name, bool verified) { return {base::fold_case(name), !verified}; }

void Roster::set(const std::vector<Member>& members) {
  members_.clear();
  for (const Member& member : members) members_.insert_or_assign(key_of(member.name, member.verified), member);
  ++version_;
}

void Roster::join(const std::string& name, bool verified) {
  members_.insert_or_assign(key_of(name, verified), Member{.name = name, .verified = verified, .away_text = {}});
  ++version_;
}

void Roster::leave(const std::string& name, bool verified) {
  if (members_.erase(key_of(name, verified)) > 0) ++version_;
}

void Roster::set_presence(const std::string& name, Presence presence, const std::string& away_text) {
  for (const bool verified : {true, false}) {
    const auto found = members_.find(key_of(name, verified));
    if (found == members_.end()) continue;
    found->second.presence = presence;
    found->second.away_text = away_text;
    return;
  }
}

std::vector<Member> Roster::first(std::size_t count_max) const {
  std::vector<Member> members;
  for (const auto& [key, member] : members_) {
    if (members.size() == count_max) break;
    members.push_back(member);
  }
  return members;
}

const Member* Roster::find(std::string_view name) const {
  const auto found = members_.lower_bound({base::fold_case(name), false});
  return found != members_.end() && found->first.first == base::fold_case(name) ? &found->second : nullptr;
}

}  // namespace confab::screen

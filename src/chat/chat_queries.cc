// SPDX-License-Identifier: MIT
// What the chat can be asked: nothing here changes it.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/text.h"
#include "chat/chat.h"
#include "wire/names.h"

namespace confab::chat {

namespace pb = wire::pb;

namespace {

const std::string& nothing() {
  static const std::string none;
  return none;
}

}  // namespace

std::optional<Refusal> Chat::check_access(SessionId session, const std::string& room) const {
  const auto names = wire::direct_names(room);
  if (!names) return std::nullopt;
  const auto found = sessions_.find(session);
  const bool has_key = found != sessions_.end() && found->second.key.origin == pb::ORIGIN_KEY;
  const std::string& own = has_key ? found->second.key.folded_name : nothing();
  if (own != names->first && own != names->second) {
    return Refusal{pb::Refused::CODE_NOT_ALLOWED, "a direct room is for the two that it names", {}, 0};
  }
  // What is said to a name that nobody owns would be read by whoever takes it later.
  const std::string other(own == names->first ? names->second : names->first);
  if (owners_.contains(other)) return std::nullopt;
  return Refusal{pb::Refused::CODE_NO_SUCH_ROOM, fmt::format("nobody here is called {}", other), {}, 0};
}

const std::string& Chat::topic(const std::string& room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nothing() : found->second.topic;
}

base::Seq Chat::read_seq(SessionId session, const std::string& room) const {
  const auto asker = sessions_.find(session);
  if (asker == sessions_.end() || asker->second.key.origin != pb::ORIGIN_KEY) return 0;
  const auto markers = markers_.find(asker->second.key.folded_name);
  if (markers == markers_.end()) return 0;
  const auto found = markers->second.find(room);
  return found == markers->second.end() ? 0 : found->second;
}

std::size_t Chat::member_count(const std::string& room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? 0 : found->second.members.size();
}

Page<MemberInfo> Chat::members(const std::string& room, const std::string& after, std::size_t count_max) const {
  Page<MemberInfo> page;
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return page;
  const auto& members = found->second.members;
  // A page may end between a key and a plain member of one name; the plain one is then shown again, never skipped.
  auto at = after.empty() ? members.begin() : members.upper_bound({base::fold_case(after), pb::ORIGIN_KEY});
  for (; at != members.end() && page.entries.size() < count_max; ++at) {
    page.entries.push_back({at->second.name, at->first.origin, at->second.presence});
  }
  page.more = at != members.end();
  return page;
}

Page<RoomInfo> Chat::rooms(const std::string& after, std::size_t count_max) const {
  Page<RoomInfo> page;
  // Direct rooms stand side by side: all that begins with '@' comes before "A".
  const auto listed = [this](auto at) {
    return at != rooms_.end() && wire::is_direct(at->first) ? rooms_.lower_bound("A") : at;
  };
  auto at = listed(after.empty() ? rooms_.begin() : rooms_.upper_bound(after));
  for (; at != rooms_.end() && page.entries.size() < count_max; at = listed(std::next(at))) {
    page.entries.push_back({at->first, at->second.members.size(), at->second.topic});
  }
  page.more = at != rooms_.end();
  return page;
}

std::vector<SessionId> Chat::sessions_in(const std::string& room) const {
  std::vector<SessionId> result;
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return result;
  for (const auto& [key, member] : found->second.members) {
    result.insert(result.end(), member.sessions.begin(), member.sessions.end());
  }
  std::ranges::sort(result);
  return result;
}

bool Chat::is_in(SessionId session, const std::string& room) const {
  const auto found = sessions_.find(session);
  return found != sessions_.end() && found->second.rooms.contains(room);
}

const std::string& Chat::name_of(SessionId session) const {
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? nothing() : found->second.name;
}

Page<RoomInfo> Chat::direct_rooms(SessionId session, const std::string& after, std::size_t count_max) const {
  Page<RoomInfo> page;
  const auto asker = sessions_.find(session);
  if (asker == sessions_.end() || asker->second.key.origin != pb::ORIGIN_KEY) return page;
  const auto own = direct_rooms_.find(asker->second.key.folded_name);
  if (own == direct_rooms_.end()) return page;
  auto at = own->second.upper_bound(after);
  for (; at != own->second.end() && page.entries.size() < count_max; ++at) {
    page.entries.push_back({*at, member_count(*at), topic(*at)});
  }
  page.more = at != own->second.end();
  return page;
}

bool Chat::is_member(const MemberKey& key, const std::string& room) const {
  const auto found = rooms_.find(room);
  return found != rooms_.end() && found->second.members.contains(key);
}

std::vector<SessionId> Chat::sessions_of(const std::string& folded_name) const {
  std::vector<SessionId> result;
  for (auto at = sessions_by_name_.lower_bound({folded_name, 0});
       at != sessions_by_name_.end() && at->first == folded_name; ++at) {
    result.push_back(at->second);
  }
  return result;
}

}  // namespace confab::chat

// SPDX-License-Identifier: MIT
#include "tui/recent_messages.h"

#include <algorithm>
#include <ranges>

#include "base/text.h"

namespace confab::tui {

namespace {

bool is_mine(const Message& message, const std::string& own_folded) {
  return message.own || (message.verified && base::fold_case(message.name) == own_folded);
}

}  // namespace

void RecentMessages::add(const Message& message) {
  if (message.id.empty()) return;
  Room& room = rooms_[message.room];
  room.insert_or_assign(message.seq, message);
  if (room.size() > messages_max) room.erase(room.begin());
}

RecentMessages::Room::iterator RecentMessages::find_of_author(Room& room, std::string_view id, std::string_view name,
                                                              bool verified) {
  return std::ranges::find_if(room, [&](const auto& entry) {
    const Message& message = entry.second;
    return message.id == id && message.verified && verified && base::fold_case(message.name) == base::fold_case(name);
  });
}

bool RecentMessages::apply(const Edited& edited) {
  Room& room = rooms_[edited.room];
  const auto found = find_of_author(room, edited.target, edited.name, edited.verified);
  if (found == room.end()) return false;
  found->second.text = edited.text;
  return true;
}

bool RecentMessages::apply(const Redacted& redacted) {
  Room& room = rooms_[redacted.room];
  const auto found = find_of_author(room, redacted.target, redacted.name, redacted.verified);
  if (found == room.end()) return false;
  room.erase(found);
  return true;
}

const Message* RecentMessages::find(const std::string& room, std::string_view id) const {
  return newest(room, [id](const Message& message) { return message.id == id; });
}

template <typename Wanted>
const Message* RecentMessages::newest(const std::string& room, Wanted wanted) const {
  const auto messages = rooms_.find(room);
  if (messages == rooms_.end()) return nullptr;
  for (const auto& [seq, message] : std::ranges::reverse_view(messages->second)) {
    if (wanted(message)) return &message;
  }
  return nullptr;
}

const Message* RecentMessages::newest_of_others(const std::string& room, std::string_view own_name,
                                                std::string_view name) const {
  const std::string own = base::fold_case(own_name);
  const std::string wanted = base::fold_case(name);
  return newest(room, [&](const Message& message) {
    return wanted.empty() ? !is_mine(message, own) : base::fold_case(message.name) == wanted;
  });
}

const Message* RecentMessages::newest_of_mine(const std::string& room, std::string_view own_name) const {
  const std::string own = base::fold_case(own_name);
  return newest(room, [&own](const Message& message) { return is_mine(message, own); });
}

std::uint64_t RecentMessages::newest_seq(const std::string& room) const {
  const auto messages = rooms_.find(room);
  return messages == rooms_.end() || messages->second.empty() ? 0 : messages->second.rbegin()->first;
}

}  // namespace confab::tui

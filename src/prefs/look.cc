// SPDX-License-Identifier: MIT
#include "prefs/look.h"

#include <array>
#include <utility>

namespace confab::prefs {

namespace {

/// One row for each role, in the order of the enumeration.
constexpr std::array<std::pair<Role, std::string_view>, role_count> names = {{
    {Role::text, "text"},
    {Role::time, "time"},
    {Role::name, "name"},
    {Role::own_name, "own-name"},
    {Role::action, "action"},
    {Role::notice, "notice"},
    {Role::event, "event"},
    {Role::note, "note"},
    {Role::error, "error"},
    {Role::mention, "mention"},
    {Role::highlight, "highlight"},
    {Role::link, "link"},
    {Role::reply, "reply"},
    {Role::edited, "edited"},
    {Role::redacted, "redacted"},
    {Role::reaction, "reaction"},
    {Role::pending, "pending"},
    {Role::refused, "refused"},
    {Role::day_change, "day-change"},
    {Role::unread_marker, "unread-marker"},
    {Role::search_hit, "search-hit"},
    {Role::selected, "selected"},
    {Role::room, "room"},
    {Role::room_current, "room-current"},
    {Role::room_unread, "room-unread"},
    {Role::room_mention, "room-mention"},
    {Role::member, "member"},
    {Role::member_away, "member-away"},
    {Role::border, "border"},
    {Role::status, "status"},
    {Role::status_bad, "status-bad"},
    {Role::topic, "topic"},
    {Role::prompt, "prompt"},
    {Role::input, "input"},
}};

constexpr bool are_in_order() {
  for (std::size_t i = 0; i < role_count; ++i) {
    if (names[i].first != static_cast<Role>(i)) return false;
  }
  return true;
}
static_assert(are_in_order());

}  // namespace

std::string_view to_string(Role role) { return names[static_cast<std::size_t>(role)].second; }

std::optional<Role> parse_role(std::string_view name) {
  for (const auto& [role, role_name] : names) {
    if (role_name == name) return role;
  }
  return std::nullopt;
}

}  // namespace confab::prefs

// SPDX-License-Identifier: MIT
#include "server/executor.h"

#include "wire/limits.h"

namespace confab::server {

chat::Effects Executor::execute(const chat::Command& command, base::Now now, std::uint64_t tag, Haste haste) {
  chat::Effects effects = chat_.apply(command, now);
  // Only a message is waited for: what the server writes itself (joins, leaves) has no asker.
  const chat::SessionId asker = std::visit([](const auto& each) { return each.session; }, command);
  const bool is_post = std::holds_alternative<chat::commands::Post>(command);
  carry_out(effects, {.asker = asker, .author = is_post ? asker : 0, .tag = tag, .haste = haste}, now);
  return effects;
}

void Executor::wake(base::Now now) { carry_out(chat_.wake(now), {}, now); }

void Executor::fan_out(const std::string& room, wire::pb::Hint hint, chat::SessionId asker) {
  if (chat_.member_count(room) > wire::limits::hinted_members_max) return;
  hint.set_room(room);
  const base::Bytes bytes = wire::encode_datagram(hint);
  for (const chat::SessionId session : chat_.sessions_in(room)) {
    if (session != asker) shards_.hint(session, bytes);
  }
}

void Executor::carry_out(const chat::Effects& effects, const Errand& errand, base::Now now) {
  for (const chat::NewEvent& event : effects.events) journal_.add(event, errand.author, errand.tag, errand.haste);
  for (const chat::NewClaim& claim : effects.claims) journal_.add(claim);
  if (effects.marker) journal_.add(*effects.marker, now);
  for (const chat::PresenceChange& change : effects.presence) {
    wire::pb::Hint hint;
    hint.set_name(change.name);
    hint.set_stamp(static_cast<std::uint64_t>(now.instant.time_since_epoch().count()));
    *hint.mutable_presence() = change.presence;
    for (const std::string& room : change.rooms) fan_out(room, hint, errand.asker);
  }
}

}  // namespace confab::server

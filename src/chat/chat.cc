// SPDX-License-Identifier: MIT
#include "chat/chat.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "chat/message_rules.h"
#include "wire/limits.h"
#include "wire/names.h"

namespace confab::chat {

namespace pb = wire::pb;
namespace limits = wire::limits;

namespace {

Effects refuse(Refusal refusal) {
  Effects effects;
  effects.refusal = std::move(refusal);
  return effects;
}

Refusal not_a_member(const std::string& room) {
  return {pb::Refused::CODE_NOT_A_MEMBER, fmt::format("you are not in {}", in_words(room)), {}, 0};
}

pb::Presence presence_of(pb::Presence::State state) {
  pb::Presence presence;
  presence.set_state(state);
  return presence;
}

}  // namespace

void Chat::restore_room(const std::string& room, std::uint64_t newest_ms, std::string topic) {
  rooms_[room].newest_ms = newest_ms;
  on_stored(room, std::move(topic));
}

void Chat::restore_marker(const std::string& folded_name, const std::string& room, base::Seq up_to) {
  markers_[folded_name][room] = up_to;
}

void Chat::restore_member(const std::string& room, const MemberKey& key, const std::string& name) {
  Member& member = rooms_[room].members[key];
  member.name = name;
  member.presence = presence_of(pb::Presence::STATE_LOST);
  member.announced = true;
  restored_.emplace_back(room, key);
}

void Chat::on_stored(const std::string& room, const std::optional<std::string>& topic) {
  if (topic) rooms_[room].topic = *topic;
  const auto names = wire::direct_names(room);
  if (!names) return;
  for (const std::string_view name : {names->first, names->second}) direct_rooms_[std::string(name)].insert(room);
}

Effects Chat::apply(const Command& command, base::Now now) {
  return std::visit([&](const auto& each) { return on(each, now); }, command);
}

Effects Chat::on(const commands::Identify& command, base::Now) {
  if (sessions_.contains(command.session)) {
    return refuse({pb::Refused::CODE_NOT_ALLOWED, "this session has said who it is already", {}, 0});
  }
  if (command.name.empty() && command.key) {
    sessions_.emplace(command.session, Session{});
    return {};
  }
  const auto name = wire::canonical_name(command.name);
  if (!name) return refuse({pb::Refused::CODE_NAME_INVALID, name.error(), {}, 0});

  Effects effects;
  const MemberKey key{base::fold_case(*name), command.key ? pb::ORIGIN_KEY : pb::ORIGIN_PLAIN};
  if (auto refusal = check_owner(command, key, effects)) return refuse(std::move(*refusal));
  sessions_.emplace(command.session, Session{*name, key, {}});
  if (command.key) sessions_by_name_.emplace(key.folded_name, command.session);
  effects.name = *name;
  return effects;
}

std::optional<Refusal> Chat::check_owner(const commands::Identify& command, const MemberKey& key, Effects& effects) {
  const auto owner = owners_.find(key.folded_name);
  if (owner == owners_.end()) {
    if (!command.key) return std::nullopt;
    owners_.emplace(key.folded_name, *command.key);
    effects.claims.push_back({key.folded_name, *command.key});
    return std::nullopt;
  }
  if (command.key == owner->second) return std::nullopt;
  return Refusal{pb::Refused::CODE_NAME_TAKEN,
                 fmt::format("the name \"{}\" belongs to another key; choose another name", command.name),
                 {},
                 0};
}

Effects Chat::on(const commands::Join& command, base::Now now) {
  Effects effects;
  Session* session = speaker(command.session, effects);
  if (session == nullptr) return effects;
  const auto room = place(command.session, command.room);
  if (!room) return refuse(room.error());
  effects.room = *room;
  if (session->rooms.contains(*room)) return effects;
  if (session->rooms.size() >= limits::rooms_per_session_max) {
    return refuse(over_limit("rooms_per_session_max", limits::rooms_per_session_max, "you are in too many rooms"));
  }
  if (!has_room(*room) && rooms_.size() >= limits::rooms_max) {
    return refuse(over_limit("rooms_max", limits::rooms_max, "this server has no place for more rooms"));
  }
  session->rooms.insert(*room);
  enter(*room, command.session, *session, effects, now);
  return effects;
}

Effects Chat::on(const commands::Part& command, base::Now now) {
  Effects effects;
  Session* session = speaker(command.session, effects);
  if (session == nullptr) return effects;
  const auto room = place(command.session, command.room);
  if (!room) return refuse(room.error());
  effects.room = *room;
  if (session->rooms.erase(*room) == 0) return refuse(not_a_member(*room));
  leave(*room, command.session, *session, pb::Left::REASON_PART, effects, now);
  return effects;
}

Effects Chat::on(const commands::Post& command, base::Now now) {
  Effects effects;
  const Session* session = speaker(command.session, effects);
  if (session == nullptr) return effects;
  const auto room = place(command.session, command.room);
  if (!room) return refuse(room.error());
  if (!has_room(*room) && rooms_.size() >= limits::rooms_max) {
    return refuse(over_limit("rooms_max", limits::rooms_max, "this server has no place for more rooms"));
  }
  if (std::holds_alternative<pb::Topic>(command.content) && !is_member(session->key, *room)) {
    return refuse(not_a_member(*room));
  }
  Content content = command.content;
  if (auto refusal = check_content(content)) return refuse(std::move(*refusal));

  NewEvent event = make_event(*room, session->name, session->key.origin, command.id, now);
  put(std::move(content), event.event);
  effects.room = *room;
  effects.events.push_back(std::move(event));
  return effects;
}

Effects Chat::on(const commands::MarkRead& command, base::Now) {
  Effects effects;
  const Session* session = speaker(command.session, effects);
  if (session == nullptr) return effects;
  if (session->key.origin != pb::ORIGIN_KEY) {
    return refuse({pb::Refused::CODE_NOT_ALLOWED, "a name that no key stands behind has no read markers", {}, 0});
  }
  if (auto refusal = check_access(command.session, command.room)) return refuse(std::move(*refusal));
  if (!session->rooms.contains(command.room)) return refuse(not_a_member(command.room));
  if (command.up_to <= read_seq(command.session, command.room)) return effects;
  auto& markers = markers_[session->key.folded_name];
  if (markers.size() >= limits::markers_per_name_max && !markers.contains(command.room)) {
    return refuse(over_limit("markers_per_name_max", limits::markers_per_name_max, "you have marked too many rooms"));
  }
  markers[command.room] = command.up_to;
  effects.marker = {session->key.folded_name, command.room, command.up_to};
  return effects;
}

Effects Chat::on(const commands::SetPresence& command, base::Now) {
  Effects effects;
  const Session* session = speaker(command.session, effects);
  if (session == nullptr) return effects;
  // Cleaned first: a control character grows to three bytes.
  const std::string text =
      base::clean_line(base::prefix_within(command.presence.text(), 4 * limits::presence_text_bytes_max));
  if (text.size() > limits::presence_text_bytes_max) {
    return refuse(over_limit("presence_text_bytes_max", limits::presence_text_bytes_max, "the reason is too long"));
  }
  pb::Presence presence = presence_of(command.presence.state() == pb::Presence::STATE_AWAY ? pb::Presence::STATE_AWAY
                                                                                           : pb::Presence::STATE_HERE);
  presence.set_text(text);
  for (const std::string& room : session->rooms) rooms_[room].members[session->key].presence = presence;
  effects.presence.push_back({session->name, {session->rooms.begin(), session->rooms.end()}, presence});
  return effects;
}

Effects Chat::on(const commands::End& command, base::Now now) {
  Effects effects;
  const auto found = sessions_.find(command.session);
  if (found == sessions_.end()) return effects;
  const Session session = std::move(found->second);
  sessions_.erase(found);
  sessions_by_name_.erase({session.key.folded_name, command.session});

  std::vector<std::string> lost_in;
  for (const std::string& room : session.rooms) {
    if (command.quit) {
      leave(room, command.session, session, pb::Left::REASON_QUIT, effects, now);
      continue;
    }
    Member& member = rooms_[room].members[session.key];
    member.sessions.erase(command.session);
    if (!member.sessions.empty()) continue;
    begin_grace(room, session.key, member, now);
    lost_in.push_back(room);
  }
  if (!lost_in.empty()) {
    effects.presence.push_back({session.name, std::move(lost_in), presence_of(pb::Presence::STATE_LOST)});
  }
  return effects;
}

Effects Chat::wake(base::Now now) {
  for (const auto& [room, key] : std::exchange(restored_, {})) {
    const auto found = rooms_[room].members.find(key);
    if (found != rooms_[room].members.end() && found->second.sessions.empty())
      begin_grace(room, key, found->second, now);
  }
  Effects effects;
  while (!graces_.empty() && graces_.begin()->end <= now.instant) {
    const Grace grace = *graces_.begin();
    remove(grace.room, grace.member, pb::Left::REASON_LOST, effects, now);
  }
  return effects;
}

base::Instant Chat::next_deadline() const {
  if (!restored_.empty()) return base::at_once;
  return graces_.empty() ? base::never : graces_.begin()->end;
}

Chat::Session* Chat::speaker(SessionId session, Effects& effects) {
  const auto found = sessions_.find(session);
  if (found != sessions_.end() && !found->second.name.empty()) return &found->second;
  effects.refusal = Refusal{pb::Refused::CODE_NOT_ALLOWED, "an observer without a name can only read", {}, 0};
  return nullptr;
}

/// A room that this session may speak of, as it is written.
std::expected<std::string, Refusal> Chat::place(SessionId session, const std::string& room) const {
  auto written = wire::canonical_room(room);
  if (!written) return std::unexpected(Refusal{pb::Refused::CODE_ROOM_INVALID, written.error(), {}, 0});
  if (auto refusal = check_access(session, *written)) return std::unexpected(std::move(*refusal));
  return std::move(*written);
}

void Chat::enter(const std::string& room, SessionId id, const Session& session, Effects& effects, base::Now now) {
  Room& place = rooms_[room];
  const auto [found, is_new] = place.members.try_emplace(session.key);
  Member& member = found->second;
  if (!is_new && member.sessions.empty()) graces_.erase({member.grace_end, room, session.key});
  const bool was_lost = !is_new && member.presence.state() == pb::Presence::STATE_LOST;
  member.name = session.name;
  member.sessions.insert(id);
  member.grace_end = base::never;
  if (was_lost) {
    member.presence = presence_of(pb::Presence::STATE_HERE);
    effects.presence.push_back({session.name, {room}, member.presence});
  }
  // Who comes and goes between two would ring at the other one with every start of a client.
  if (!is_new || place.members.size() > limits::announced_members_max || wire::is_direct(room)) return;
  member.announced = true;
  effects.events.push_back(make_member_event(room, member, {.key = session.key, .present = true}, now));
  effects.events.back().event.mutable_joined();
}

void Chat::leave(const std::string& room, SessionId id, const Session& session, pb::Left::Reason reason,
                 Effects& effects, base::Now now) {
  Member& member = rooms_[room].members[session.key];
  member.sessions.erase(id);
  if (member.sessions.empty()) remove(room, session.key, reason, effects, now);
}

void Chat::remove(const std::string& room, const MemberKey& key, pb::Left::Reason reason, Effects& effects,
                  base::Now now) {
  Room& place = rooms_[room];
  const auto found = place.members.find(key);
  const Member member = std::move(found->second);
  place.members.erase(found);
  graces_.erase({member.grace_end, room, key});
  if (!member.announced) return;
  effects.events.push_back(make_member_event(room, member, {.key = key, .present = false}, now));
  effects.events.back().event.mutable_left()->set_reason(reason);
}

void Chat::begin_grace(const std::string& room, const MemberKey& key, Member& member, base::Now now) {
  member.grace_end = now.instant + limits::presence_grace;
  member.presence = presence_of(pb::Presence::STATE_LOST);
  graces_.insert({member.grace_end, room, key});
}

NewEvent Chat::make_member_event(const std::string& room, const Member& member, const MemberChange& change,
                                 base::Now now) {
  NewEvent event = make_event(room, member.name, change.key.origin, base::MessageId::make(random_), now);
  event.member = change;
  return event;
}

NewEvent Chat::make_event(const std::string& room, const std::string& name, pb::Origin origin, base::MessageId id,
                          base::Now now) {
  Room& place = rooms_[room];
  place.newest_ms = std::max(place.newest_ms, static_cast<std::uint64_t>(std::max<std::int64_t>(now.wall.unix_ms, 0)));
  NewEvent result{room, id, {}, {}};
  result.event.set_time_ms(place.newest_ms);
  result.event.set_id(id.bytes.data(), id.bytes.size());
  result.event.set_name(name);
  result.event.set_origin(origin);
  return result;
}

}  // namespace confab::chat

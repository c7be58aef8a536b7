// SPDX-License-Identifier: MIT
#include "client/translate.h"

#include "base/ids.h"
#include "base/text.h"

namespace confab::client {

namespace pb = wire::pb;

namespace {

std::string id_text(const std::string& bytes) {
  const auto id = base::MessageId::from(base::as_bytes(bytes));
  return id ? id->to_string() : std::string();
}

Kind kind_of(pb::Kind kind) {
  if (kind == pb::KIND_ACTION) return Kind::action;
  if (kind == pb::KIND_NOTICE) return Kind::notice;
  return Kind::text;
}

bool is_shown(const pb::Message& message) {
  return message.kind() != pb::KIND_FILE && message.kind() != pb::KIND_OPAQUE;
}

Left::Reason reason_of(pb::Left::Reason reason) {
  if (reason == pb::Left::REASON_QUIT) return Left::Reason::quit;
  if (reason == pb::Left::REASON_LOST) return Left::Reason::lost;
  return Left::Reason::part;
}

}  // namespace

Event translate_event(const pb::Event& event, const std::string& room, RequestId request) {
  const auto time_ms = static_cast<std::int64_t>(event.time_ms());
  const std::string name = base::clean_line(event.name());
  const bool verified = event.origin() == pb::ORIGIN_KEY;
  if (event.has_message() && is_shown(event.message())) {
    return Message{.room = room,
                   .seq = event.seq(),
                   .time_ms = time_ms,
                   .name = name,
                   .kind = kind_of(event.message().kind()),
                   .text = base::clean_text(event.message().text()),
                   .id = id_text(event.id()),
                   .reply_to = id_text(event.message().reply_to()),
                   .verified = verified,
                   .own = false,
                   .request = request};
  }
  if (event.has_joined()) return Joined{room, event.seq(), time_ms, name, verified, request};
  if (event.has_left()) {
    return Left{room, event.seq(), time_ms, name, verified, reason_of(event.left().reason()), request};
  }
  if (event.has_gone()) return Gone{room, event.seq(), event.gone().last(), request};
  return Unknown{room, event.seq(), time_ms, name, request};
}

Member translate_member(const pb::Member& member) {
  return {.name = base::clean_line(member.name()),
          .verified = member.origin() == pb::ORIGIN_KEY,
          .presence = translate_presence(member.presence()),
          .away_text = base::clean_line(member.presence().text())};
}

Presence translate_presence(const pb::Presence& presence) {
  if (presence.state() == pb::Presence::STATE_AWAY) return Presence::away;
  if (presence.state() == pb::Presence::STATE_LOST) return Presence::lost;
  return Presence::here;
}

pb::Kind to_wire(Kind kind) {
  if (kind == Kind::action) return pb::KIND_ACTION;
  if (kind == Kind::notice) return pb::KIND_NOTICE;
  return pb::KIND_TEXT;
}

pb::Presence to_wire(Presence presence, const std::string& away_text) {
  pb::Presence result;
  result.set_state(presence == Presence::away ? pb::Presence::STATE_AWAY : pb::Presence::STATE_HERE);
  result.set_text(base::clean_line(away_text));
  return result;
}

}  // namespace confab::client

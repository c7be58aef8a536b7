// SPDX-License-Identifier: MIT
#include "client/translate.h"

#include <optional>
#include <utility>

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

/// What points at a message. What points at nothing is nothing that this version could show.
std::optional<Event> translate_about(const pb::Event& event, const std::string& room, const std::string& name,
                                     RequestId request) {
  const auto time_ms = static_cast<std::int64_t>(event.time_ms());
  const bool verified = event.origin() == pb::ORIGIN_KEY;
  const std::string target = id_text(event.has_edit()        ? event.edit().target()
                                     : event.has_redaction() ? event.redaction().target()
                                                             : event.reaction().target());
  if (target.empty()) return std::nullopt;
  if (event.has_edit()) {
    const std::string text = base::clean_text(event.edit().text());
    return Edited{room, event.seq(), time_ms, name, target, text, verified, request};
  }
  if (event.has_redaction()) {
    const std::string reason = base::clean_line(event.redaction().reason());
    return Redacted{room, event.seq(), time_ms, name, target, reason, verified, request};
  }
  const pb::Reaction& reaction = event.reaction();
  const std::string text = base::clean_line(reaction.text());
  return Reacted{room, event.seq(), time_ms, name, target, text, reaction.withdrawn(), verified, request};
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
  if (event.has_topic()) {
    const std::string text = base::clean_line(event.topic().text());
    return TopicChanged{room, event.seq(), time_ms, name, text, verified, request};
  }
  if (auto about = translate_about(event, room, name, request)) return *std::move(about);
  if (event.has_gone()) return Gone{room, event.seq(), event.gone().last(), request};
  return Unknown{room, event.seq(), time_ms, name, request};
}

std::optional<std::string> make_sendable(Content& content) {
  using What = Content::What;
  const bool points = content.what != What::message && content.what != What::topic;
  const auto target = base::MessageId::parse(content.target);
  if (!target && (points || !content.target.empty())) return "it points at no message: an id has 32 hexadecimal digits";
  if (target) content.target = target->to_string();
  // The wire takes valid UTF-8 alone: one broken byte must not cost the connection, and with it what waits behind it.
  const bool has_lines = content.what == What::message || content.what == What::edit;
  content.text = has_lines ? base::clean_text(content.text) : base::clean_line(content.text);
  return std::nullopt;
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

void to_wire(const Content& content, pb::Send& send) {
  const auto id = base::MessageId::parse(content.target);
  const std::string target = id ? std::string(id->bytes.begin(), id->bytes.end()) : std::string();
  switch (content.what) {
    case Content::What::message:
      send.mutable_message()->set_kind(to_wire(content.kind));
      send.mutable_message()->set_text(content.text);
      send.mutable_message()->set_reply_to(target);
      return;
    case Content::What::topic:
      return send.mutable_topic()->set_text(content.text);
    case Content::What::edit:
      send.mutable_edit()->set_target(target);
      return send.mutable_edit()->set_text(content.text);
    case Content::What::redaction:
      send.mutable_redaction()->set_target(target);
      return send.mutable_redaction()->set_reason(content.text);
    case Content::What::reaction:
      send.mutable_reaction()->set_target(target);
      send.mutable_reaction()->set_text(content.text);
      return send.mutable_reaction()->set_withdrawn(content.withdrawn);
  }
}

pb::Presence to_wire(Presence presence, const std::string& away_text) {
  pb::Presence result;
  result.set_state(presence == Presence::away ? pb::Presence::STATE_AWAY : pb::Presence::STATE_HERE);
  result.set_text(base::clean_line(away_text));
  return result;
}

}  // namespace confab::client

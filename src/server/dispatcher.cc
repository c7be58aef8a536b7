// SPDX-License-Identifier: MIT
#include "server/dispatcher.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

#include "base/text.h"
#include "chat/message_rules.h"
#include "server/refused.h"
#include "wire/codes.h"
#include "wire/limits.h"
#include "wire/names.h"
#include "wire/proof.h"

namespace confab::server {

namespace pb = wire::pb;
namespace limits = wire::limits;

namespace {

constexpr int failed_proofs_max = 3;

/// Of an entry in a page of rooms, beside its texts.
constexpr std::size_t numbers_bytes = 32;

template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> exactly(const std::string& bytes) {
  std::array<std::uint8_t, N> result{};
  if (bytes.size() != N) return std::nullopt;
  std::memcpy(result.data(), bytes.data(), N);
  return result;
}

chat::Refusal refusal(pb::Refused::Code code, std::string text) { return {code, std::move(text), {}, 0}; }

chat::Refusal too_many_readers() {
  return {pb::Refused::CODE_LIMIT, "you read too much at once", "readers_per_session_max",
          limits::readers_per_session_max};
}

}  // namespace

struct Dispatcher::Row {
  pb::Request::WhatCase what;
  void (Dispatcher::*handler)(Session&, const pb::Request&, base::Now);
  bool before_hello;
  bool early;   // harmless, should somebody send a first flight again
  bool writes;  // may put something into the journal, which a server that stops must see empty
};

const Dispatcher::Row Dispatcher::rows[] = {
    {pb::Request::kHello, &Dispatcher::on_hello, true, true, true},
    {pb::Request::kJoin, &Dispatcher::on_join, false, true, true},
    {pb::Request::kPart, &Dispatcher::on_part, false, false, true},
    {pb::Request::kSend, &Dispatcher::on_send, false, false, true},
    {pb::Request::kRead, &Dispatcher::on_read, false, true, false},
    {pb::Request::kGetMembers, &Dispatcher::on_get_members, false, true, false},
    {pb::Request::kGetRooms, &Dispatcher::on_get_rooms, false, true, false},
    {pb::Request::kMarkRead, &Dispatcher::on_mark_read, false, false, true},
    {pb::Request::kSetPresence, &Dispatcher::on_set_presence, false, false, false},
    {pb::Request::kStop, &Dispatcher::on_stop, false, false, false},
};

void Dispatcher::dispatch(Session& session, const pb::Request& request, base::Now now) {
  const auto* row = std::ranges::find_if(rows, [&](const Row& each) { return each.what == request.what_case(); });
  if (row == std::end(rows)) {
    return refuse(session, request.tag(),
                  refusal(pb::Refused::CODE_UNKNOWN_REQUEST, "this server knows no such request"));
  }
  if (!session.said_hello && !row->before_hello) {
    return refuse(session, request.tag(), refusal(pb::Refused::CODE_NOT_ALLOWED, "the first request must be Hello"));
  }
  if (session.early && !row->early) {
    return close(session, wire::close_codes::protocol_error, "not in early data");
  }
  if (draining_ && row->writes) {
    return refuse(session, request.tag(), refusal(pb::Refused::CODE_SHUTTING_DOWN, "the server is stopping"));
  }
  (this->*row->handler)(session, request, now);
}

void Dispatcher::reply(Session& session, std::uint64_t tag, pb::Reply reply) {
  reply.set_tag(tag);
  ++session.replies_in_flight;
  shards_.reply(session.connection(), wire::encode_frame(reply));
}

void Dispatcher::close(Session& session, std::uint64_t code, std::string reason) {
  session.closing = true;
  shards_.close(session.connection(), code, std::move(reason));
}

void Dispatcher::refuse(Session& session, std::uint64_t tag, const chat::Refusal& refusal) {
  reply(session, tag, refused(refusal));
}

void Dispatcher::on_hello(Session& session, const pb::Request& request, base::Now now) {
  const pb::Hello& hello = request.hello();
  const auto key = exactly<32>(hello.public_key());
  const auto signature = exactly<64>(hello.signature());
  const auto proves = [&](const net::ExporterSecret& exporter) {
    return net::verify(*key, wire::proof_of_key(exporter), *signature);
  };
  if (!key || !signature || std::ranges::none_of(session.exporters(), proves)) {
    refuse(session, request.tag(),
           refusal(pb::Refused::CODE_BAD_SIGNATURE, "the signature does not prove the key on this connection"));
    if (++session.failed_proofs < failed_proofs_max) return;
    return close(session, wire::close_codes::protocol_error, "too many wrong signatures");
  }
  const auto effects = executor_.execute(chat::commands::Identify{session.id(), hello.name(), key}, now);
  if (effects.refusal) return refuse(session, request.tag(), *effects.refusal);
  session.said_hello = true;
  log_.info("session", "{} is {} with {}", session.id(), effects.name.empty() ? "an observer" : effects.name,
            base::prefix_within(base::clean_line(hello.agent()), limits::agent_bytes_max));

  pb::Reply answer;
  answer.mutable_welcome()->set_name(effects.name);
  answer.mutable_welcome()->set_agent(agent_);
  answer.mutable_welcome()->set_session(session.id());
  reply(session, request.tag(), std::move(answer));
}

void Dispatcher::on_join(Session& session, const pb::Request& request, base::Now now) {
  // What was left or read to its end counts until the client has taken the last of it.
  if (session.readers >= limits::rooms_per_session_max + limits::readers_per_session_max) {
    return refuse(session, request.tag(), too_many_readers());
  }
  if (session.early) {
    const auto room = accessible(session, request.tag(), request.join().room());
    if (!room) return;
    session.early_joins.push_back(request);
    return open_joined(session, request, *room);
  }
  const auto effects = executor_.execute(chat::commands::Join{session.id(), request.join().room()}, now);
  if (effects.refusal) return refuse(session, request.tag(), *effects.refusal);
  open_joined(session, request, effects.room);
}

void Dispatcher::carry_out_early_joins(Session& session, base::Now now) {
  for (const pb::Request& request : std::exchange(session.early_joins, {})) {
    const auto effects = executor_.execute(chat::commands::Join{session.id(), request.join().room()}, now);
    if (!effects.refusal) continue;
    shards_.close_reader(session.connection(), request.tag());
    refuse(session, request.tag(), *effects.refusal);
  }
}

/// Who joins a room again, without having left it, goes on with the new stream.
void Dispatcher::open_joined(Session& session, const pb::Request& request, const std::string& room) {
  session.invited_until.erase(room);
  shards_.close_room(session.connection(), room);
  open(session, {.connection = session.connection(),
                 .tag = request.tag(),
                 .room = room,
                 .member = true,
                 .start = request.join().start(),
                 .follow = true,
                 .count = 0});
}

void Dispatcher::on_part(Session& session, const pb::Request& request, base::Now now) {
  const auto effects = executor_.execute(chat::commands::Part{session.id(), request.part().room()}, now);
  if (effects.refusal) return refuse(session, request.tag(), *effects.refusal);
  shards_.close_room(session.connection(), effects.room);
  pb::Reply answer;
  answer.mutable_closed()->set_room(effects.room);
  reply(session, request.tag(), std::move(answer));
}

void Dispatcher::on_send(Session& session, const pb::Request& request, base::Now now) {
  const pb::Send& send = request.send();
  const auto id = base::MessageId::from(base::as_bytes(send.id()));
  if (!id) {
    return refuse(session, request.tag(), refusal(pb::Refused::CODE_MALFORMED, "a message id is 16 bytes"));
  }
  // What was sent behind a message that failed must not be stored before it: the client begins again there.
  if (session.failed_attempt && send.attempt() <= *session.failed_attempt) {
    return refuse(session, request.tag(), refusal(pb::Refused::CODE_STORE_FAILED, "an earlier message was not stored"));
  }
  session.attempt = send.attempt();
  auto content = chat::content_of(send);
  if (!content) return refuse(session, request.tag(), content.error());
  const auto effects = executor_.execute(chat::commands::Post{session.id(), send.room(), *id, *std::move(content)}, now,
                                         request.tag(), session.in_haste(now.instant) ? Haste::at_once : Haste::none);
  if (effects.refusal) return refuse(session, request.tag(), *effects.refusal);
  ++session.sends_in_flight;
}

void Dispatcher::on_read(Session& session, const pb::Request& request, base::Now) {
  // Who follows may be there before the first word.
  const auto room = request.read().follow() ? accessible(session, request.tag(), request.read().room())
                                            : find_room(session, request.tag(), request.read().room());
  if (!room) return;
  if (session.reads >= limits::readers_per_session_max) {
    return refuse(session, request.tag(), too_many_readers());
  }
  open(session, {.connection = session.connection(),
                 .tag = request.tag(),
                 .room = *room,
                 .start = request.read().start(),
                 .follow = request.read().follow(),
                 .count = request.read().count()});
}

void Dispatcher::on_get_members(Session& session, const pb::Request& request, base::Now) {
  const auto room = find_room(session, request.tag(), request.get_members().room());
  if (!room) return;
  const auto page = chat_.members(*room, request.get_members().after(), limits::page_entries_max);
  pb::Reply answer;
  pb::Members& members = *answer.mutable_members();
  members.set_room(*room);
  members.set_more(page.more);
  for (const chat::MemberInfo& member : page.entries) {
    pb::Member& entry = *members.add_members();
    entry.set_name(member.name);
    entry.set_origin(member.origin);
    *entry.mutable_presence() = member.presence;
  }
  reply(session, request.tag(), std::move(answer));
}

void Dispatcher::on_get_rooms(Session& session, const pb::Request& request, base::Now) {
  const pb::GetRooms& asked = request.get_rooms();
  const auto page = asked.direct() ? chat_.direct_rooms(session.id(), asked.after(), limits::page_entries_max)
                                   : chat_.rooms(asked.after(), limits::page_entries_max);
  pb::Reply answer;
  pb::Rooms& rooms = *answer.mutable_rooms();
  rooms.set_more(page.more);
  std::size_t bytes = 0;
  for (const chat::RoomInfo& room : page.entries) {
    bytes += room.name.size() + room.topic.size() + numbers_bytes;
    if (bytes > limits::page_bytes_max) {
      rooms.set_more(true);
      break;
    }
    pb::Room& entry = *rooms.add_rooms();
    entry.set_name(room.name);
    entry.set_members(room.members);
    entry.set_end_seq(logs_.end_seq(room.name));
    entry.set_topic(room.topic);
  }
  reply(session, request.tag(), std::move(answer));
}

void Dispatcher::on_mark_read(Session& session, const pb::Request& request, base::Now now) {
  const auto room = find_room(session, request.tag(), request.mark_read().room());
  if (!room) return;
  const base::Seq up_to = std::min<base::Seq>(request.mark_read().up_to(), logs_.end_seq(*room));
  const auto effects = executor_.execute(chat::commands::MarkRead{session.id(), *room, up_to}, now);
  if (effects.refusal) return refuse(session, request.tag(), *effects.refusal);
  if (effects.marker) notices_.tell_marker(*effects.marker, session.id());
  pb::Reply answer;
  answer.mutable_done();
  reply(session, request.tag(), std::move(answer));
}

void Dispatcher::on_set_presence(Session& session, const pb::Request& request, base::Now now) {
  const auto effects =
      executor_.execute(chat::commands::SetPresence{session.id(), request.set_presence().presence()}, now);
  if (effects.refusal) return refuse(session, request.tag(), *effects.refusal);
  pb::Reply answer;
  answer.mutable_done();
  reply(session, request.tag(), std::move(answer));
}

void Dispatcher::on_stop(Session& session, const pb::Request& request, base::Now) {
  // A reader that has come to its end by itself in the meantime is what was asked for, too.
  shards_.close_reader(session.connection(), request.stop().opened_by());
  pb::Reply answer;
  answer.mutable_closed();
  reply(session, request.tag(), std::move(answer));
}

/// The shard answers: what it knows of the room when the order comes is what is known here now.
void Dispatcher::open(Session& session, OpenRequest request) {
  ++session.replies_in_flight;
  ++session.readers;
  if (!request.member) ++session.reads;
  logs_.publish();
  const base::Seq first = logs_.first_seq(request.room);
  const base::Seq end = logs_.end_seq(request.room);
  std::string topic = chat_.topic(request.room);
  const base::Seq read_seq = chat_.read_seq(session.id(), request.room);
  shards_.open({.request = std::move(request),
                .first_seq = first,
                .end_seq = end,
                .topic = std::move(topic),
                .read_seq = read_seq});
}

/// The room as it is written, should this session be let into it.
std::optional<std::string> Dispatcher::accessible(Session& session, std::uint64_t tag, const std::string& name) {
  auto room = wire::canonical_room(name);
  if (!room) {
    refuse(session, tag, refusal(pb::Refused::CODE_ROOM_INVALID, room.error()));
    return std::nullopt;
  }
  if (const auto barred = chat_.check_access(session.id(), *room)) {
    refuse(session, tag, *barred);
    return std::nullopt;
  }
  return std::move(*room);
}

std::optional<std::string> Dispatcher::find_room(Session& session, std::uint64_t tag, const std::string& name) {
  auto room = accessible(session, tag, name);
  if (!room) return std::nullopt;
  if (!chat_.has_room(*room)) {
    refuse(session, tag, refusal(pb::Refused::CODE_NO_SUCH_ROOM, "there is no room " + chat::in_words(*room)));
    return std::nullopt;
  }
  return room;
}

}  // namespace confab::server

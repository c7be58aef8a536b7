// SPDX-License-Identifier: MIT
// What comes from the server: the connection's fate, replies on the control stream, hints. The logs on the rooms'
// streams are in quic_client_logs.cc.
#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "client/quic_client.h"
#include "client/translate.h"
#include "wire/codes.h"
#include "wire/names.h"

namespace confab::client {

namespace pb = wire::pb;

namespace {

constexpr net::StreamId control_stream = 0;

std::string why_closed(const net::events::Closed& event) {
  switch (event.kind) {
    case net::CloseKind::idle:
      return "the server is not heard any more";
    case net::CloseKind::reset:
      return "the server was restarted";
    default:
      return event.reason.empty() ? "the connection was closed" : base::clean_line(event.reason);
  }
}

/// Refusals that say nothing about what was asked.
bool is_passing(pb::Refused::Code code) {
  return code == pb::Refused::CODE_STORE_FAILED || code == pb::Refused::CODE_SHUTTING_DOWN;
}

}  // namespace

/// What the control stream says of a room (Opened) often comes with the beginning of its log, in one packet: it is read
/// first, so that a room opens with all that is known of it. Streams have no order among each other that this could
/// break.
void QuicClient::pump(base::Now now) {
  std::vector<net::Event> logs;
  const auto hear = [&](net::Event& event) {
    std::visit(
        [&](auto& each) {
          if (each.connection == connection_) on(each, now);
        },
        event);
  };
  const auto hear_logs = [&] {
    for (net::Event& event : std::exchange(logs, {})) hear(event);
  };
  while (auto event = transport_->poll_event()) {
    const auto* data = std::get_if<net::events::StreamData>(&*event);
    if (data != nullptr && data->stream != control_stream) {
      logs.push_back(*std::move(event));
      continue;
    }
    if (data == nullptr) hear_logs();
    hear(*event);
  }
  hear_logs();
}

void QuicClient::on(net::events::EarlyReady& event, base::Now) {
  if (transport_->open_bidi_stream(connection_) == control_stream) begin_session(event.early_exporter, true);
}

void QuicClient::on(net::events::Connected& event, base::Now now) {
  handshake_done_ = true;
  if (event.early_accepted && phase_ == Phase::greeting) return;
  forget_answers();  // to what was asked early, in vain
  finish_parting();
  if (transport_->open_bidi_stream(connection_) != control_stream)
    return lose(now, "the server takes no control stream");
  begin_session(event.exporter, false);
}

void QuicClient::on(net::events::Resumption& event, base::Now) { resumption_ = std::move(event.bytes); }

void QuicClient::on(net::events::StreamData& event, base::Now now) {
  transport_->consume(connection_, event.stream, event.bytes.size());
  if (event.stream == control_stream) {
    read_control(event.bytes, now);
    if (event.fin && connection_ != 0) lose(now, "the server ended the session");
  } else {
    read_log(incoming_[event.stream], event.bytes, event.fin);
  }
}

void QuicClient::on(net::events::StreamReset& event, base::Now now) {
  if (event.stream == control_stream) return lose(now, "the server ended the session");
  const auto found = incoming_.find(event.stream);
  if (found == incoming_.end()) return;
  const std::optional<RequestId> reader = found->second.reader;
  incoming_.erase(found);
  if (!reader || !readers_.contains(*reader)) return;
  refuse_reader(*reader, fmt::format("the server cannot read the log of #{} on", readers_.at(*reader).room));
}

void QuicClient::on(net::events::StreamClosed& event, base::Now) { incoming_.erase(event.stream); }

void QuicClient::on(net::events::SendRoom&, base::Now) {}  // transmit() follows and goes on with the outbox

void QuicClient::on(net::events::DatagramReceived& event, base::Now) {
  pb::Hint hint;
  if (!wire::decode(event.bytes, hint)) return;
  std::string room = base::clean_line(hint.room());
  std::string name = base::clean_line(hint.name());
  if (hint.has_typing()) {
    events_.push_back(Typing{std::move(room), std::move(name), hint.typing().active()});
  } else if (hint.has_presence()) {
    events_.push_back(PresenceChanged{std::move(room), std::move(name), translate_presence(hint.presence()),
                                      base::clean_line(hint.presence().text())});
  }
}

void QuicClient::on(net::events::PathChanged&, base::Now) {}  // streams go on; nobody need notice

void QuicClient::on(net::events::Closed& event, base::Now now) {
  connection_ = 0;
  switch (event.kind) {
    case net::CloseKind::untrusted:
      return fail(Link::Failure::untrusted, "the server's key is not trusted",
                  event.certificate ? event.certificate->fingerprint.to_string() : std::string());
    case net::CloseKind::peer:
      if (event.code == wire::close_codes::protocol_error) {
        return fail(Link::Failure::protocol, "the server says: " + why_closed(event));
      }
      return lose(now, why_closed(event));
    default:
      return lose(now, why_closed(event));
  }
}

void QuicClient::read_control(base::ByteView bytes, base::Now now) {
  control_.push(bytes);
  while (connection_ != 0) {
    const auto frame = control_.next();
    pb::Reply reply;
    if (!frame || (*frame && !wire::decode(**frame, reply))) return violate("a broken reply");
    if (!*frame) return;
    on_reply(reply, now);
  }
}

void QuicClient::on_reply(const pb::Reply& reply, base::Now now) {
  switch (reply.what_case()) {
    case pb::Reply::kWelcome:
      return on_welcome(reply.welcome());
    case pb::Reply::kRefused:
      return on_refused(reply.tag(), reply.refused(), now);
    case pb::Reply::kAccepted:
      return on_accepted(reply.tag(), reply.accepted());
    case pb::Reply::kMembers:
      return on_members(reply.tag(), reply.members());
    case pb::Reply::kRooms:
      return on_rooms(reply.tag(), reply.rooms());
    case pb::Reply::kOpened:
      return on_opened(reply.tag(), reply.opened());
    case pb::Reply::kMarker:
      return on_marker(reply.marker());
    case pb::Reply::kInvited:
      return on_invited(reply.invited());
    case pb::Reply::kDone:
      if (markers_.settle(reply.tag(), true)) return;
      [[fallthrough]];
    case pb::Reply::kClosed:
    case pb::Reply::WHAT_NOT_SET:  // of a later version
      questions_.erase(reply.tag());
      return;
  }
}

void QuicClient::on_welcome(const pb::Welcome& welcome) {
  if (phase_ != Phase::greeting) return violate("a second welcome");
  phase_ = Phase::online;
  backoff_.reset();
  failed_in_a_row_ = 0;
  events_.push_back(Link{Link::State::online,
                         Link::Failure::none,
                         base::clean_line(welcome.agent()),
                         base::clean_line(welcome.name()),
                         {}});
  ask_what_is_open(false);
}

void QuicClient::on_refused(RequestId request, const pb::Refused& refused, base::Now now) {
  const std::string text = base::clean_line(refused.text());
  if (on_message_refused(request, refused.code(), text)) return;
  if (request == hello_ && phase_ == Phase::greeting) {
    if (is_passing(refused.code())) return lose(now, text);
    const bool name =
        refused.code() == pb::Refused::CODE_NAME_TAKEN || refused.code() == pb::Refused::CODE_NAME_INVALID;
    return fail(name ? Link::Failure::not_allowed : Link::Failure::protocol, text);
  }
  // It is asked again on the next connection: the server is about to end this one.
  if (refused.code() == pb::Refused::CODE_SHUTTING_DOWN) return;
  if (markers_.settle(request, false)) {
    if (refused.code() == pb::Refused::CODE_UNKNOWN_REQUEST) markers_.silence();
    return;  // nobody waits for a marker
  }
  if (readers_.contains(request)) return refuse_reader(request, text);
  if (questions_.erase(request) > 0) events_.push_back(Refused{request, text});
}

/// A passing trouble of the server's is no word on the message: its first attempt may even be stored, with only the
/// answer lost. It stays, and is sent again. False if the request was no message.
bool QuicClient::on_message_refused(RequestId request, pb::Refused::Code code, const std::string& text) {
  if (is_passing(code)) {
    const bool goes = code == pb::Refused::CODE_SHUTTING_DOWN;
    return outbox_.postpone(request, goes ? Outbox::Pause::until_connected : Outbox::Pause::backoff, text);
  }
  const auto refused = outbox_.refuse(request, text);
  if (refused) own_ids_.erase(refused->id);
  return refused.has_value();
}

void QuicClient::on_accepted(RequestId request, const pb::Accepted& accepted) {
  const auto stored = outbox_.accept(request, accepted.seq());
  // Nobody here will see it in a log.
  if (stored && member_reader(stored->room) == nullptr) own_ids_.erase(stored->id);
}

/// The stream's header says where the log begins, on its own stream: either may come first.
void QuicClient::on_opened(RequestId request, const pb::Opened& opened) {
  const auto found = readers_.find(request);
  if (found == readers_.end()) return;
  Reader& reader = found->second;
  reader.about = {.topic = base::clean_line(opened.topic()), .read_seq = opened.read_seq()};
  markers_.hear(reader.room, opened.read_seq());
  if (reader.streams) tell_opened(request, reader, opened.end_seq());
}

/// Of rooms that were not asked for nothing is remembered: a server may name any number of them.
void QuicClient::on_marker(const pb::Marker& marker) {
  const std::string room = base::clean_line(marker.room());
  if (member_reader(room) == nullptr || markers_.hear(room, marker.up_to()))
    events_.push_back(MarkerMoved{room, marker.up_to()});
}

void QuicClient::on_invited(const pb::Invited& invited) {
  const std::string room = base::clean_line(invited.room());
  const auto other = wire::direct_peer(room, options_.name);
  if (other && member_reader(room) == nullptr) events_.push_back(Invited{room, *other, invited.end_seq()});
}

void QuicClient::on_members(RequestId request, const pb::Members& page) {
  const auto found = questions_.find(request);
  if (found == questions_.end()) return;
  Members& members = found->second.members;
  for (const pb::Member& member : page.members()) members.members.push_back(translate_member(member));
  if (page.more() && page.members_size() > 0) {
    pb::Request next = found->second.request;
    next.mutable_get_members()->set_after(page.members(page.members_size() - 1).name());
    write(next, request);
    return;
  }
  members.request = request;
  members.room = base::clean_line(page.room());
  events_.push_back(std::move(members));
  questions_.erase(found);
}

void QuicClient::on_rooms(RequestId request, const pb::Rooms& page) {
  const auto found = questions_.find(request);
  if (found == questions_.end()) return;
  Rooms& rooms = found->second.rooms;
  for (const pb::Room& room : page.rooms()) {
    rooms.rooms.push_back(
        {base::clean_line(room.name()), room.members(), room.end_seq(), base::clean_line(room.topic())});
  }
  if (page.more() && page.rooms_size() > 0) {
    pb::Request next = found->second.request;
    next.mutable_get_rooms()->set_after(page.rooms(page.rooms_size() - 1).name());
    write(next, request);
    return;
  }
  rooms.request = request;
  events_.push_back(std::move(rooms));
  questions_.erase(found);
}

}  // namespace confab::client

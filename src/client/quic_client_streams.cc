// SPDX-License-Identifier: MIT
// What comes from the server: the connection's fate, replies on the control stream, logs on the rooms' streams, hints.
#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "client/quic_client.h"
#include "client/translate.h"
#include "wire/codes.h"

namespace confab::client {

namespace pb = wire::pb;

namespace {

constexpr net::StreamId control_stream = 0;
constexpr RequestId no_request = 0;

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

void QuicClient::pump(base::Now now) {
  while (auto event = transport_->poll_event()) {
    std::visit(
        [&](auto& each) {
          if (each.connection == connection_) on(each, now);
        },
        *event);
  }
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
  events_.push_back(
      Refused{*reader, fmt::format("the server cannot read the log of #{} on", readers_.at(*reader).room)});
  readers_.erase(*reader);
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
    case pb::Reply::kMarker:
      events_.push_back(MarkerMoved{base::clean_line(reply.marker().room()), reply.marker().up_to()});
      return;
    case pb::Reply::kInvited:
    case pb::Reply::kOpened:  // the stream's header says the same, in front of the events
    case pb::Reply::kClosed:
    case pb::Reply::kDone:
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
  if (readers_.erase(request) + questions_.erase(request) > 0) events_.push_back(Refused{request, text});
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
    rooms.rooms.push_back({base::clean_line(room.name()), room.members(), room.end_seq()});
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

void QuicClient::read_log(Incoming& incoming, base::ByteView bytes, bool fin) {
  incoming.frames.push(bytes);
  while (connection_ != 0) {
    const auto frame = incoming.frames.next();
    if (!frame) return violate("a broken frame in a log");
    if (!*frame) break;
    if (!read_log_frame(incoming, **frame)) return;
  }
  if (fin && connection_ != 0 && incoming.reader) end_reader(*incoming.reader);
}

/// False when the connection is given up; `incoming` is gone then.
bool QuicClient::read_log_frame(Incoming& incoming, base::ByteView frame) {
  if (!incoming.reader) {
    pb::StreamHeader header;
    if (!wire::decode(frame, header)) return violate("a stream without a header"), false;
    incoming.reader = header.opened_by();
    const auto found = readers_.find(header.opened_by());
    if (found != readers_.end()) on_header(found->first, found->second, header);
    return true;
  }
  pb::Event event;
  if (!wire::decode(frame, event)) return violate("a broken event"), false;
  const auto found = readers_.find(*incoming.reader);
  if (found == readers_.end()) return true;  // parted in the meantime
  Reader& reader = found->second;
  if (!reader.next_seq) return violate("a stream that nobody asked for"), false;
  if (event.seq() < *reader.next_seq) {
    if (is_another_log(reader, event, frame)) return begin_anew(incoming, found->first, reader), true;
    if (is_repeated(reader, event)) return true;
  }
  if (event.seq() > *reader.next_seq) return violate("a gap in a log"), false;
  const std::uint64_t last = event.has_gone() ? event.gone().last() : event.seq();
  if (last < event.seq() || last == std::numeric_limits<std::uint64_t>::max()) {
    return violate("an impossible place in a log"), false;
  }
  reader.next_seq = last + 1;
  reader.overlap.clear();
  reader.last = event.has_gone() ? base::Bytes() : base::Bytes(frame.begin(), frame.end());
  if (reader.member && !event.has_gone()) local_log_.add(reader.room, event.seq(), frame);
  Event heard = translate_event(event, reader.room, *incoming.reader);
  if (auto* message = std::get_if<Message>(&heard)) message->own = is_own(reader, event.id());
  events_.push_back(std::move(heard));
  if (reader.count > 0) {
    reader.count -= std::min(reader.count, last - event.seq() + 1);
    if (reader.count == 0) end_reader(found->first);  // the stream's end may be lost with the connection
  }
  return true;
}

const QuicClient::Reader* QuicClient::member_reader(const std::string& room) const {
  const auto found =
      std::ranges::find_if(readers_, [&](const auto& each) { return each.second.member && each.second.room == room; });
  return found == readers_.end() ? nullptr : &found->second;
}

/// The room's own reader sees a message once; others may see it before and after.
bool QuicClient::is_own(const Reader& reader, const std::string& id_bytes) {
  const auto id = base::MessageId::from(base::as_bytes(id_bytes));
  return id && (reader.member ? own_ids_.erase(*id) > 0 : own_ids_.contains(*id));
}

void QuicClient::on_header(RequestId request, Reader& reader, const pb::StreamHeader& header) {
  reader.room = base::clean_line(header.room());
  if (!reader.next_seq) {
    reader.next_seq = header.first_seq();
    events_.push_back(Opened{request, reader.room, header.first_seq(), header.end_seq()});
    if (std::exchange(reader.anew, false) && header.first_seq() > 1) {
      events_.push_back(Skipped{reader.room, 1, header.first_seq() - 1, request});
    }
    return;
  }
  const std::uint32_t at_most = std::exchange(reader.at_most, 0);
  const std::uint64_t wanted = *reader.next_seq - (reader.overlap.empty() ? 0 : 1);
  const bool lacks_last = header.first_seq() == wanted && header.end_seq() + 1 < *reader.next_seq;
  if (header.first_seq() == wanted && !lacks_last) return;
  if (header.first_seq() > wanted) return on_skip(request, reader, header, at_most);
  // The log ends before the place where it was left: what follows under known numbers is new all the same.
  events_.push_back(
      Warning{request, fmt::format("the server's log of #{} is shorter than it was: it lost events {} to {}",
                                   reader.room, header.first_seq(), *reader.next_seq - 1)});
  local_log_.forget_from(reader.room, header.first_seq());
  reader.next_seq = header.first_seq();
  reader.overlap.clear();
  reader.last.clear();
}

/// A server may skip what it was asked to skip, and that is all.
void QuicClient::on_skip(RequestId request, Reader& reader, const pb::StreamHeader& header, std::uint32_t at_most) {
  if (at_most == 0 || header.first_seq() + at_most != header.end_seq() + 1) return violate("a gap in a log");
  reader.overlap.clear();
  if (header.first_seq() <= *reader.next_seq) return;
  reader.last.clear();
  events_.push_back(Skipped{reader.room, *reader.next_seq, header.first_seq() - 1, request});
  reader.next_seq = header.first_seq();
}

/// An event that has a known number is the known event. Of the last one that was seen before, that is checked: if the
/// server has another there, its log is another one (a backup was restored, and has grown since).
bool QuicClient::is_another_log(Reader& reader, const pb::Event& event, base::ByteView frame) {
  if (reader.overlap.empty() || event.has_gone()) return false;
  if (!std::ranges::equal(reader.overlap, frame)) return true;
  reader.last = std::exchange(reader.overlap, {});  // the next connection is to prove it again
  return false;
}

/// False: what stands behind the known part of it is new.
bool QuicClient::is_repeated(Reader& reader, pb::Event& event) {
  reader.overlap.clear();
  if (!event.has_gone() || event.gone().last() < *reader.next_seq) return true;
  event.set_seq(*reader.next_seq);
  return false;
}

/// Where the two logs part nobody knows, so the other one is read as one never seen: its newest events, and said so.
void QuicClient::begin_anew(Incoming& incoming, RequestId request, Reader& reader) {
  events_.push_back(
      Warning{request, fmt::format("the server's log of #{} is not the one that was seen here before", reader.room)});
  if (reader.member) local_log_.forget_from(reader.room, 1);
  incoming.reader = no_request;
  pb::Request stop;
  stop.mutable_stop()->set_opened_by(request);
  write(stop, next_request_++);
  reader.start = {.seq = 0, .newest = missed_events_max};
  reader.next_seq.reset();
  reader.overlap.clear();
  reader.last.clear();
  reader.anew = true;
  open_reader(request, reader);
}

void QuicClient::end_reader(RequestId request) {
  const auto found = readers_.find(request);
  if (found == readers_.end()) return;
  events_.push_back(Ended{request, found->second.room});
  readers_.erase(found);
}

}  // namespace confab::client

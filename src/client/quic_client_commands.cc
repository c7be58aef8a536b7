// SPDX-License-Identifier: MIT
// What the user wants: each command is written down here, and said to the server at once or when the link is up.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "client/quic_client.h"
#include "client/translate.h"
#include "wire/names.h"

namespace confab::client {

namespace pb = wire::pb;

RequestId QuicClient::join(const std::string& room, Start start) {
  const std::string name = room_of(room);
  for (const auto& [joined, reader] : readers_) {
    if (reader.member && !reader.parting && reader.room == name) return joined;
  }
  const RequestId request = next_request_++;
  Reader reader{.room = name, .member = true, .start = start};
  if (start.seq == 0 && may_be_read(name)) {
    if (auto last = local_log_.open(reader.room, request)) {
      reader.next_seq = last->seq + 1;
      reader.overlap = std::move(last->bytes);
      reader.at_most = missed_events_max;
    }
  }
  add_reader(request, std::move(reader));
  return request;
}

RequestId QuicClient::part(const std::string& room) {
  const std::string name = room_of(room);
  const auto joined = std::ranges::find_if(readers_, [&](const auto& each) {
    return each.second.member && !each.second.parting && each.second.room == name;
  });
  if (joined != readers_.end() && !joined->second.asked) {
    const RequestId reader = joined->first;
    end_reader(reader);
    return reader;
  }
  pb::Request question;
  question.mutable_part()->set_room(name);
  const RequestId request = ask(std::move(question));
  if (joined != readers_.end()) joined->second.parting = questions_.at(request).is_parting = true;
  return request;
}

std::string QuicClient::send(const std::string& room, Kind kind, const std::string& text) {
  return post(room, {.what = Content::What::message, .kind = kind, .text = text});
}

std::string QuicClient::post(const std::string& room, Content content) {
  const base::MessageId id = base::MessageId::make(random_);
  send_as(id, room, std::move(content));
  return id.to_string();
}

void QuicClient::send_as(const base::MessageId& id, const std::string& room, Content content) {
  if (auto why_not = make_sendable(content)) {
    events_.push_back(Status{id.to_string(), room_of(room), Status::State::refused, 0, std::move(*why_not)});
    return;
  }
  if (content.what == Content::What::message) own_ids_.insert(id);
  outbox_.add({.id = id, .room = room_of(room), .content = std::move(content), .typed_at = {}});
}

bool QuicClient::discard(const std::string& id) {
  const auto parsed = base::MessageId::parse(id);
  if (!parsed || !outbox_.discard(*parsed)) return false;
  own_ids_.erase(*parsed);
  return true;
}

RequestId QuicClient::read(const ReadOptions& options) {
  const RequestId request = next_request_++;
  add_reader(request,
             {.room = room_of(options.room), .start = options.start, .follow = options.follow, .count = options.count});
  return request;
}

RequestId QuicClient::read_before(const std::string& room, std::uint64_t seq, std::uint32_t count) {
  const RequestId request = next_request_++;
  const std::string name = room_of(room);
  const std::uint64_t first = seq - std::min<std::uint64_t>(count, std::max<std::uint64_t>(seq, 1) - 1);
  Page page =
      may_be_read(name) ? local_log_.before(name, seq, count, request) : Page{.end = seq, .known = {}, .heard = {}};
  if (page.end > first && phase_ == Phase::online) {
    add_reader(request, {.room = name,
                         .start = {.seq = first, .newest = 0},
                         .follow = false,
                         .count = page.end - first,
                         .page = std::move(page)});
  } else if (page.end > first && page.known.empty()) {
    events_.push_back(Refused{request, fmt::format("no more of #{} is kept here, and there is no connection", name)});
  } else {
    end_page(request, name, std::move(page));
  }
  return request;
}

void QuicClient::mark_read(const std::string& room, std::uint64_t seq) { markers_.want(room_of(room), seq); }

RequestId QuicClient::get_members(const std::string& room) {
  pb::Request question;
  question.mutable_get_members()->set_room(room_of(room));
  return ask(std::move(question));
}

RequestId QuicClient::get_rooms() {
  pb::Request question;
  question.mutable_get_rooms();
  return ask(std::move(question));
}

RequestId QuicClient::get_direct_rooms() {
  pb::Request question;
  question.mutable_get_rooms()->set_direct(true);
  return ask(std::move(question));
}

RequestId QuicClient::set_presence(Presence presence, const std::string& away_text) {
  pb::Request question;
  *question.mutable_set_presence()->mutable_presence() = to_wire(presence, away_text);
  return ask(std::move(question));
}

void QuicClient::set_typing(const std::string& room, bool active) {
  if (phase_ != Phase::online) return;  // nothing waits for a hint
  pb::Hint hint;
  hint.set_room(room_of(room));
  hint.mutable_typing()->set_active(active);
  transport_->send_datagram(connection_, wire::encode_datagram(hint));
}

/// "@NAME" is the direct room with NAME. What is no room's name the server refuses, with a sentence.
std::string QuicClient::room_of(const std::string& room) const {
  if (auto name = wire::canonical_room(room)) return *std::move(name);
  if (wire::is_direct(room)) {
    if (auto name = wire::direct_room(options_.name, room.substr(1))) return *std::move(name);
  }
  return base::clean_line(room);
}

/// The local history is that of all names of a profile, and a direct room is its two people's alone.
bool QuicClient::may_be_read(const std::string& room) const {
  return !wire::is_direct(room) || wire::direct_peer(room, options_.name).has_value();
}

void QuicClient::add_reader(RequestId request, Reader reader) {
  reader.asked = phase_ == Phase::online;
  if (reader.asked) open_reader(request, reader);
  readers_.emplace(request, std::move(reader));
}

RequestId QuicClient::ask(pb::Request question) {
  const RequestId request = next_request_++;
  const bool asks = phase_ == Phase::online;
  if (asks) write(question, request);
  questions_.emplace(request, Question{.request = std::move(question), .members = {}, .rooms = {}, .asked = asks});
  return request;
}

}  // namespace confab::client

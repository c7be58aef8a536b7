// SPDX-License-Identifier: MIT
#include "server/delivery.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "log/room_log.h"
#include "wire/codes.h"
#include "wire/limits.h"

namespace confab::server {

namespace pb = wire::pb;

namespace {

constexpr base::Seq no_end = std::numeric_limits<base::Seq>::max();
/// A transport that has much to write gets more all the same: a room must not wait for ever for a flood to end.
constexpr std::size_t readers_per_turn_min = 64;
/// Who is in many rooms is visited for each, and gets what they have at the same time in one packet.
constexpr std::size_t readers_per_turn_max = 4096;
/// Events a store read brings at once: small enough that readers take turns.
constexpr std::size_t read_events_max = 1024;
constexpr std::size_t read_bytes_max = 64 * 1024;

/// Whether these are events that can go onto a stream after `next` - 1. A database that somebody has edited may hold
/// anything.
bool continues(const std::vector<log::Record>& records, base::Seq next) {
  for (const log::Record& record : records) {
    if (record.seq != next++ ||
        wire::event_frame_size(record.seq, record.body.size()) > wire::limits::frame_bytes_max) {
      return false;
    }
  }
  return !records.empty();
}

/// `oldest` is kept: who asks for a place gets it, and is told what is gone; who asks for the newest N gets what there
/// is.
base::Seq first_wanted(const pb::Start& start, base::Seq oldest, base::Seq end) {
  switch (start.where_case()) {
    case pb::Start::kSeq:
      if (start.at_most() > 0 && start.at_most() < end && start.seq() <= end - start.at_most())
        return end - start.at_most() + 1;
      return std::clamp<base::Seq>(start.seq(), 1, end + 1);
    case pb::Start::kNewest:
      return std::max(oldest, end - std::min<base::Seq>(start.newest(), end) + 1);
    case pb::Start::WHERE_NOT_SET:
      break;
  }
  return end + 1;
}

base::Seq last_wanted(const OpenRequest& request, base::Seq first, base::Seq end) {
  base::Seq last = request.follow ? no_end : end;
  if (request.count > 0 && request.count <= no_end - first) last = std::min(last, first + request.count - 1);
  return last;
}

}  // namespace

void Delivery::grow(const std::string& name, log::Growth growth, base::Now now) {
  // Of a room that is new here nothing was in memory, so that all there is now comes with the growth.
  Room& place = room(name, growth.end_seq, 1);
  place.log.grow(std::move(growth));
  if (place.handed_seq == place.log.end_seq()) return erase_if_idle(place);  // memory was let go
  if (place.in_round || place.pace.rests_until() <= now.instant || fills_a_train(place)) {
    begin_round(place, now);
  } else if (!place.resting) {
    place.resting = resting_.emplace(place.pace.rests_until(), &place);
  }
}

/// Or, where one is on, one more round from where it is.
void Delivery::begin_round(Room& place, base::Now now) {
  if (place.resting) resting_.erase(*std::exchange(place.resting, std::nullopt));
  place.pace.begin_round(now.instant, place.readers.size());
  place.handed_seq = place.log.end_seq();
  place.unvisited = place.readers.size();
  if (!std::exchange(place.in_round, true)) rounds_.push_back(&place);
}

bool Delivery::fills_a_train(const Room& place) {
  if (place.handed_seq + 1 < place.log.first_seq()) return true;
  return place.log.slice(place.handed_seq + 1, Pace::train_bytes).next_seq <= place.log.end_seq();
}

void Delivery::trim(const std::string& name, base::Seq first_seq) {
  const auto found = rooms_.find(name);
  if (found == rooms_.end()) return;
  found->second->first_seq = std::max(found->second->first_seq, first_seq);
}

std::expected<pb::Opened, chat::Refusal> Delivery::open(const orders::Open& order) {
  const OpenRequest& request = order.request;
  const auto stream = transport_.open_uni_stream(request.connection);
  if (!stream) {
    return std::unexpected(chat::Refusal{pb::Refused::CODE_LIMIT, "your client lets the server open no more streams",
                                         "initial_max_streams_uni", 0});
  }
  Room& place = room(request.room, order.end_seq, order.first_seq);
  place.first_seq = std::max(place.first_seq, order.first_seq);
  const base::Seq end = place.log.end_seq();
  assert(end == order.end_seq);
  const base::Seq first = first_wanted(request.start, place.first_seq, end);
  const base::Seq last = last_wanted(request, first, end);

  pb::StreamHeader header;
  header.set_room(request.room);
  header.set_first_seq(first);
  header.set_opened_by(request.tag);
  header.set_end_seq(end);
  transport_.send(request.connection, *stream, base::SharedBytes::own(wire::encode_frame(header)));

  auto owner = std::make_unique<Reader>(Reader{.connection = request.connection,
                                               .stream = *stream,
                                               .tag = request.tag,
                                               .room = &place,
                                               .next = first,
                                               .last = last,
                                               .index = place.readers.size(),
                                               .member = request.member,
                                               .live = last == no_end});
  Reader& reader = *owner;
  place.readers.push_back(&reader);
  if (place.in_round) ++place.unvisited;
  readers_.emplace(ReaderKey{request.connection, *stream}, std::move(owner));

  pb::Opened opened;
  opened.set_room(request.room);
  opened.set_first_seq(first);
  opened.set_end_seq(end);
  opened.set_topic(order.topic);
  opened.set_read_seq(order.read_seq);
  advance(reader);
  return opened;
}

void Delivery::close(net::ConnectionHandle connection, std::uint64_t tag) {
  for (auto at = readers_.lower_bound({connection, 0}); at != readers_.end() && at->first.first == connection; ++at) {
    if (at->second->tag == tag && !at->second->done) return end(*at->second);
  }
}

void Delivery::close_room(net::ConnectionHandle connection, const std::string& name) {
  for (auto at = readers_.lower_bound({connection, 0}); at != readers_.end() && at->first.first == connection;) {
    Reader& reader = *(at++)->second;
    if (reader.member && !reader.done && reader.room->name == name) end(reader);
  }
}

/// It may rest: what there is goes out before.
void Delivery::end(Reader& reader) {
  advance(reader);
  if (!reader.done) finish(reader);
}

void Delivery::take_along(net::ConnectionHandle connection) {
  for (auto at = readers_.lower_bound({connection, 0}); at != readers_.end() && at->first.first == connection;) {
    advance(*(at++)->second);
  }
}

void Delivery::drop(net::ConnectionHandle connection) {
  for (auto at = readers_.lower_bound({connection, 0}); at != readers_.end() && at->first.first == connection;) {
    erase(*(at++)->second);
  }
}

void Delivery::on_send_room(net::ConnectionHandle connection, net::StreamId stream) {
  const auto found = readers_.find({connection, stream});
  if (found != readers_.end()) advance(*found->second);
}

void Delivery::on_stream_closed(net::ConnectionHandle connection, net::StreamId stream) {
  const auto found = readers_.find({connection, stream});
  if (found != readers_.end()) erase_and_tell(*found->second);
}

void Delivery::on_read(std::uint64_t ticket, log::ReadResult result, base::Now now) {
  const auto open_read = reads_.find(ticket);
  if (open_read == reads_.end()) return;
  const ReaderKey key = open_read->second;
  reads_.erase(open_read);
  const auto found = readers_.find(key);
  if (found == readers_.end()) return;

  Reader& reader = *found->second;
  if (!result && result.error().code != log::StoreError::Code::damaged) {  // it stays `reading` until wake()
    failed_.push_back(key);
    retry_at_ = now.instant + retry_every;
    return;
  }
  reader.reading = false;
  if (reader.done) return;
  if (result && trimmed_meanwhile(*result, reader)) return advance(reader);
  if (!result || !continues(*result, reader.next)) {
    // The log has a hole or cannot be read: to skip it in silence would break what the stream promises.
    transport_.reset(key.first, key.second, wire::close_codes::store_failed);
    erase_and_tell(reader);
    return;
  }
  reader.next = result->back().seq + 1;
  transport_.send(key.first, key.second, log::frame_records(*result));
  advance(reader);
}

void Delivery::wake(base::Now now) {
  if (now.instant < retry_at_) return;
  retry_at_ = base::never;
  for (const ReaderKey& key : std::exchange(failed_, {})) {
    const auto found = readers_.find(key);
    if (found == readers_.end()) continue;
    found->second->reading = false;
    advance(*found->second);
  }
}

/// Whether the store has removed what the reader asked for, and answered with what stands behind it. It says so here
/// earlier than in its answer to the trim.
bool Delivery::trimmed_meanwhile(const std::vector<log::Record>& records, const Reader& reader) {
  if (records.empty() || records.front().seq <= reader.next) return false;
  if (records.front().seq > reader.room->log.end_seq()) return false;
  reader.room->first_seq = std::max(reader.room->first_seq, records.front().seq);
  return true;
}

base::Instant Delivery::next_deadline() const {
  // Where much waits to be written already, the transport says when there is a next turn.
  if (!rounds_.empty() && transport_.backlog() < connections_per_turn_max) return base::at_once;
  return resting_.empty() ? retry_at_ : std::min(retry_at_, resting_.begin()->first);
}

void Delivery::settle(base::Now now) {
  while (!resting_.empty() && resting_.begin()->first <= now.instant) begin_round(*resting_.begin()->second, now);
  std::size_t visits = 0;
  for (std::size_t rooms = rounds_.size(); rooms > 0 && has_share(visits); --rooms) {
    Room& place = *rounds_.front();
    rounds_.pop_front();
    for (; place.unvisited > 0 && has_share(visits); ++visits) visit_next(place);
    if (place.unvisited > 0) {
      rounds_.push_back(&place);
    } else {
      place.in_round = false;
      erase_if_idle(place);
    }
  }
}

/// Whether one more reader may be visited in this turn.
bool Delivery::has_share(std::size_t visits) const {
  if (visits < readers_per_turn_min) return true;
  return visits < readers_per_turn_max && transport_.backlog() < connections_per_turn_max;
}

void Delivery::visit_next(Room& place) {
  if (place.cursor == 0 || place.cursor > place.readers.size()) place.cursor = place.readers.size();
  --place.unvisited;
  --place.cursor;
  advance(*place.readers[place.cursor]);
}

Delivery::Room& Delivery::room(const std::string& name, base::Seq end_seq, base::Seq first_seq) {
  std::unique_ptr<Room>& place = rooms_[name];
  if (!place) place = std::make_unique<Room>(name, end_seq, first_seq);
  return *place;
}

/// Who asks for it again brings along what there is to know.
void Delivery::erase_if_idle(const Room& place) {
  if (place.in_round || !place.readers.empty() || place.log.first_seq() <= place.log.end_seq()) return;
  assert(!place.resting);  // what it has grown by is in memory, or it would not wait
  rooms_.erase(std::string(place.name));
}

void Delivery::advance(Reader& reader) {
  if (reader.reading || reader.done) return;
  while (reader.next <= std::min(reader.last, reader.room->log.end_seq())) {
    const std::size_t room_bytes = transport_.send_room(reader.connection, reader.stream);
    if (room_bytes == 0) return;  // SendRoom brings it back
    if (reader.next < reader.room->first_seq) {
      hand_gone(reader);
      continue;
    }
    if (!hand_from_memory(reader, room_bytes)) return read_from_store(reader, room_bytes);
  }
  if (reader.next > reader.last) finish(reader);
}

void Delivery::hand_gone(Reader& reader) {
  const base::Seq last = std::min(reader.room->first_seq - 1, reader.last);
  pb::Event event;
  event.set_seq(reader.next);
  event.mutable_gone()->set_last(last);
  transport_.send(reader.connection, reader.stream, base::SharedBytes::own(wire::encode_frame(event)));
  reader.next = last + 1;
}

bool Delivery::hand_from_memory(Reader& reader, std::size_t bytes_max) {
  const log::RoomTail& log = reader.room->log;
  // A slice of memory ends where a segment ends, not where a bounded reader does.
  if (!reader.live || reader.next < log.first_seq()) return false;
  log::RoomTail::Slice slice = log.slice(reader.next, bytes_max);
  transport_.send(reader.connection, reader.stream, std::move(slice.bytes));
  reader.next = slice.next_seq;
  return true;
}

void Delivery::read_from_store(Reader& reader, std::size_t bytes_max) {
  const base::Seq wanted = std::min(reader.last, reader.room->log.end_seq()) - reader.next + 1;
  reader.reading = true;
  reads_.emplace(++next_ticket_, ReaderKey{reader.connection, reader.stream});
  store_.read(next_ticket_, {.room = reader.room->name,
                             .first = reader.next,
                             .count_max = static_cast<std::size_t>(std::min<base::Seq>(wanted, read_events_max)),
                             .bytes_max = std::min(bytes_max, read_bytes_max)});
}

void Delivery::finish(Reader& reader) {
  transport_.finish(reader.connection, reader.stream);
  // It goes when the stream is closed: until then its bytes are held, and it counts.
  leave_room(reader);
  reader.done = true;
}

void Delivery::leave_room(Reader& reader) {
  if (reader.done) return;
  Room& place = *reader.room;
  reader.room = nullptr;
  place.readers[reader.index] = place.readers.back();
  place.readers[reader.index]->index = reader.index;
  place.readers.pop_back();
  // The last one, who may not have been visited yet, has moved to where the round may have been already.
  if (place.in_round) place.unvisited = place.readers.size();
  erase_if_idle(place);
}

void Delivery::erase(Reader& reader) {
  leave_room(reader);
  readers_.erase(ReaderKey{reader.connection, reader.stream});
}

void Delivery::erase_and_tell(Reader& reader) {
  gone_.push_back({reader.connection, reader.member});
  erase(reader);
}

}  // namespace confab::server

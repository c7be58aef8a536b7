// SPDX-License-Identifier: MIT
// The logs that come on the rooms' streams: places in them are checked, events handed out and kept.
#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "client/quic_client.h"
#include "client/translate.h"

namespace confab::client {

namespace pb = wire::pb;

namespace {

constexpr RequestId no_request = 0;

}  // namespace

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
  if (reader.page && last >= reader.page->end) return end_at_page(found->first, reader, event), true;
  reader.next_seq = last + 1;
  reader.overlap.clear();
  reader.last = event.has_gone() ? base::Bytes() : base::Bytes(frame.begin(), frame.end());
  keep(reader, event, frame);
  Event heard = translate_event(event, reader.room, *incoming.reader);
  if (auto* message = std::get_if<Message>(&heard)) message->own = is_own(reader, event.id());
  events_.push_back(std::move(heard));
  if (reader.count > 0) {
    reader.count -= std::min(reader.count, last - event.seq() + 1);
    if (reader.count == 0) end_reader(found->first);  // the stream's end may be lost with the connection
  }
  return true;
}

void QuicClient::keep(Reader& reader, const pb::Event& event, base::ByteView frame) {
  if (reader.member && !event.has_gone()) local_log_.add(reader.room, event.seq(), frame);
  if (!reader.page) return;
  if (event.has_gone()) return reader.page->heard.clear();
  reader.page->heard.push_back({.seq = event.seq(), .bytes = base::Bytes(frame.begin(), frame.end())});
}

/// What reaches into the part that is known here belongs to it: of what is gone the rest is still told.
void QuicClient::end_at_page(RequestId request, Reader& reader, pb::Event& event) {
  reader.page->heard.clear();
  if (event.has_gone() && event.seq() < reader.page->end) {
    event.mutable_gone()->set_last(reader.page->end - 1);
    events_.push_back(translate_event(event, reader.room, request));
  }
  end_reader(request);
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
  reader.streams = true;
  const bool resumes = reader.next_seq.has_value();
  if (resumes) {
    resume(request, reader, header);
    if (connection_ == 0) return;
  } else {
    reader.next_seq = header.first_seq();
  }
  if (!resumes || reader.about) tell_opened(request, reader, header.end_seq());
  if (std::exchange(reader.anew, false) && header.first_seq() > 1) {
    events_.push_back(Skipped{reader.room, 1, header.first_seq() - 1, request});
  }
}

void QuicClient::resume(RequestId request, Reader& reader, const pb::StreamHeader& header) {
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

/// Once for each connection, and once more where the server says of the room what was not known then.
void QuicClient::tell_opened(RequestId request, const Reader& reader, std::uint64_t end_seq) {
  if (reader.page) return;
  Opened opened{.request = request, .room = reader.room, .first_seq = *reader.next_seq, .end_seq = end_seq};
  if (reader.about) {
    opened.topic = reader.about->topic;
    opened.read_seq = reader.about->read_seq;
  }
  events_.push_back(std::move(opened));
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
  incoming.reader = no_request;
  if (reader.page) {
    reader.page = Page{};
    return end_reader(request);
  }
  if (reader.member) local_log_.forget_from(reader.room, 1);
  pb::Request stop;
  stop.mutable_stop()->set_opened_by(request);
  write(stop, next_request_++);
  reader.start = {.seq = 0, .newest = missed_events_max};
  reader.next_seq.reset();
  reader.overlap.clear();
  reader.last.clear();
  reader.anew = true;
  reader.streams = false;
  reader.about.reset();
  open_reader(request, reader);
}

void QuicClient::end_reader(RequestId request) {
  const auto found = readers_.find(request);
  if (found == readers_.end()) return;
  const Reader reader = std::move(found->second);
  readers_.erase(found);
  if (reader.page) return end_page(request, reader.room, *reader.page);
  events_.push_back(Ended{request, reader.room});
}

/// The part of a log that was known here stands behind what the server had to say.
void QuicClient::end_page(RequestId request, const std::string& room, Page page) {
  for (Event& event : page.known) events_.push_back(std::move(event));
  local_log_.prepend(room, std::move(page.heard));
  events_.push_back(Ended{request, room});
}

/// A page that is known in part is not refused: who asks on from there is told why there is no more. But what was asked
/// for under another name is that one's.
void QuicClient::refuse_reader(RequestId request, const std::string& why) {
  const auto found = readers_.find(request);
  const Reader& reader = found->second;
  if (reader.page && !reader.page->known.empty() && may_be_read(reader.room)) return end_reader(request);
  readers_.erase(found);
  events_.push_back(Refused{request, why});
}

}  // namespace confab::client

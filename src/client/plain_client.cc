// SPDX-License-Identifier: MIT
#include "client/plain_client.h"

#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "base/ids.h"
#include "base/text.h"
#include "wire/limits.h"
#include "wire/plain.h"

namespace confab::client {

namespace {

bool is_lobby(const std::string& room) { return room == wire::limits::lobby || room == "#lobby"; }

/// The word for what is no message.
const char* lacking(Content::What what) {
  if (what == Content::What::topic) return "topics";
  if (what == Content::What::edit) return "edits";
  return what == Content::What::redaction ? "way to take a message back" : "reactions";
}

}  // namespace

RequestId PlainClient::join(const std::string& room, Start) {
  if (!is_lobby(room)) return refuse("other rooms than the lobby");
  return next_request_++;
}

RequestId PlainClient::part(const std::string&) { return refuse("leaving"); }

std::string PlainClient::send(const std::string& room, Kind kind, const std::string& text) {
  return post(room, {.what = Content::What::message, .kind = kind, .text = text});
}

std::string PlainClient::post(const std::string& room, Content content) {
  const base::MessageId id = base::MessageId::make(random_);
  send_as(id, room, std::move(content));
  return id.to_string();
}

void PlainClient::send_as(const base::MessageId& id, const std::string& room, Content content) {
  const char* lacks = content.what != Content::What::message ? lacking(content.what)
                      : is_lobby(room)                       ? nullptr
                                                             : "other room than the lobby";
  if (lacks != nullptr) {
    events_.push_back(
        Status{id.to_string(), room, Status::State::refused, 0, fmt::format("the plain protocol has no {}", lacks)});
    return;
  }
  const std::string line = content.kind == Kind::action ? "* " + content.text : content.text;
  for (std::string& datagram : wire::format_plain(options_.name, line)) outgoing_.push_back(std::move(datagram));
}

RequestId PlainClient::read(const ReadOptions&) { return refuse("history"); }
RequestId PlainClient::read_before(const std::string&, std::uint64_t, std::uint32_t) { return refuse("history"); }
RequestId PlainClient::get_members(const std::string&) { return refuse("lists of members"); }
RequestId PlainClient::get_rooms() { return refuse("lists of rooms"); }
RequestId PlainClient::get_direct_rooms() { return refuse("direct rooms"); }
RequestId PlainClient::set_presence(Presence, const std::string&) { return refuse("presence"); }
void PlainClient::set_typing(const std::string&, bool) {}
void PlainClient::retry(const std::string& name) { options_.name = name; }

std::optional<Event> PlainClient::poll_event() {
  if (events_.empty()) return std::nullopt;
  Event event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void PlainClient::receive(const base::Datagram& datagram, base::Now now) {
  // A line of anybody else than the server is somebody's forgery.
  if (datagram.path.remote != path_.remote) return;
  if (!base::is_utf8(datagram.bytes)) return;
  const wire::PlainLine line = wire::parse_plain(datagram.bytes);
  events_.push_back(Message{.room = wire::limits::lobby,
                            .seq = 0,
                            .time_ms = now.wall.unix_ms,
                            .name = base::clean_line(line.name),
                            .kind = Kind::text,
                            .text = line.text,
                            .id = {},
                            .reply_to = {},
                            .verified = false,
                            .own = false,
                            .request = 0});
}

void PlainClient::unreachable(const base::Path& path, base::Now) {
  if (path.remote != path_.remote) return;
  events_.push_back(Link{Link::State::failed,
                         Link::Failure::unreachable,
                         fmt::format("nobody answers at {}", path.remote.to_string()),
                         {},
                         {}});
}

void PlainClient::wake(base::Now) {}

void PlainClient::transmit(base::DatagramSink& sink, base::Now) {
  if (!std::exchange(greeted_, true)) {
    events_.push_back(Link{Link::State::online,
                           Link::Failure::none,
                           "plain datagrams: nothing is sealed or confirmed",
                           options_.name,
                           {}});
  }
  while (!outgoing_.empty()) {
    const std::span<std::uint8_t> buffer = sink.buffer();
    if (buffer.empty()) return;
    const std::string& next = outgoing_.front();
    std::memcpy(buffer.data(), next.data(), next.size());
    sink.commit(path_, 0, next.size(), next.size());
    outgoing_.pop_front();
  }
}

RequestId PlainClient::refuse(const char* what) {
  const RequestId request = next_request_++;
  events_.push_back(Refused{request, fmt::format("the plain protocol has no {}", what)});
  return request;
}

}  // namespace confab::client

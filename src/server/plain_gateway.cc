// SPDX-License-Identifier: MIT
#include "server/plain_gateway.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "wire/limits.h"

namespace confab::server {

namespace pb = wire::pb;
namespace limits = wire::limits;

namespace {

/// Who speaks when the server itself has something to say to a plain client.
constexpr std::string_view server_name = "confab";

/// A toy client whose user just pressed Enter at the name prompt.
std::string guest_name(const base::Address& address) { return fmt::format("guest-{}", address.port); }

}  // namespace

void PlainGateway::receive(const base::Datagram& datagram, base::Now now) {
  Member* member = find_or_add(datagram.path, now);
  if (member == nullptr || executor_.has_backlog()) {
    ++datagrams_refused_;
    if (member != nullptr) tell(*member, "the server's disk is behind; this line was not taken");
    return;
  }
  if (draining_) return tell(*member, "the server is stopping; this line was not taken");
  const wire::PlainLine line = wire::parse_plain(datagram.bytes);
  const std::string name = line.name.empty() ? guest_name(datagram.path.remote) : line.name;
  if (!introduce(*member, name, now)) return;

  pb::Message message;
  message.set_text(line.text);
  const auto effects = executor_.execute(
      chat::commands::Post{member->session, limits::lobby, base::MessageId::make(random_), std::move(message)}, now);
  if (effects.refusal) tell(*member, effects.refusal->text);
}

void PlainGateway::deliver(const pb::Event& event, chat::SessionId author) {
  if (members_.empty() || !event.has_message()) return;
  const std::string text =
      event.message().kind() == pb::KIND_ACTION ? fmt::format("* {}", event.message().text()) : event.message().text();
  for (std::string& line : wire::format_for_plain_member(event.name(), text)) {
    const auto shared = std::make_shared<const std::string>(std::move(line));
    for (const auto& [session, address] : sessions_) {
      if (session != author) queue(members_.at(address), shared);
    }
  }
}

void PlainGateway::refuse(chat::SessionId author, std::string_view why) {
  const auto found = sessions_.find(author);
  if (found != sessions_.end()) tell(members_.at(found->second), why);
}

void PlainGateway::transmit(base::DatagramSink& sink) {
  while (!outgoing_.empty()) {
    const std::span<std::uint8_t> buffer = sink.buffer();
    if (buffer.empty()) return;
    const Outgoing& next = outgoing_.front();
    std::memcpy(buffer.data(), next.line->data(), next.line->size());
    sink.commit(next.path, 0, next.line->size(), next.line->size());
    outgoing_.pop_front();
  }
}

void PlainGateway::wake(base::Now now) {
  while (!silences_.empty() && silences_.begin()->first <= now.instant) {
    const base::Address address = silences_.begin()->second;
    silences_.erase(silences_.begin());
    end(members_.at(address), now);
    members_.erase(address);
  }
}

base::Instant PlainGateway::next_deadline() const { return silences_.empty() ? base::never : silences_.begin()->first; }

PlainGateway::Member* PlainGateway::find_or_add(const base::Path& path, base::Now now) {
  auto found = members_.find(path.remote);
  if (found == members_.end()) {
    if (members_.size() >= limits::plain_members_max) return nullptr;
    found = members_.emplace(path.remote, Member{}).first;
  } else {
    silences_.erase({found->second.silent_at, path.remote});
  }
  Member& member = found->second;
  member.path = path;
  member.silent_at = now.instant + limits::plain_silence_max;
  member.earned_bytes = limits::plain_unproven_bytes_max;
  silences_.insert({member.silent_at, path.remote});
  return &member;
}

bool PlainGateway::introduce(Member& member, const std::string& name, base::Now now) {
  if (member.session != 0 && member.name == name) return true;
  end(member, now);
  const chat::SessionId session = next_session_++;
  const auto effects = executor_.execute(chat::commands::Identify{session, name, std::nullopt}, now);
  if (effects.refusal) {
    tell(member, effects.refusal->text);
    return false;
  }
  executor_.execute(chat::commands::Join{session, limits::lobby}, now);
  member.name = name;
  member.session = session;
  sessions_.emplace(session, member.path.remote);
  return true;
}

void PlainGateway::tell(Member& member, std::string_view text) {
  for (std::string& line : wire::format_plain(server_name, text)) {
    queue(member, std::make_shared<const std::string>(std::move(line)));
  }
}

void PlainGateway::queue(Member& member, std::shared_ptr<const std::string> line) {
  if (!member.path.remote.is_loopback()) {
    if (line->size() > member.earned_bytes) return;
    member.earned_bytes -= line->size();
  }
  if (outgoing_.size() >= outgoing_max) outgoing_.pop_front();
  outgoing_.push_back({member.path, std::move(line)});
}

void PlainGateway::end(Member& member, base::Now now) {
  if (member.session == 0) return;
  sessions_.erase(member.session);
  executor_.execute(chat::commands::End{member.session, true}, now);
  member.session = 0;
}

}  // namespace confab::server

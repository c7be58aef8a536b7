// SPDX-License-Identifier: MIT
// A stranger who asks in short sentences, and the server's replies as a line each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "stranger.h"

namespace confab::server::testing {

/// `opened tea 3-7 "green" read 2`: nothing of what is empty or 0.
inline std::string describe(const pb::Reply& reply) {
  const auto quoted = [](const std::string& text) { return text.empty() ? "" : fmt::format(" \"{}\"", text); };
  if (reply.has_refused()) {
    const pb::Refused& refused = reply.refused();
    return fmt::format("{} {}", pb::Refused::Code_Name(refused.code()), refused.text());
  }
  if (reply.has_welcome()) return "welcome " + reply.welcome().name();
  if (reply.has_opened()) {
    const pb::Opened& opened = reply.opened();
    return fmt::format("opened {} {}-{}{}{}", opened.room(), opened.first_seq(), opened.end_seq(),
                       quoted(opened.topic()),
                       opened.read_seq() == 0 ? "" : fmt::format(" read {}", opened.read_seq()));
  }
  if (reply.has_closed()) return "closed " + reply.closed().room();
  if (reply.has_accepted()) return fmt::format("accepted {}", reply.accepted().seq());
  if (reply.has_done()) return "done";
  if (reply.has_marker()) return fmt::format("marker {} {}", reply.marker().room(), reply.marker().up_to());
  if (reply.has_invited()) return fmt::format("invited {} {}", reply.invited().room(), reply.invited().end_seq());
  std::string line = reply.has_rooms() ? "rooms:" : "members:";
  for (const pb::Room& room : reply.rooms().rooms()) {
    line += fmt::format(" {}({},{}{})", room.name(), room.members(), room.end_seq(), quoted(room.topic()));
  }
  for (const pb::Member& member : reply.members().members()) line += " " + member.name();
  return line + (reply.rooms().more() || reply.members().more() ? " …" : "");
}

struct Asker : Stranger {
  using Stranger::Stranger;

  /// What was answered since the last call; `!` in front of what nobody asked for.
  std::vector<std::string> hear() {
    std::vector<std::string> lines;
    for (const pb::Reply& reply : std::exchange(replies, {})) {
      lines.push_back((reply.tag() == 0 ? "!" : "") + describe(reply));
    }
    return lines;
  }

  void say_in(const std::string& room, char id, const std::string& text) {
    pb::Request request = send_request(room, id);
    request.mutable_send()->mutable_message()->set_text(text);
    ask(request);
  }
  void set_topic(const std::string& room, char id, const std::string& text) {
    pb::Request request = send_request(room, id);
    request.mutable_send()->mutable_topic()->set_text(text);
    ask(request);
  }
  void mark(const std::string& room, std::uint64_t up_to) {
    pb::Request request;
    request.mutable_mark_read()->set_room(room);
    request.mutable_mark_read()->set_up_to(up_to);
    ask(request);
  }
  void part(const std::string& room) {
    pb::Request request;
    request.mutable_part()->set_room(room);
    ask(request);
  }
  void read(const std::string& room, bool follow = false) {
    pb::Request request;
    request.mutable_read()->set_room(room);
    request.mutable_read()->set_follow(follow);
    ask(request);
  }
  void get_members(const std::string& room) {
    pb::Request request;
    request.mutable_get_members()->set_room(room);
    ask(request);
  }
  void get_rooms(bool direct = false, const std::string& after = {}) {
    pb::Request request;
    request.mutable_get_rooms()->set_direct(direct);
    request.mutable_get_rooms()->set_after(after);
    ask(request);
  }

  /// With an id of sixteen times this character.
  static pb::Request send_request(const std::string& room, char id) {
    pb::Request request;
    request.mutable_send()->set_room(room);
    request.mutable_send()->set_id(std::string(16, id));
    return request;
  }
};

/// A town with such people in it.
struct Askers : Town {
  /// One who has said hello and heard the welcome; with the key of another device, if there is one.
  Asker& asker(const std::string& name, const Asker* other_device = nullptr) {
    askers_.push_back(
        std::make_unique<Asker>(wire_, server_address_, static_cast<std::uint16_t>(7000 + askers_.size())));
    Asker& one = *askers_.back();
    if (other_device != nullptr) one.key = net::UserKey::from_pem(other_device->key.to_pem()).value();
    one.hello(name);
    wire_.settle();
    one.hear();
    return one;
  }
  /// What one hears when all is quiet again.
  Lines heard(Asker& one) {
    wire_.settle();
    return one.hear();
  }
  /// Every event of a room, in one line each.
  Lines log_of(const std::string& room) {
    Lines lines;
    const auto records = store_.store.read(room, 1, 1000, 1'000'000);
    for (const log::Record& record : *records) {
      const auto event = wire::decode_event(record.seq, record.body);
      EXPECT_TRUE(event);
      lines.push_back(describe(*event));
    }
    return lines;
  }
  static std::string describe(const pb::Event& event) {
    if (event.has_topic()) return fmt::format("{} sets {}", event.name(), event.topic().text());
    if (event.has_edit()) return fmt::format("{} edits {}", event.name(), event.edit().text());
    if (event.has_redaction()) return fmt::format("{} redacts {}", event.name(), event.redaction().reason());
    if (event.has_reaction()) return fmt::format("{} reacts {}", event.name(), event.reaction().text());
    if (event.has_message()) return fmt::format("{}: {}", event.name(), event.message().text());
    return event.name() + (event.has_joined() ? " joined" : " left");
  }

  std::vector<std::unique_ptr<Asker>> askers_;
};

}  // namespace confab::server::testing

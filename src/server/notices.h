// SPDX-License-Identifier: MIT
// What sessions are told without having asked: replies with tag 0. Nothing rests on them, as whoever opens a room is
// told the same; a client that takes no replies is told nothing more.
#pragma once

#include <map>
#include <string>

#include "base/time.h"
#include "chat/chat.h"
#include "server/session.h"
#include "server/switchboard.h"

namespace confab::server {

/// Not thread-safe. All references must outlive it.
class Notices {
 public:
  using Sessions = std::map<chat::SessionId, Session>;

  Notices(const chat::Chat& chat, Sessions& sessions, Switchboard& shards)
      : chat_(chat), sessions_(sessions), shards_(shards) {}

  /// `asker` has moved its name's marker: tells the name's other sessions.
  void tell_marker(const chat::NewMarker& marker, chat::SessionId asker);
  /// A direct room has grown: points it out to those sessions of its two that are not in it and were not told lately.
  void invite(const std::string& room, base::Seq end_seq, chat::SessionId author, base::Now now);

 private:
  void invite(Session& session, const std::string& room, base::Seq end_seq, base::Now now);
  bool tell(Session& session, const wire::pb::Reply& notice);

  const chat::Chat& chat_;
  Sessions& sessions_;
  Switchboard& shards_;
};

}  // namespace confab::server

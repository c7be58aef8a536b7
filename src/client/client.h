// SPDX-License-Identifier: MIT
// A chat client as a machine: commands, datagrams and time in; events, datagrams and a deadline out. One interface over
// both protocols, so that line mode, filters and bots do not care which one a server speaks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/machine.h"
#include "client/outbox_store.h"
#include "confab/types.h"

namespace confab::client {

struct ReadOptions {
  std::string room;
  Start start;
  bool follow = false;      ///< goes on with what comes
  std::uint64_t count = 0;  ///< ends after that many events; 0: no such end
};

/// How the connection fares, for people.
struct LinkInfo {
  base::Path path;
  base::Duration rtt{};      ///< smoothed; zero: not measured yet
  base::Duration rtt_min{};  ///< likewise
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_lost = 0;
  base::Duration silence{};  ///< since the server was heard last
};

/// Not thread-safe. Commands may be given at any time; what cannot be done now is done once the link is up.
///
/// A room is given as people write it, and told as the server does. "@NAME" is the direct room with NAME.
class Client : public base::Machine {
 public:
  /// The ways to the server, best first; once. It connects when it has them. An attempt that fails goes on with the
  /// next.
  virtual void set_paths(std::vector<base::Path> paths) = 0;

  /// Becomes a member of a room: its log from `start` on arrives as events, over every reconnect without gap or
  /// repetition. Where the local history knows the room, a start without a seq is behind what it has, which comes
  /// first.
  virtual RequestId join(const std::string& room, Start start) = 0;
  virtual RequestId part(const std::string& room) = 0;
  /// Sends a message; Status events with the answered id tell what becomes of it.
  virtual std::string send(const std::string& room, Kind kind, const std::string& text) = 0;
  /// The same for whatever may be sent into a room. Refused at once where its target is no id.
  virtual std::string post(const std::string& room, Content content) = 0;
  /// The same under an id of the caller's choice: however often it is sent, in whatever run, it is one message.
  virtual void send_as(const base::MessageId& id, const std::string& room, Content content) = 0;
  /// Gives up a message that was never sent: it is not kept any more, and no Status is told. False for one that is
  /// settled, or may be stored by now: it was sent, another program left it behind, or one has taken it over and sent
  /// it.
  virtual bool discard(const std::string& id) = 0;
  /// Takes back every message that send() was given here and that was never sent to a server; after Link::failed. Each
  /// is refused for this reason. Those that were sent may be stored: they stay.
  virtual void withdraw(const std::string& why) = 0;
  /// Reads a room's log without joining it.
  virtual RequestId read(const ReadOptions& options) = 0;
  /// The newest `count` events of a room before `seq`, oldest first, then Ended: at once where the local history has
  /// them, from the server where it has not. Offline, what is here; Refused if that is nothing.
  virtual RequestId read_before(const std::string& room, std::uint64_t seq, std::uint32_t count) = 0;
  /// This name has read up to `seq`, for its other devices. Said when the link allows, newest wins.
  virtual void mark_read(const std::string& room, std::uint64_t seq) = 0;
  virtual RequestId get_members(const std::string& room) = 0;
  virtual RequestId get_rooms() = 0;
  /// The direct rooms of this name.
  virtual RequestId get_direct_rooms() = 0;
  virtual RequestId set_presence(Presence presence, const std::string& away_text) = 0;
  virtual void set_typing(const std::string& room, bool active) = 0;

  /// The machine's addresses or routes are others now: no pause is waited for, and the server is asked for a sign of
  /// life.
  virtual void network_changed(base::Now now) = 0;
  /// Connects anew, now: under another name, after Link::failed, or with a key that is trusted by now.
  virtual void retry(const std::string& name) = 0;
  /// Says goodbye; nothing more is heard.
  virtual void quit() = 0;

  /// Messages that are neither stored nor refused yet.
  virtual std::size_t unsettled() const = 0;
  /// Those of them that are for a room, in the order in which they are sent; what an earlier run left behind is among
  /// them from its Status on.
  virtual std::vector<StoredEntry> unsettled_in(const std::string& room) const = 0;
  /// Whether all of these survive the end of the program, and go out with its next run; known after transmit().
  virtual bool keeps_unsettled() const = 0;

  /// nullopt where there is no connection.
  virtual std::optional<LinkInfo> link_info(base::Now now) const = 0;

  virtual std::optional<Event> poll_event() = 0;
};

}  // namespace confab::client

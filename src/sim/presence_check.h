// SPDX-License-Identifier: MIT
// Who is shown to be in a room, against who is there. For each member of a room:
//
//   order   joins and leaves alternate in the log, beginning with a join
//   grace   nobody is shown as lost who had a session in the room within the grace before, nor within the grace after
//           the server's start; nobody is shown as having left who did not, or is there with another device
//   truth   nobody is shown as being there who has been gone for longer than the grace and the idle timeout
//
// A restart of the server and a client that is back in time therefore show nothing: there is neither a leave to write
// nor, since they alternate, a join.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "net/transport.h"
#include "sim/archive.h"
#include "sim/clock.h"
#include "sim/complaints.h"

namespace confab::sim {

/// Not thread-safe. `clock` and `complaints` must outlive it. Clients are numbers, as in Plan::clients.
class PresenceCheck {
 public:
  PresenceCheck(const Clock& clock, Complaints& complaints) : clock_(clock), complaints_(complaints) {}

  /// `idle_timeout`: how long the server may take to notice that the client's machine is gone.
  void add_client(const std::string& name, base::Duration idle_timeout) {
    clients_.push_back({.name = name, .idle_timeout = idle_timeout, .sessions = {}});
  }

  void server_started();
  void server_stopped();
  /// Nothing can be stored, and so nothing be shown, until now.
  void store_was_ill() { excused_until_ = clock_.instant(); }

  /// What the server knows of a client.
  void connected(net::ConnectionHandle connection, std::size_t client);
  void closed(net::ConnectionHandle connection);
  /// What the client knows: its newest session is in the room, since it hears the room's log.
  void hears(std::size_t client, const std::string& room);
  void parts(std::size_t client, const std::string& room);
  void quits(std::size_t client);
  /// Its machine is down or asleep.
  void is_gone(std::size_t client);
  void is_back(std::size_t client);

  /// What the log says; `decided` is when the server decided it.
  void stored(const std::string& room, base::Seq seq, const Account& account, base::Instant decided);

  /// Once in a while.
  void look();

 private:
  struct Session {
    net::ConnectionHandle connection = 0;
    base::Instant ended = base::never;           // never: it lives
    std::map<std::string, base::Instant> rooms;  // known to be in there since
  };
  struct Client {
    std::string name;
    base::Duration idle_timeout{};
    std::vector<Session> sessions;  // of this life of the server
    base::Instant gone_since = base::never;
  };
  struct Member {
    std::string room;
    std::string name;
    bool verified = false;
    auto operator<=>(const Member&) const = default;
  };

  void check_leave(const Member& member, Account::Kind kind, base::Instant decided, const std::string& what);
  bool was_in(const Member& member, base::Instant decided, base::Duration grace) const;
  bool is_truly_gone(const Client& client, base::Instant excused) const;
  void complain(std::string text) { complaints_.add(std::move(text)); }

  const Clock& clock_;
  Complaints& complaints_;
  std::vector<Client> clients_;
  std::map<Member, base::Instant> shown_;                // as being there, since
  std::set<std::pair<std::string, std::string>> parts_;  // name and room
  std::set<std::string> quits_;                          // name
  base::Instant server_started_ = base::at_once;
  base::Instant excused_until_ = base::at_once;
  bool server_runs_ = false;
};

}  // namespace confab::sim

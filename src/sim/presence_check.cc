// SPDX-License-Identifier: MIT
#include "sim/presence_check.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "wire/limits.h"

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

constexpr base::Duration grace = wire::limits::presence_grace;
/// How long a leave that is due may be on its way: the slowest sync there is, twice, and datagrams that were under way.
constexpr base::Duration latitude = 20s;

}  // namespace

void PresenceCheck::server_started() {
  server_runs_ = true;
  server_started_ = clock_.instant();
}

void PresenceCheck::server_stopped() {
  server_runs_ = false;
  for (Client& each : clients_) each.sessions.clear();
}

void PresenceCheck::connected(net::ConnectionHandle connection, std::size_t client) {
  clients_[client].sessions.push_back({.connection = connection, .rooms = {}});
}

void PresenceCheck::closed(net::ConnectionHandle connection) {
  for (Client& client : clients_) {
    const auto found = std::ranges::find(client.sessions, connection, &Session::connection);
    if (found != client.sessions.end()) found->ended = clock_.instant();
  }
}

void PresenceCheck::hears(std::size_t client, const std::string& room) {
  if (clients_[client].sessions.empty()) return;  // what is told was on its way when the server stopped
  clients_[client].sessions.back().rooms.try_emplace(room, clock_.instant());
}

void PresenceCheck::parts(std::size_t client, const std::string& room) {
  parts_.insert({clients_[client].name, room});
  for (Session& each : clients_[client].sessions) each.rooms.erase(room);
}

void PresenceCheck::quits(std::size_t client) {
  quits_.insert(clients_[client].name);
  for (Session& each : clients_[client].sessions) each.rooms.clear();
}

void PresenceCheck::is_gone(std::size_t client) {
  clients_[client].gone_since = std::min(clients_[client].gone_since, clock_.instant());
}

void PresenceCheck::is_back(std::size_t client) { clients_[client].gone_since = base::never; }

void PresenceCheck::stored(const std::string& room, base::Seq seq, const Account& account, base::Instant decided) {
  if (account.kind == Account::Kind::message || account.kind == Account::Kind::unknown) return;
  const Member member{.room = room, .name = account.name, .verified = account.verified};
  const std::string what = fmt::format("event {} of #{} is wrong: {}", seq, room, account.to_string());
  if (account.kind == Account::Kind::joined) {
    if (!shown_.emplace(member, decided).second) complain(what + ", who was there");
    return;
  }
  if (shown_.erase(member) == 0) complain(what + ", who was not there");
  if (member.verified) check_leave(member, account.kind, decided, what);
}

void PresenceCheck::check_leave(const Member& member, Account::Kind kind, base::Instant decided,
                                const std::string& what) {
  if (kind == Account::Kind::lost) {
    if (decided < server_started_ + grace) complain(what + ", within the grace after the server's start");
    if (was_in(member, decided, grace)) complain(what + ", whose session was in the room within the grace before");
    return;
  }
  const bool wanted =
      kind == Account::Kind::quit ? quits_.contains(member.name) : parts_.contains({member.name, member.room});
  if (!wanted) complain(what + ", who did nothing of the kind");
  if (was_in(member, decided, {})) complain(what + ", who is in the room with another session");
}

/// By a session that is known to have been in the room before, and that lived within `span` before `decided`.
bool PresenceCheck::was_in(const Member& member, base::Instant decided, base::Duration span) const {
  return std::ranges::any_of(clients_, [&](const Client& client) {
    return client.name == member.name && std::ranges::any_of(client.sessions, [&](const Session& each) {
             const auto since = each.rooms.find(member.room);
             if (since == each.rooms.end() || since->second >= decided) return false;
             return each.ended > decided - span;
           });
  });
}

void PresenceCheck::look() {
  if (!server_runs_) return;
  for (const auto& [member, joined] : shown_) {
    const base::Instant excused = std::max({joined, server_started_, excused_until_});
    const bool is_there = !member.verified || std::ranges::any_of(clients_, [&](const Client& client) {
      return client.name == member.name && !is_truly_gone(client, excused);
    });
    if (is_there) continue;
    complain(fmt::format("{} is shown in #{} and has been gone for longer than the grace", member.name, member.room));
  }
}

/// By the server's own account, or since its machine went down.
bool PresenceCheck::is_truly_gone(const Client& client, base::Instant excused) const {
  base::Instant session_ended = excused;
  for (const Session& each : client.sessions) session_ended = std::max(session_ended, each.ended);
  const base::Instant machine_gone = std::max(excused, client.gone_since);
  // base::never: it lives.
  const auto since = [this](base::Instant then) {
    return then == base::never ? base::Duration::zero() : clock_.instant() - then;
  };
  return since(session_ended) > grace + latitude || since(machine_gone) > grace + client.idle_timeout + latitude;
}

}  // namespace confab::sim

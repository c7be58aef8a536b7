// SPDX-License-Identifier: MIT
#include "screen/fleet.h"

#include <algorithm>
#include <utility>

namespace confab::screen {

/// A wildcard socket tells which of the machine's addresses a datagram came to; its port is its own.
client::Client* Fleet::at(const base::Path& path) const {
  if (members_.size() == 1) return members_.front().client;
  for (const FleetMember& member : members_) {
    const auto is_its = [&](const base::Address& local) { return local.port == path.local.port; };
    if (std::ranges::any_of(member.locals, is_its)) return member.client;
  }
  return nullptr;
}

void Fleet::receive(const base::Datagram& datagram, base::Now now) {
  if (client::Client* client = at(datagram.path)) client->receive(datagram, now);
}

void Fleet::unreachable(const base::Path& path, base::Now now) {
  if (client::Client* client = at(path)) client->unreachable(path, now);
}

void Fleet::start(base::Now now) {
  if (!std::exchange(started_, true)) screen_.start(now);
}

void Fleet::wake(base::Now now) {
  start(now);
  for (const FleetMember& member : members_) member.client->wake(now);
  screen_.wake(now);
}

void Fleet::transmit(base::DatagramSink& sink, base::Now now) {
  pump(now);
  if (screen_.echo(now)) show_();
  for (const FleetMember& member : members_) member.client->transmit(sink, now);
  pump(now);
  screen_.end_turn(now);
  if (!screen_.exit_code() || std::exchange(said_goodbye_, true)) return;
  for (const FleetMember& member : members_) {
    member.client->quit();
    member.client->transmit(sink, now);
  }
}

base::Instant Fleet::next_deadline() const {
  if (!started_) return base::at_once;
  base::Instant deadline = screen_.next_deadline();
  for (const FleetMember& member : members_) deadline = std::min(deadline, member.client->next_deadline());
  return deadline;
}

void Fleet::network_changed(base::Now now) {
  for (const FleetMember& member : members_) member.client->network_changed(now);
}

void Fleet::pump(base::Now now) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    while (!screen_.exit_code()) {
      const auto event = members_[i].client->poll_event();
      if (!event) break;
      screen_.hear(i, *event, now);
    }
  }
}

}  // namespace confab::screen

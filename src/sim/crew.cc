// SPDX-License-Identifier: MIT
#include "sim/crew.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

/// Between two turns of a thread: what a turn takes, and now and then what others on the same processor take.
constexpr base::Duration rest_min = 1us;
constexpr base::Duration rest_max = 30us;
constexpr base::Duration long_rest_max = 20ms;
constexpr std::uint64_t long_rest_one_in = 50;

}  // namespace

Crew::Crew(std::vector<Member> members, Steering steering, std::uint64_t seed)
    : steering_(std::move(steering)), dice_(seed) {
  for (Member& each : members) members_.push_back({.member = std::move(each), .inbox = {}});
}

void Crew::receive(const base::Datagram& datagram, base::Now) {
  members_[steering_(datagram)].inbox.push_back(
      {datagram.path, {datagram.bytes.begin(), datagram.bytes.end()}, datagram.ecn});
}

void Crew::transmit(base::DatagramSink& sink, base::Now now) {
  const std::size_t first = members_.size() == 1 ? 0 : dice_.below(members_.size());
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Thread& thread = members_[(first + i) % members_.size()];
    if (due(thread) <= now.instant) turn(thread, sink, now);
  }
}

base::Instant Crew::next_deadline() const {
  base::Instant next = base::never;
  for (const Thread& each : members_) next = std::min(next, due(each));
  return next;
}

base::Instant Crew::due(const Thread& thread) {
  const bool is_wanted = thread.is_stirred || !thread.inbox.empty();
  const base::Instant wanted =
      is_wanted ? base::at_once : std::min(thread.member.machine->next_deadline(), thread.member.other_deadline());
  return std::max(wanted, thread.rests_until);
}

void Crew::turn(Thread& thread, base::DatagramSink& sink, base::Now now) {
  base::Machine& machine = *thread.member.machine;
  thread.is_stirred = false;
  for (const Arrived& each : std::exchange(thread.inbox, {})) machine.receive({each.path, each.bytes, each.ecn}, now);
  if (machine.next_deadline() <= now.instant) machine.wake(now);
  machine.transmit(sink, now);
  if (members_.size() == 1) return;
  const base::Duration rest = dice_.one_in(long_rest_one_in) ? long_rest_max : rest_max;
  thread.rests_until = now.instant + dice_.between(rest_min, rest);
}

}  // namespace confab::sim

// SPDX-License-Identifier: MIT
#include "plain_swarm.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "io/clock.h"
#include "wire/limits.h"

namespace confab::bench {

namespace {

using std::chrono::milliseconds;

constexpr int socket_buffer_bytes = 256 * 1024;
/// The toy tells everybody of everybody who joins: more at once would fill its socket before it looks.
constexpr std::size_t joining_max = 20;
constexpr base::Duration joining_patience = milliseconds(1000);
/// What is not here by then was lost: the toy keeps nothing. (64 messages for 1,000 members take it a second.)
constexpr base::Duration arrival_max = milliseconds(3000);
/// A message leaves the window when so many in a hundred members have it: with the toy, some never do.
constexpr std::size_t hearers_percent = 90;

base::Instant read_clock() { return io::read_clocks().instant; }

}  // namespace

std::expected<PlainSwarm, std::string> PlainSwarm::open(std::size_t count, const base::Address& server) {
  io::Fd poll(::epoll_create1(EPOLL_CLOEXEC));
  if (!poll) return std::unexpected(io::make_error("watch sockets", errno).text);
  std::vector<Member> members;
  for (std::size_t number = 0; number < count; ++number) {
    const io::SocketOptions options{.local_per_datagram = false, .buffer_bytes = socket_buffer_bytes};
    auto socket = io::UdpSocket::open(base::Address::v4(127, 0, 0, 1, 0), options);
    if (!socket) return std::unexpected(socket.error().text);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = number}};
    if (::epoll_ctl(poll.get(), EPOLL_CTL_ADD, socket->fd(), &event) != 0) {
      return std::unexpected(io::make_error("watch a socket", errno).text);
    }
    members.emplace_back(*std::move(socket));
  }
  return PlainSwarm(std::move(members), std::move(poll), server);
}

std::expected<void, std::string> PlainSwarm::join(base::Duration patience) {
  base::Instant now = read_clock();
  const base::Instant give_up = now + patience;
  while (heard_ < members_.size() && now < give_up) {
    const std::size_t wanted = heard_ + speak_up();
    const base::Instant again = now + joining_patience;
    for (; heard_ < wanted && now < again; now = read_clock()) take_in(again - now);
  }
  if (heard_ == members_.size()) return {};
  return std::unexpected(fmt::format("only {} of {} members heard anything", heard_, members_.size()));
}

void PlainSwarm::begin(const Workload& workload, base::Instant now) {
  schedule_ = Schedule(workload, schedule_.first_index() + schedule_.sent(), now);
  tally_ = Tally{};
  flights_.clear();
  last_progress_ = now;
}

bool PlainSwarm::is_done(base::Instant now) const {
  if (!schedule_.is_over(now)) return false;
  return tally_.lost() == 0 || now >= std::min(last_progress_ + arrival_max, schedule_.end() + overtime_max);
}

void PlainSwarm::turn() {
  base::Instant now = read_clock();
  expire_window(now);
  send_due(now);
  take_in(time_to_wait(now));
}

void PlainSwarm::say(std::size_t member, std::string_view text) {
  const std::string line = fmt::format("member {} : {}", member, text);
  sockaddr_storage address;
  const socklen_t size = server_.to_sockaddr(address);
  // What the kernel does not take is lost, as any datagram may be.
  ::sendto(members_[member].socket.fd(), line.data(), line.size(), MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&address), size);
}

/// Some of those who have heard nobody speak, and as many as are told; then one who is known, so that they hear
/// somebody.
std::size_t PlainSwarm::speak_up() {
  std::size_t speakers = 0;
  for (std::size_t number = 0; number < members_.size() && speakers < joining_max; ++number) {
    if (members_[number].has_heard) continue;
    say(number, "hello");
    ++speakers;
  }
  say(0, "welcome");
  return speakers;
}

void PlainSwarm::send_due(base::Instant now) {
  while (const auto stamp = schedule_.next_due(now)) {
    say(stamp->index % members_.size(), write_stamp(*stamp));
    flights_.emplace(stamp->index, Flight{.sent_at = now});
    ++tally_.messages;
    tally_.expected += members_.size() - 1;
  }
}

void PlainSwarm::expire_window(base::Instant now) {
  while (!flights_.empty() && flights_.begin()->second.sent_at + arrival_max <= now) {
    flights_.erase(flights_.begin());
    schedule_.leave_window();
  }
}

base::Duration PlainSwarm::time_to_wait(base::Instant now) const {
  const base::Instant deadline = std::min(schedule_.next_deadline(now), now + arrival_max);
  return std::max(deadline - now, base::Duration::zero());
}

void PlainSwarm::take_in(base::Duration wait_max) {
  std::array<epoll_event, 256> ready;
  const timespec timeout{.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(wait_max).count(),
                         .tv_nsec = (wait_max % std::chrono::seconds(1)).count()};
  const int count = ::epoll_pwait2(poll_.get(), ready.data(), static_cast<int>(ready.size()), &timeout, nullptr);
  for (int i = 0; i < count; ++i) read(members_[ready[static_cast<std::size_t>(i)].data.u64]);
}

void PlainSwarm::read(Member& member) {
  std::array<char, wire::limits::plain_datagram_bytes_max> buffer;
  ssize_t size = 0;
  while ((size = ::recv(member.socket.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT)) >= 0) {
    hear(member, {buffer.data(), static_cast<std::size_t>(size)});
  }
}

void PlainSwarm::hear(Member& member, std::string_view datagram) {
  if (!std::exchange(member.has_heard, true)) ++heard_;
  const std::size_t separator = datagram.find(" : ");
  if (separator == std::string_view::npos) return;
  const auto stamp = read_stamp(datagram.substr(separator + 3));
  if (!stamp || stamp->index < schedule_.first_index()) return;

  // Its own messages do not come back to it: they are passed over in silence.
  const auto own = static_cast<std::size_t>(&member - members_.data());
  if (member.order.next() % members_.size() == own) member.order.hear(member.order.next());
  const RunningOrder::Verdict verdict = member.order.hear(stamp->index);
  if (verdict == RunningOrder::Verdict::late) ++tally_.disordered;
  if (verdict == RunningOrder::Verdict::again) {
    ++tally_.doubled;
    return;
  }
  ++tally_.deliveries;
  last_progress_ = read_clock();
  tally_.latency.record(last_progress_ - stamp->intended);
  const auto flight = flights_.find(stamp->index);
  if (flight == flights_.end() || ++flight->second.hearers * 100 < (members_.size() - 1) * hearers_percent) return;
  flights_.erase(flight);
  schedule_.leave_window();
}

}  // namespace confab::bench

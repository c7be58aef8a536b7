// SPDX-License-Identifier: MIT
#include "tcp_swarm.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/epoll.h>

#include "io/clock.h"
#include "io/error.h"

namespace confab::bench {

namespace {

/// Handshakes under way at the same time: fewer than fit the shortest queue of a listening socket (ngircd's, 10), for
/// what does not fit is tried again by TCP after a second and more.
constexpr std::size_t handshakes_max = 8;
/// Members whose handshake is done and who have not joined yet.
constexpr std::size_t joining_max = 64;
/// Without a delivery, at a workload's end.
constexpr base::Duration patience = std::chrono::seconds(5);
constexpr base::Duration wait_max = std::chrono::milliseconds(100);
/// A TLS record's.
constexpr std::size_t buffer_bytes = 16 * 1024;

base::Instant read_clock() { return io::read_clocks().instant; }

io::Fd open_poll() {
  io::Fd poll(::epoll_create1(EPOLL_CLOEXEC));
  if (!poll) throw std::system_error(errno, std::generic_category(), "cannot watch sockets");
  return poll;
}

}  // namespace

TcpSwarm::TcpSwarm(std::size_t members, const base::Address& server, const Dialect& dialect)
    : server_(server), dialect_(dialect), member_count_(members), poll_(open_poll()), buffer_(buffer_bytes, '\0') {
  members_.reserve(members);
}

std::expected<void, std::string> TcpSwarm::join(base::Duration time_max) {
  const base::Instant give_up = read_clock() + time_max;
  while (joined_ < member_count_ && failure_.empty() && read_clock() < give_up) {
    connect_more();
    take_in(wait_max);
  }
  if (!failure_.empty()) return std::unexpected(failure_);
  if (joined_ == member_count_) return {};
  return std::unexpected(fmt::format("only {} of {} members got in", joined_, member_count_));
}

void TcpSwarm::begin(const Workload& workload, base::Instant now) {
  schedule_ = Schedule(workload, schedule_.first_index() + schedule_.sent(), now);
  tally_ = Tally{};
  flights_.clear();
  last_progress_ = now;
}

bool TcpSwarm::is_done(base::Instant now) const {
  if (!schedule_.is_over(now)) return false;
  return tally_.lost() == 0 || now >= std::min(last_progress_ + patience, schedule_.end() + overtime_max);
}

void TcpSwarm::turn() {
  const base::Instant now = read_clock();
  send_due(now);
  take_in(std::clamp(schedule_.next_deadline(now) - now, base::Duration::zero(), wait_max));
}

void TcpSwarm::connect_more() {
  const auto has_room = [this] {
    return members_.size() - greeted_ < handshakes_max && greeted_ - joined_ < joining_max;
  };
  while (members_.size() < member_count_ && has_room() && failure_.empty()) {
    auto link = TlsLink::open(server_, context_, dialect_.begins_in_the_clear());
    if (!link) {
      failure_ = link.error();
      return;
    }
    Member& member = members_.emplace_back(Member{.link = *std::move(link), .number = members_.size()});
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.u64 = member.number}};
    if (::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, member.link.fd(), &event) != 0) fail(member, io::describe(errno));
  }
}

void TcpSwarm::send_due(base::Instant now) {
  while (const auto stamp = schedule_.next_due(now)) {
    Member& author = members_[stamp->index % members_.size()];
    send(author, dialect_.say(write_stamp(*stamp)));
    if (!dialect_.echoes()) author.order.hear(stamp->index);
    ++tally_.messages;
    const std::size_t hearers = members_.size() - (dialect_.echoes() ? 0 : 1);
    tally_.expected += hearers;
    flights_.emplace(stamp->index, hearers);
  }
}

void TcpSwarm::send(Member& member, std::string_view bytes) {
  if (const auto sent = member.link.send(bytes); !sent) fail(member, sent.error());
}

void TcpSwarm::take_in(base::Duration wait) {
  std::array<epoll_event, 256> ready;
  const timespec timeout{.tv_sec = 0, .tv_nsec = static_cast<long>(wait.count())};
  const int count = ::epoll_pwait2(poll_.get(), ready.data(), static_cast<int>(ready.size()), &timeout, nullptr);
  for (int i = 0; i < count; ++i) advance(members_[ready[static_cast<std::size_t>(i)].data.u64]);
}

void TcpSwarm::advance(Member& member) {
  while (failure_.empty()) {
    const auto bytes = member.link.receive(buffer_);
    if (!bytes) return fail(member, bytes.error());
    now_ = read_clock();
    if (member.link.is_sealed() && !std::exchange(member.has_greeted, true)) {
      ++greeted_;
      send(member, dialect_.greet(member.number));
    }
    if (bytes->empty()) return;
    if (member.link.is_sealed()) {
      read(member, *bytes);
    } else if (member.unread += *bytes; member.unread.ends_with("\r\n")) {
      member.unread.clear();
      member.link.start_tls();
    }
  }
}

/// Most reads bring whole messages, which then need not be copied.
void TcpSwarm::read(Member& member, std::string_view bytes) {
  if (member.unread.empty()) {
    read_all(member, bytes);
    member.unread = bytes;
    return;
  }
  member.unread += bytes;
  std::string_view input = member.unread;
  read_all(member, input);
  member.unread.erase(0, member.unread.size() - input.size());
}

void TcpSwarm::read_all(Member& member, std::string_view& input) {
  while (!input.empty() && failure_.empty()) {
    Dialect::Heard heard = dialect_.hear(input);
    if (heard.kind == Dialect::Heard::Kind::unfinished) return;
    act_on(member, heard);
  }
}

void TcpSwarm::act_on(Member& member, Dialect::Heard& heard) {
  switch (heard.kind) {
    case Dialect::Heard::Kind::reply:
      return send(member, heard.reply);
    case Dialect::Heard::Kind::joined:
      if (!std::exchange(member.has_joined, true)) ++joined_;
      return;
    case Dialect::Heard::Kind::message:
      return hear(member, heard.text);
    case Dialect::Heard::Kind::refusal:
      return fail(member, heard.text);
    case Dialect::Heard::Kind::nothing:
    case Dialect::Heard::Kind::unfinished:
      return;
  }
}

void TcpSwarm::hear(Member& member, std::string_view text) {
  const auto stamp = read_stamp(text);
  if (!stamp || stamp->index < schedule_.first_index()) return;
  const RunningOrder::Verdict verdict = member.order.hear(stamp->index);
  if (verdict == RunningOrder::Verdict::again) {
    ++tally_.doubled;
    return;
  }
  // The same sender's next one.
  if (member.order.has_heard(stamp->index + members_.size())) ++tally_.disordered;
  ++tally_.deliveries;
  last_progress_ = now_;
  tally_.latency.record(now_ - stamp->intended);
  const auto flight = flights_.find(stamp->index);
  if (flight == flights_.end() || --flight->second > 0) return;
  flights_.erase(flight);
  schedule_.leave_window();
}

void TcpSwarm::fail(const Member& member, std::string_view why) {
  if (failure_.empty()) failure_ = fmt::format("member {}: {}", member.number, why);
}

}  // namespace confab::bench

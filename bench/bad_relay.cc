// SPDX-License-Identifier: MIT
#include "bad_relay.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "io/clock.h"
#include "io/error.h"

namespace confab::bench {

namespace {

constexpr std::size_t datagram_bytes_max = 65'536;
constexpr std::uint64_t header_bytes = 28;
constexpr int buffer_bytes = 4 * 1024 * 1024;

io::Fd open_udp() {
  io::Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
  return socket;
}

template <typename Call>
int with_address(const base::Address& address, Call call) {
  sockaddr_storage name;
  const socklen_t size = address.to_sockaddr(name);
  return call(reinterpret_cast<const sockaddr*>(&name), size);
}

}  // namespace

std::expected<std::unique_ptr<BadRelay>, std::string> BadRelay::start(const base::Address& server,
                                                                      const PathConditions& conditions) {
  io::Fd front = open_udp();
  const auto bound = with_address(base::Address::v4(127, 0, 0, 1, 0), [&](const sockaddr* name, socklen_t size) {
    return ::bind(front.get(), name, size);
  });
  sockaddr_storage name;
  socklen_t size = sizeof name;
  if (bound != 0 || ::getsockname(front.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    return std::unexpected(io::make_error("open the relay's socket", errno).text);
  }
  const base::Address address = base::Address::from_sockaddr(reinterpret_cast<sockaddr*>(&name));
  io::Fd stop(::eventfd(0, EFD_CLOEXEC));
  return std::unique_ptr<BadRelay>(new BadRelay(server, conditions, std::move(front), std::move(stop), address));
}

BadRelay::BadRelay(const base::Address& server, const PathConditions& conditions, io::Fd front, io::Fd stop,
                   const base::Address& address)
    : server_(server),
      conditions_(conditions),
      front_(std::move(front)),
      stop_(std::move(stop)),
      address_(address),
      buffer_(datagram_bytes_max),
      thread_([this](const std::stop_token& stopped) { run(stopped); }) {}

BadRelay::~BadRelay() {
  thread_.request_stop();
  ::eventfd_write(stop_.get(), 1);
}

void BadRelay::run(const std::stop_token& stopped) {
  while (!stopped.stop_requested()) {
    wait();
    const base::Instant now = io::read_clocks().instant;
    take_from_members(now);
    for (std::size_t member = 0; member < members_.size(); ++member) take_from_server(member, now);
    deliver(now);
  }
}

/// Until something comes, or is due.
void BadRelay::wait() const {
  std::vector<pollfd> watched{{stop_.get(), POLLIN, 0}, {front_.get(), POLLIN, 0}};
  for (const Member& member : members_) watched.push_back({member.to_server.get(), POLLIN, 0});
  const base::Instant due = std::min(up_.next_due(), down_.next_due());
  if (due == base::never) {
    ::poll(watched.data(), watched.size(), -1);
    return;
  }
  const auto left = std::max(due - io::read_clocks().instant, base::Duration::zero());
  const std::timespec timeout{.tv_sec = left / std::chrono::seconds(1),
                              .tv_nsec = (left % std::chrono::seconds(1)).count()};
  ::ppoll(watched.data(), watched.size(), &timeout, nullptr);
}

void BadRelay::take_from_members(base::Instant now) {
  for (;;) {
    sockaddr_storage name;
    socklen_t name_size = sizeof name;
    const ssize_t size =
        ::recvfrom(front_.get(), buffer_.data(), buffer_.size(), 0, reinterpret_cast<sockaddr*>(&name), &name_size);
    if (size < 0) return;
    const std::size_t member = find(base::Address::from_sockaddr(reinterpret_cast<sockaddr*>(&name)));
    const base::ByteView bytes = base::ByteView(buffer_).first(static_cast<std::size_t>(size));
    carry(up_, members_[member].up, member, bytes, now);
  }
}

void BadRelay::take_from_server(std::size_t member, base::Instant now) {
  for (;;) {
    const ssize_t size = ::recv(members_[member].to_server.get(), buffer_.data(), buffer_.size(), 0);
    if (size < 0) return;
    const base::ByteView bytes = base::ByteView(buffer_).first(static_cast<std::size_t>(size));
    carry(down_, members_[member].down, member, bytes, now);
  }
}

/// Of a new member, too: its dice fall differently.
std::size_t BadRelay::find(const base::Address& address) {
  const auto [known, is_new] = numbers_.try_emplace(address, members_.size());
  if (is_new) {
    io::Fd to_server = open_udp();
    with_address(server_, [&](const sockaddr* name, socklen_t size) { return ::connect(to_server.get(), name, size); });
    const std::uint64_t seed = 2 * members_.size();
    members_.push_back({address, std::move(to_server), LossDice(conditions_, seed), LossDice(conditions_, seed + 1)});
  }
  return known->second;
}

void BadRelay::carry(DelayLine& line, LossDice& dice, std::size_t member, base::ByteView bytes, base::Instant now) {
  ++packets_;
  bytes_ += bytes.size() + header_bytes;
  if (!dice.loses(now)) line.push(now + conditions_.delay, member, bytes);
}

void BadRelay::deliver(base::Instant now) {
  while (const auto packet = up_.pop(now)) {
    ::send(members_[packet->member].to_server.get(), packet->bytes.data(), packet->bytes.size(), 0);
  }
  while (const auto packet = down_.pop(now)) {
    with_address(members_[packet->member].address, [&](const sockaddr* name, socklen_t size) {
      return static_cast<int>(::sendto(front_.get(), packet->bytes.data(), packet->bytes.size(), 0, name, size));
    });
  }
}

}  // namespace confab::bench

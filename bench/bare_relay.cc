// SPDX-License-Identifier: MIT
#include "bare_relay.h"

#include <algorithm>
#include <array>

#include <netinet/in.h>
#include <poll.h>

#include "wire/limits.h"

namespace confab::bench {

namespace {

/// In one call of sendmmsg: as many as confabd hands over at once.
constexpr std::size_t batch_max = 64;
/// In one turn, so that whoever drives the relay comes back from it under a flood.
constexpr int datagrams_per_turn_max = 64;

}  // namespace

std::expected<BareRelay, std::string> BareRelay::open(const base::Address& local) {
  auto socket = io::UdpSocket::open(local, {.local_per_datagram = false});
  if (!socket) return std::unexpected(socket.error().text);
  return BareRelay(*std::move(socket));
}

void BareRelay::turn(base::Duration wait_max) {
  pollfd wanted{.fd = socket_.fd(), .events = POLLIN, .revents = 0};
  const auto wait_ms = std::chrono::ceil<std::chrono::milliseconds>(wait_max).count();
  if (::poll(&wanted, 1, static_cast<int>(wait_ms)) <= 0) return;
  std::array<std::uint8_t, wire::limits::plain_datagram_bytes_max> buffer;
  for (int i = 0; i < datagrams_per_turn_max; ++i) {
    sockaddr_storage author{};
    socklen_t author_size = sizeof author;
    const ssize_t size = ::recvfrom(socket_.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT,
                                    reinterpret_cast<sockaddr*>(&author), &author_size);
    if (size < 0) return;
    relay(base::ByteView(buffer.data(), static_cast<std::size_t>(size)), number_of(author));
  }
}

std::size_t BareRelay::number_of(const sockaddr_storage& address) {
  const auto [at, is_new] =
      numbers_.try_emplace(base::Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&address)), members_.size());
  if (is_new) members_.push_back(address);
  return at->second;
}

void BareRelay::relay(base::ByteView datagram, std::size_t author) {
  // sendmmsg takes its input by non-const pointer and does not write to it.
  iovec bytes{.iov_base = const_cast<std::uint8_t*>(datagram.data()), .iov_len = datagram.size()};
  std::array<mmsghdr, batch_max> messages;
  for (std::size_t next = 0; next < members_.size();) {
    unsigned count = 0;
    for (; next < members_.size() && count < batch_max; ++next) {
      if (next == author) continue;
      messages[count] = {};
      msghdr& header = messages[count++].msg_hdr;
      header.msg_name = &members_[next];
      header.msg_namelen = sizeof(sockaddr_in);
      header.msg_iov = &bytes;
      header.msg_iovlen = 1;
    }
    ::sendmmsg(socket_.fd(), messages.data(), count, MSG_DONTWAIT);
  }
}

}  // namespace confab::bench

// SPDX-License-Identifier: MIT
// The messages are those of rtnetlink(7), in the host's byte order, each aligned to four bytes:
//
//   messages = *(nlmsghdr body padding)        nlmsghdr: length of both, type, …
//   body     = ifaddrmsg … | rtmsg … | ifinfomsg …
#include "io/network_watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

namespace confab::io {

namespace {

constexpr unsigned groups =
    RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;

/// linux/if.h and net/if.h cannot be had together, and the latter has no IFF_LOWER_UP: the carrier is there.
constexpr unsigned link_lower_up = 1U << 16;
constexpr unsigned link_changes = IFF_UP | IFF_RUNNING | link_lower_up;

/// As large as the kernel makes its own (rtnetlink(7), NLMSG_GOODSIZE and more).
constexpr std::size_t datagram_bytes_max = 32 * 1024;

/// The struct at the beginning of `bytes`, which may lie anywhere.
template <typename Struct>
std::optional<Struct> read_struct(base::ByteView bytes) {
  if (bytes.size() < sizeof(Struct)) return std::nullopt;
  Struct copy;
  std::memcpy(&copy, bytes.data(), sizeof copy);
  return copy;
}

bool is_change(std::uint16_t type, base::ByteView body) {
  switch (type) {
    case RTM_NEWADDR:
    case RTM_DELADDR:
    case RTM_DELLINK:
      return true;
    case RTM_NEWLINK: {
      const auto link = read_struct<ifinfomsg>(body);
      return link && (link->ifi_change & link_changes) != 0;
    }
    case RTM_NEWROUTE:
    case RTM_DELROUTE: {
      // What the kernel noted about one destination (its MTU, a redirect) is no route of ours.
      const auto route = read_struct<rtmsg>(body);
      return route && (route->rtm_flags & RTM_F_CLONED) == 0;
    }
    default:
      return false;
  }
}

}  // namespace

bool tells_of_network_change(base::ByteView messages) {
  while (const auto header = read_struct<nlmsghdr>(messages)) {
    const std::size_t size = header->nlmsg_len;
    if (size < sizeof(nlmsghdr) || size > messages.size()) return false;
    if (is_change(header->nlmsg_type, messages.first(size).subspan(sizeof(nlmsghdr)))) return true;
    messages = messages.subspan(std::min<std::size_t>(NLMSG_ALIGN(size), messages.size()));
  }
  return false;
}

void Debounce::note(base::Instant now) {
  if (due_ == base::never) due_max_ = now + patience;
  due_ = std::min(now + quiet, due_max_);
}

bool Debounce::take(base::Instant now) {
  if (due_ > now) return false;
  due_ = base::never;
  return true;
}

std::optional<NetworkWatch> NetworkWatch::open() {
  Fd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!fd) return std::nullopt;
  sockaddr_nl name{};
  name.nl_family = AF_NETLINK;
  name.nl_groups = groups;
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) return std::nullopt;
  return NetworkWatch(std::move(fd));
}

bool NetworkWatch::read() {
  std::array<std::uint8_t, datagram_bytes_max> buffer;
  bool changed = false;
  for (;;) {
    sockaddr_nl sender{};
    socklen_t sender_size = sizeof sender;
    const ssize_t size =
        ::recvfrom(fd_.get(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&sender), &sender_size);
    if (size < 0 && errno == EINTR) continue;
    // More has happened than the socket's buffer could hold.
    if (size < 0 && errno == ENOBUFS) {
      changed = true;
      continue;
    }
    if (size <= 0) return changed;
    const bool from_kernel = sender.nl_pid == 0;
    if (from_kernel && tells_of_network_change({buffer.data(), static_cast<std::size_t>(size)})) changed = true;
  }
}

}  // namespace confab::io

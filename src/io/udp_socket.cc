// SPDX-License-Identifier: MIT
#include "io/udp_socket.h"

#include <array>
#include <cerrno>

#include <fmt/format.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include "wire/plain.h"
#include "wire/steering.h"

namespace confab::io {

namespace {

bool set(const Fd& fd, int level, int option, int value) {
  return ::setsockopt(fd.get(), level, option, &value, sizeof value) == 0;
}

/// What a privileged server may force past net.core.rmem_max and wmem_max, anybody else gets up to there.
void set_buffers(const Fd& fd, int bytes) {
  if (!set(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes)) set(fd, SOL_SOCKET, SO_RCVBUF, bytes);
  if (!set(fd, SOL_SOCKET, SO_SNDBUFFORCE, bytes)) set(fd, SOL_SOCKET, SO_SNDBUF, bytes);
}

/// All best effort: without any of these the connection works, only not as well. PROBE sets "don't fragment" and leaves
/// the path's MTU to QUIC's own discovery (RFC 9000, section 14), which believes no ICMP message. RECVERR keeps ICMP
/// errors for ReceiveBatch to read, each with the address it is about.
void set_network_options(const Fd& fd, base::Address::Family family, bool learns_local) {
  if (family == base::Address::Family::v4) {
    set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
    set(fd, IPPROTO_IP, IP_RECVTOS, 1);
    set(fd, IPPROTO_IP, IP_RECVERR, 1);
    if (learns_local) set(fd, IPPROTO_IP, IP_PKTINFO, 1);
  } else {
    set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
    set(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
    set(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
    if (learns_local) set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  }
  set(fd, SOL_UDP, UDP_GRO, 1);
}

std::expected<base::Address, int> bind_to(const Fd& fd, const base::Address& local) {
  sockaddr_storage name;
  socklen_t size = local.to_sockaddr(name);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), size) != 0) return std::unexpected(errno);
  size = sizeof name;
  if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0) return std::unexpected(errno);
  return base::Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&name));
}

/// wire::steered_worker() for the kernel: answers the number of the socket in the group. A number that there is not
/// leaves the choice to the hash of the addresses.
bool steer(const Fd& fd) {
  constexpr std::uint32_t any = 0xFFFF'FFFF;
  std::array program{
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, wire::steered_bytes_min, 0, 13),
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, wire::long_header_bit, 0, 7),
      // A long header, or text that begins with a letter beyond ASCII.
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, wire::long_header_id_at),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, wire::connection_id_mark, 0, 2),
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, wire::long_header_id_at + 1),
      sock_filter BPF_STMT(BPF_RET | BPF_A, 0),
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 1),
      sock_filter BPF_STMT(BPF_ALU | BPF_AND | BPF_K, wire::continuation_mask),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, wire::continuation_bits, 4, 5),
      // A short header, or any other text.
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, wire::short_header_id_at),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, wire::connection_id_mark, 0, 2),
      sock_filter BPF_STMT(BPF_LD | BPF_B | BPF_ABS, wire::short_header_id_at + 1),
      sock_filter BPF_STMT(BPF_RET | BPF_A, 0),
      sock_filter BPF_STMT(BPF_RET | BPF_K, 0),
      sock_filter BPF_STMT(BPF_RET | BPF_K, any),
  };
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  return ::setsockopt(fd.get(), SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &filter, sizeof filter) == 0;
}

}  // namespace

UdpSocket::UdpSocket(Fd fd, const base::Address& local, bool learns_local, bool can_segment)
    : fd_(std::move(fd)), local_(local), learns_local_(learns_local), can_segment_(can_segment) {}

std::expected<UdpSocket, IoError> UdpSocket::open(const base::Address& local, const SocketOptions& options) {
  return open(local, options, false);
}

std::expected<std::vector<UdpSocket>, IoError> UdpSocket::open_group(const base::Address& local, std::size_t count,
                                                                     const SocketOptions& options) {
  // The first one is bound for itself alone, which no group that is there lets it, and opens the address to the others
  // afterwards: so two servers never share one.
  auto first = open(local, options, false);
  if (!first) return std::unexpected(std::move(first).error());
  std::vector<UdpSocket> group;
  group.push_back(*std::move(first));
  if (count == 1 || !set(group.front().fd_, SOL_SOCKET, SO_REUSEPORT, 1)) return group;
  while (group.size() < count) {
    auto next = open(group.front().local(), options, true);
    if (!next) break;
    group.push_back(*std::move(next));
  }
  if (group.size() == count && steer(group.front().fd_)) return group;
  set(group.front().fd_, SOL_SOCKET, SO_REUSEPORT, 0);
  group.erase(group.begin() + 1, group.end());
  return group;
}

std::expected<UdpSocket, IoError> UdpSocket::open(const base::Address& local, const SocketOptions& options,
                                                  bool joins_group) {
  const auto error = [&local](int number) {
    return std::unexpected(make_error(fmt::format("listen on {}", local.to_string()), number));
  };
  const bool v6 = local.family == base::Address::Family::v6;
  Fd fd(::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return error(errno);
  if (v6 && !set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) return error(errno);
  const bool learns_local = options.local_per_datagram && local.is_unspecified();
  set_buffers(fd, options.buffer_bytes);
  set_network_options(fd, local.family, learns_local);
  // Older kernels ignore an unknown control message and would send a train as one huge datagram: ask first.
  const bool can_segment = set(fd, SOL_UDP, UDP_SEGMENT, 0);
  if (joins_group && !set(fd, SOL_SOCKET, SO_REUSEPORT, 1)) return error(errno);
  const auto bound = bind_to(fd, local);
  if (!bound) return error(bound.error());
  return UdpSocket(std::move(fd), *bound, learns_local, can_segment);
}

}  // namespace confab::io

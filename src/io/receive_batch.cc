// SPDX-License-Identifier: MIT
#include "io/receive_batch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/udp.h>

namespace confab::io {

namespace {

constexpr std::size_t message_bytes_max = 65'536;

/// What the kernel says about a message beside its bytes.
struct Notes {
  base::Address local;
  std::size_t segment_bytes = 0;  ///< 0: not a train
  std::uint8_t ecn = 0;
};

template <typename T>
T read(const cmsghdr& control) {
  T value;
  std::memcpy(&value, CMSG_DATA(&control), sizeof value);
  return value;
}

void note_v4(const cmsghdr& control, Notes& notes) {
  if (control.cmsg_type == IP_TOS) {
    notes.ecn = read<std::uint8_t>(control) & 3;
  } else if (control.cmsg_type == IP_PKTINFO) {
    const auto info = read<in_pktinfo>(control);
    std::memcpy(notes.local.ip.data(), &info.ipi_spec_dst, sizeof info.ipi_spec_dst);
  }
}

void note_v6(const cmsghdr& control, Notes& notes) {
  if (control.cmsg_type == IPV6_TCLASS) {
    notes.ecn = static_cast<std::uint8_t>(read<int>(control) & 3);
  } else if (control.cmsg_type == IPV6_PKTINFO) {
    const auto info = read<in6_pktinfo>(control);
    std::memcpy(notes.local.ip.data(), &info.ipi6_addr, sizeof info.ipi6_addr);
    if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) notes.local.scope = info.ipi6_ifindex;
  }
}

Notes read_notes(msghdr& header, const base::Address& bound) {
  Notes notes{.local = bound};
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr; control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level == IPPROTO_IP) note_v4(*control, notes);
    if (control->cmsg_level == IPPROTO_IPV6) note_v6(*control, notes);
    if (control->cmsg_level == SOL_UDP && control->cmsg_type == UDP_GRO) {
      notes.segment_bytes = static_cast<std::size_t>(std::max(0, read<int>(*control)));
    }
  }
  return notes;
}

bool says_nobody_listens(msghdr& header) {
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr; control = CMSG_NXTHDR(&header, control)) {
    const bool v4 = control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_RECVERR;
    const bool v6 = control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_RECVERR;
    if (!v4 && !v6) continue;
    const auto error = read<sock_extended_err>(*control);
    const bool icmp = error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6;
    if (icmp && error.ee_errno == ECONNREFUSED) return true;
  }
  return false;
}

/// Empties the socket's queue of errors, which would otherwise wake us for ever. The message's name is the address that
/// the lost datagram was sent to; of its bytes we want none.
void read_errors(const UdpSocket& socket, const ReceiveBatch::UnreachableHandler& handler) {
  while (true) {
    sockaddr_storage name{};
    alignas(cmsghdr) std::array<std::uint8_t, 512> control;
    msghdr header{};
    header.msg_name = &name;
    header.msg_namelen = sizeof name;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    if (::recvmsg(socket.fd(), &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
    if (!says_nobody_listens(header)) continue;
    handler(
        {.local = socket.local(), .remote = base::Address::from_sockaddr(reinterpret_cast<const sockaddr*>(&name))});
  }
}

}  // namespace

struct ReceiveBatch::Slot {
  sockaddr_storage name;
  iovec bytes;
  alignas(cmsghdr) std::array<std::uint8_t, 128> control;
};

ReceiveBatch::ReceiveBatch()
    : headers_(std::make_unique<mmsghdr[]>(messages_max)),
      slots_(std::make_unique<Slot[]>(messages_max)),
      bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(messages_max * message_bytes_max)) {}

ReceiveBatch::~ReceiveBatch() = default;

void ReceiveBatch::prepare(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    Slot& slot = slots_[i];
    slot.bytes = {bytes_.get() + i * message_bytes_max, message_bytes_max};
    headers_[i] = {};
    msghdr& header = headers_[i].msg_hdr;
    header.msg_name = &slot.name;
    header.msg_namelen = sizeof slot.name;
    header.msg_iov = &slot.bytes;
    header.msg_iovlen = 1;
    header.msg_control = slot.control.data();
    header.msg_controllen = slot.control.size();
  }
}

bool ReceiveBatch::receive(const UdpSocket& socket, const DatagramHandler& on_datagram,
                           const UnreachableHandler& on_unreachable) {
  prepare(used_);
  const int count = ::recvmmsg(socket.fd(), headers_.get(), messages_max, MSG_DONTWAIT, nullptr);
  used_ = count < 0 ? 0 : static_cast<std::size_t>(count);
  if (count < 0) {
    // An error about an earlier datagram is taken from the socket by this call and stays in the queue of errors. Where
    // a sendmmsg took it before, nothing is left to receive, and yet we were woken: look there as well.
    const bool drained = errno == EAGAIN;
    read_errors(socket, on_unreachable);
    return !drained;
  }
  for (std::size_t i = 0; i < used_; ++i) hand_over(socket, i, on_datagram);
  return used_ == messages_max;
}

void ReceiveBatch::hand_over(const UdpSocket& socket, std::size_t index, const DatagramHandler& handler) {
  msghdr& header = headers_[index].msg_hdr;
  const base::ByteView bytes(bytes_.get() + index * message_bytes_max, headers_[index].msg_len);
  const Notes notes = read_notes(header, socket.local());
  const base::Path path{.local = notes.local,
                        .remote = base::Address::from_sockaddr(reinterpret_cast<sockaddr*>(&slots_[index].name))};
  const std::size_t step = notes.segment_bytes == 0 ? bytes.size() : notes.segment_bytes;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    handler({path, bytes.subspan(at, std::min(step, bytes.size() - at)), notes.ecn});
  }
}

}  // namespace confab::io

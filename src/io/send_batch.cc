// SPDX-License-Identifier: MIT
#include "io/send_batch.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netinet/in.h>
#include <netinet/udp.h>

namespace confab::io {

namespace {

/// Messages that go to the kernel in one call.
constexpr std::size_t batch_max = 64;
/// Several whole trains, or a batch of single datagrams that stays in the processor's cache.
constexpr std::size_t arena_bytes = 512 * 1024;
/// Datagrams begin on a cache line.
constexpr std::size_t alignment_bytes = 64;
/// The kernel's UDP_MAX_SEGMENTS.
constexpr std::size_t train_datagrams_max = 64;
constexpr std::size_t no_outlet = SIZE_MAX;

template <typename T>
void add_control(msghdr& header, int level, int type, const T& value) {
  auto* control = reinterpret_cast<cmsghdr*>(static_cast<std::uint8_t*>(header.msg_control) + header.msg_controllen);
  control->cmsg_level = level;
  control->cmsg_type = type;
  control->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(control), &value, sizeof value);
  header.msg_controllen += CMSG_SPACE(sizeof value);
}

void add_source(msghdr& header, const base::Address& local) {
  if (local.family == base::Address::Family::v4) {
    in_pktinfo info{};
    std::memcpy(&info.ipi_spec_dst, local.ip.data(), sizeof info.ipi_spec_dst);
    add_control(header, IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, local.ip.data(), sizeof info.ipi6_addr);
    info.ipi6_ifindex = local.scope;
    add_control(header, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

void add_ecn(msghdr& header, base::Address::Family family, int ecn) {
  if (family == base::Address::Family::v4) {
    add_control(header, IPPROTO_IP, IP_TOS, ecn);
  } else {
    add_control(header, IPPROTO_IPV6, IPV6_TCLASS, ecn);
  }
}

}  // namespace

struct SendBatch::Slot {
  sockaddr_storage name;
  iovec bytes;
  alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(int)) +
                                                CMSG_SPACE(sizeof(std::uint16_t))> control;
};

SendBatch::SendBatch()
    : arena_(std::make_unique_for_overwrite<std::uint8_t[]>(arena_bytes)),
      headers_(std::make_unique<mmsghdr[]>(batch_max)),
      slots_(std::make_unique<Slot[]>(batch_max)) {}

SendBatch::~SendBatch() = default;

void SendBatch::add_socket(const UdpSocket& socket) {
  outlets_.push_back({.fd = socket.fd(),
                      .local = socket.local(),
                      .pins_source = socket.learns_local(),
                      .segments = socket.can_segment()});
}

std::size_t SendBatch::find_outlet(const base::Address& local) const {
  std::size_t wildcard = no_outlet;
  for (std::size_t i = 0; i < outlets_.size(); ++i) {
    const base::Address& bound = outlets_[i].local;
    if (bound == local) return i;
    if (bound.is_unspecified() && bound.family == local.family && bound.port == local.port) wildcard = i;
  }
  return wildcard;
}

std::span<std::uint8_t> SendBatch::buffer() {
  const bool full = queue_.size() >= batch_max || arena_bytes - arena_used_ < train_bytes_max;
  if (full && !flush()) return {};
  return {arena_.get() + arena_used_, arena_bytes - arena_used_};
}

void SendBatch::commit(const base::Path& path, std::uint8_t ecn, std::size_t size, std::size_t segment_size) {
  assert(size > 0 && segment_size > 0 && size <= arena_bytes - arena_used_);
  const std::size_t outlet = find_outlet(path.local);
  if (outlet == no_outlet) {
    datagrams_dropped_ += (size + segment_size - 1) / segment_size;
    return;
  }
  const std::size_t step = outlets_[outlet].segments ? segment_size * train_datagrams_max : segment_size;
  for (std::size_t at = 0; at < size; at += step) {
    queue_.push_back({.outlet = outlet,
                      .path = path,
                      .data = arena_.get() + arena_used_ + at,
                      .size = std::min(step, size - at),
                      .segment_size = segment_size,
                      .ecn = ecn});
  }
  const std::size_t end = arena_used_ + size;
  arena_used_ = std::min(arena_bytes, (end + alignment_bytes - 1) / alignment_bytes * alignment_bytes);
}

bool SendBatch::flush() {
  for (Outlet& outlet : outlets_) outlet.blocked = false;
  for (std::size_t next = 0; next < queue_.size();) next = send_run(next);
  std::erase_if(queue_, [](const Message& message) { return message.done; });
  if (!queue_.empty()) return false;
  arena_used_ = 0;
  return true;
}

/// Sends the run of messages for one socket that begins at `first`, as far as the kernel takes it; answers where to go
/// on.
std::size_t SendBatch::send_run(std::size_t first) {
  Outlet& outlet = outlets_[queue_[first].outlet];
  std::size_t end = first;
  while (end < queue_.size() && end - first < batch_max && queue_[end].outlet == queue_[first].outlet) ++end;
  if (outlet.blocked) return end;

  for (std::size_t i = first; i < end; ++i) prepare(i - first, queue_[i]);
  const int sent = ::sendmmsg(outlet.fd, headers_.get(), static_cast<unsigned>(end - first), MSG_DONTWAIT);
  if (sent <= 0) return settle_error(first, errno);
  for (std::size_t i = first; i < first + static_cast<std::size_t>(sent); ++i) {
    queue_[i].done = true;
    // The train was refused and its parts are not: this interface cannot take trains. (Had a part been too large for
    // the interface, which the kernel answers with the same error, it would have been refused alone as well.)
    if (queue_[i].from_refused_train) outlet.segments = false;
  }
  return first + static_cast<std::size_t>(sent);
}

/// The message at `first` was not sent; answers where to go on.
std::size_t SendBatch::settle_error(std::size_t first, int error) {
  Message& message = queue_[first];
  if (error == EINTR) return first;
  if (error == EAGAIN) {
    outlets_[message.outlet].blocked = true;
    return first;
  }
  // The first error may be the network's word on an earlier datagram, which the kernel reports on the next call.
  if (!std::exchange(message.tried, true)) return first;
  if (message.is_train() && (error == EINVAL || error == EIO || error == EMSGSIZE)) {
    take_apart(first);
    return first;
  }
  datagrams_dropped_ += message.datagrams();
  message.done = true;
  return first + 1;
}

void SendBatch::take_apart(std::size_t train) {
  const Message whole = queue_[train];
  std::vector<Message> parts(whole.datagrams(), whole);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t at = i * whole.segment_size;
    parts[i].data = whole.data + at;
    parts[i].size = std::min(whole.segment_size, whole.size - at);
    parts[i].tried = false;
    parts[i].from_refused_train = true;
  }
  const auto place = queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(train));
  queue_.insert(place, parts.begin(), parts.end());
}

void SendBatch::prepare(std::size_t index, Message& message) {
  Slot& slot = slots_[index];
  slot.bytes = {message.data, message.size};
  headers_[index] = {};
  msghdr& header = headers_[index].msg_hdr;
  header.msg_name = &slot.name;
  header.msg_namelen = message.path.remote.to_sockaddr(slot.name);
  header.msg_iov = &slot.bytes;
  header.msg_iovlen = 1;
  header.msg_control = slot.control.data();
  const base::Address& local = message.path.local;
  if (outlets_[message.outlet].pins_source && !local.is_unspecified()) add_source(header, local);
  if (message.ecn != 0) add_ecn(header, message.path.remote.family, message.ecn);
  if (message.is_train()) add_control(header, SOL_UDP, UDP_SEGMENT, static_cast<std::uint16_t>(message.segment_size));
  if (header.msg_controllen == 0) header.msg_control = nullptr;
}

}  // namespace confab::io

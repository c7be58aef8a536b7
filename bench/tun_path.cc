// SPDX-License-Identifier: MIT
#include "tun_path.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "io/clock.h"
#include "io/error.h"

namespace confab::bench {

namespace {

constexpr char device_name[] = "confab0";
constexpr std::size_t packet_bytes_max = 65'536;

/// Private addresses that nobody else sees: the namespaces lead nowhere.
base::Address members_address() { return base::Address::v4(10, 73, 0, 1, 0); }

std::unexpected<std::string> failure(const char* what) { return std::unexpected(io::make_error(what, errno).text); }

ifreq request(const char* device) {
  ifreq request{};
  std::strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  return request;
}

bool set_address(int socket, unsigned long what, const base::Address& address) {
  sockaddr_storage name;
  address.to_sockaddr(name);
  ifreq change = request(device_name);
  std::memcpy(&change.ifr_addr, &name, sizeof change.ifr_addr);
  return ::ioctl(socket, what, &change) == 0;
}

bool bring_up(int socket, const char* device) {
  ifreq change = request(device);
  change.ifr_flags = IFF_UP | IFF_RUNNING;
  return ::ioctl(socket, SIOCSIFFLAGS, &change) == 0;
}

/// Without root: be it, among oneself.
bool become_root() {
  const auto user = ::geteuid();
  const auto group = ::getegid();
  if (user == 0) return true;
  if (::unshare(CLONE_NEWUSER) != 0) return false;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << fmt::format("0 {} 1", user);
  std::ofstream("/proc/self/gid_map") << fmt::format("0 {} 1", group);
  return ::geteuid() == 0;
}

/// This thread is in a new namespace afterwards.
std::expected<TunEnd, std::string> make_end(const base::Address& own, const base::Address& other) {
  if (::unshare(CLONE_NEWNET) != 0) return failure("make a network namespace");
  TunEnd end{.network = io::Fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)),
             .device = io::Fd(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC))};
  if (!end.network || !end.device) return failure("open /dev/net/tun");
  ifreq change = request(device_name);
  change.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (::ioctl(end.device.get(), TUNSETIFF, &change) != 0) return failure("make a tun device");
  const io::Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!bring_up(socket.get(), "lo") || !set_address(socket.get(), SIOCSIFADDR, own) ||
      !set_address(socket.get(), SIOCSIFDSTADDR, other) || !bring_up(socket.get(), device_name)) {
    return failure("set up a tun device");
  }
  return end;
}

/// The ports of an IPv4 packet; 0 where it has none: those of TCP stand where UDP's stand.
std::uint16_t port_of(base::ByteView packet, bool source) {
  if (packet.empty() || packet[0] >> 4 != 4) return 0;
  const std::size_t at = std::size_t{packet[0] & 0x0FU} * 4 + (source ? 0 : 2);
  if (packet.size() < at + 2) return 0;
  return static_cast<std::uint16_t>(packet[at] << 8 | packet[at + 1]);
}

void write_packet(const io::Fd& device, const base::Bytes& packet) {
  // What the device has no room for is lost, as on any way.
  [[maybe_unused]] const auto written = ::write(device.get(), packet.data(), packet.size());
}

}  // namespace

base::Address TunPath::server_address() { return base::Address::v4(10, 73, 0, 2, 0); }

std::expected<std::unique_ptr<TunPath>, std::string> TunPath::open(const PathConditions& conditions) {
  if (!become_root()) return failure("make a user namespace");
  auto server = make_end(server_address(), members_address());
  if (!server) return std::unexpected(server.error());
  auto members = make_end(members_address(), server_address());
  if (!members) return std::unexpected(members.error());
  io::Fd stop(::eventfd(0, EFD_CLOEXEC));
  return std::unique_ptr<TunPath>(new TunPath(conditions, *std::move(members), *std::move(server), std::move(stop)));
}

TunPath::TunPath(const PathConditions& conditions, TunEnd members, TunEnd server, io::Fd stop)
    : conditions_(conditions),
      members_(std::move(members)),
      server_(std::move(server)),
      stop_(std::move(stop)),
      buffer_(packet_bytes_max),
      thread_([this](const std::stop_token& stopped) { run(stopped); }) {}

TunPath::~TunPath() {
  thread_.request_stop();
  ::eventfd_write(stop_.get(), 1);
}

void TunPath::enter_server() const { ::setns(server_.network.get(), CLONE_NEWNET); }
void TunPath::enter_members() const { ::setns(members_.network.get(), CLONE_NEWNET); }

void TunPath::run(const std::stop_token& stopped) {
  while (!stopped.stop_requested()) {
    wait();
    const base::Instant now = io::read_clocks().instant;
    take(members_.device, true, now);
    take(server_.device, false, now);
    while (const auto packet = up_.pop(now)) write_packet(server_.device, packet->bytes);
    while (const auto packet = down_.pop(now)) write_packet(members_.device, packet->bytes);
  }
}

/// Until something comes, or is due.
void TunPath::wait() const {
  pollfd watched[] = {{stop_.get(), POLLIN, 0}, {members_.device.get(), POLLIN, 0}, {server_.device.get(), POLLIN, 0}};
  const base::Instant due = std::min(up_.next_due(), down_.next_due());
  if (due == base::never) {
    ::poll(watched, std::size(watched), -1);
    return;
  }
  const auto left = std::max(due - io::read_clocks().instant, base::Duration::zero());
  const std::timespec timeout{.tv_sec = left / std::chrono::seconds(1),
                              .tv_nsec = (left % std::chrono::seconds(1)).count()};
  ::ppoll(watched, std::size(watched), &timeout, nullptr);
}

void TunPath::take(const io::Fd& device, bool from_members, base::Instant now) {
  for (;;) {
    const ssize_t size = ::read(device.get(), buffer_.data(), buffer_.size());
    if (size <= 0) return;
    const base::ByteView packet = base::ByteView(buffer_).first(static_cast<std::size_t>(size));
    Way& way = way_of(port_of(packet, from_members));
    LossDice& dice = from_members ? way.up : way.down;
    if (dice.loses(now)) continue;
    (from_members ? up_ : down_).push(now + conditions_.delay, 0, packet);
  }
}

TunPath::Way& TunPath::way_of(std::uint16_t member_port) {
  return ways_.try_emplace(member_port, conditions_, 2 * ways_.size()).first->second;
}

}  // namespace confab::bench

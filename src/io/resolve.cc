// SPDX-License-Identifier: MIT
#include "io/resolve.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <netdb.h>

namespace confab::io {

namespace {

/// Between two tries to resolve a name.
constexpr std::chrono::seconds resolve_pause{3};

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

/// The list, or getaddrinfo's error.
std::expected<AddressList, int> look_up(const std::string& host, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) return std::unexpected(error);
  return AddressList(found, &::freeaddrinfo);
}

}  // namespace

Resolved resolve(const std::string& host, std::uint16_t port) {
  auto list = look_up(host, AI_NUMERICHOST);
  // Of a name, only addresses of a family that this machine has itself: the others would cost a time-out each.
  if (!list) list = look_up(host, AI_ADDRCONFIG);
  if (!list) {
    const std::string reason = list.error() == EAI_SYSTEM ? describe(errno) : ::gai_strerror(list.error());
    return std::unexpected(fmt::format("cannot find {}: {}", host, reason));
  }
  std::vector<base::Address> addresses;
  for (const addrinfo* entry = list->get(); entry != nullptr; entry = entry->ai_next) {
    base::Address address = base::Address::from_sockaddr(entry->ai_addr);
    address.port = port;
    if (std::ranges::find(addresses, address) == addresses.end()) addresses.push_back(address);
  }
  return addresses;
}

void keep_resolving(const Loop& loop, std::string host, std::uint16_t port,
                    std::function<void(Resolved, base::Now)> handler) {
  // Nobody can interrupt a thread that waits for a name server: it is let go, and owns all that it touches.
  std::thread([post = loop.poster(), host = std::move(host), port, handler = std::move(handler)] {
    while (true) {
      Resolved result = resolve(host, port);
      const bool good = result.has_value();
      post([result = std::move(result), handler](base::Now now) { handler(result, now); });
      if (good) return;
      std::this_thread::sleep_for(resolve_pause);
    }
  }).detach();
}

}  // namespace confab::io

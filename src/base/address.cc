// SPDX-License-Identifier: MIT
#include "base/address.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>

namespace confab::base {

namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

std::optional<std::uint32_t> parse_scope(const std::string& text) {
  std::uint32_t scope = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), scope);
  if (error == std::errc() && end == text.data() + text.size()) return scope;
  scope = if_nametoindex(text.c_str());
  if (scope == 0) return std::nullopt;
  return scope;
}

}  // namespace

Address Address::from_sockaddr(const sockaddr* address) {
  Address result;
  if (address->sa_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, address, sizeof in);
    std::memcpy(result.ip.data(), &in.sin_addr, sizeof in.sin_addr);
    result.port = ntohs(in.sin_port);
    result.family = Family::v4;
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 in6;
    std::memcpy(&in6, address, sizeof in6);
    std::memcpy(result.ip.data(), &in6.sin6_addr, sizeof in6.sin6_addr);
    result.port = ntohs(in6.sin6_port);
    result.scope = in6.sin6_scope_id;
    result.family = Family::v6;
  }
  return result;
}

Address Address::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d, std::uint16_t port) {
  Address result;
  result.ip = {a, b, c, d};
  result.port = port;
  result.family = Family::v4;
  return result;
}

socklen_t Address::to_sockaddr(sockaddr_storage& out) const {
  std::memset(&out, 0, sizeof out);
  if (family == Family::v4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    std::memcpy(&in.sin_addr, ip.data(), sizeof in.sin_addr);
    std::memcpy(&out, &in, sizeof in);
    return sizeof in;
  }
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(port);
  in6.sin6_scope_id = scope;
  std::memcpy(&in6.sin6_addr, ip.data(), sizeof in6.sin6_addr);
  std::memcpy(&out, &in6, sizeof in6);
  return sizeof in6;
}

bool Address::is_loopback() const {
  if (family == Family::v4) return ip[0] == 127;
  static constexpr std::array<std::uint8_t, 16> v6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return family == Family::v6 && ip == v6;
}

bool Address::is_unspecified() const { return ip == std::array<std::uint8_t, 16>{}; }

std::string Address::to_string() const {
  if (family == Family::none) return "none";
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family == Family::v4) {
    inet_ntop(AF_INET, ip.data(), text.data(), text.size());
    return fmt::format("{}:{}", text.data(), port);
  }
  inet_ntop(AF_INET6, ip.data(), text.data(), text.size());
  if (scope != 0) return fmt::format("[{}%{}]:{}", text.data(), scope, port);
  return fmt::format("[{}]:{}", text.data(), port);
}

std::optional<Address> Address::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return std::nullopt;
  std::string host(text.substr(0, colon));
  if (host.contains('\0')) return std::nullopt;  // inet_pton would read no further
  Address result;
  result.port = *port;
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    if (const std::size_t percent = host.find('%'); percent != std::string::npos) {
      const auto scope = parse_scope(host.substr(percent + 1));
      if (!scope) return std::nullopt;
      result.scope = *scope;
      host.resize(percent);
    }
    if (inet_pton(AF_INET6, host.c_str(), result.ip.data()) != 1) return std::nullopt;
    result.family = Family::v6;
  } else {
    if (inet_pton(AF_INET, host.c_str(), result.ip.data()) != 1) return std::nullopt;
    result.family = Family::v4;
  }
  return result;
}

std::size_t AddressHash::operator()(const Address& address) const {
  // FNV-1a over what tells addresses apart; the tables that use it are bounded, so a chosen collision costs little.
  std::uint64_t hash = 0xCBF29CE484222325U;
  const auto mix = [&hash](std::uint8_t byte) { hash = (hash ^ byte) * 0x100000001B3U; };
  std::ranges::for_each(address.ip, mix);
  mix(static_cast<std::uint8_t>(address.port >> 8));
  mix(static_cast<std::uint8_t>(address.port));
  return hash;
}

}  // namespace confab::base

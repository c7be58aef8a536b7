// SPDX-License-Identifier: MIT
#include "wire/link.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "base/address.h"
#include "base/bytes.h"
#include "wire/names.h"

namespace confab::wire {

namespace {

using Refusal = std::unexpected<std::string>;

constexpr std::string_view scheme = "confab://";
constexpr std::string_view fingerprint_prefix = "SHA256:";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// RFC 1035, section 2.3.4.
constexpr std::size_t host_bytes_max = 253;
// IFNAMSIZ less the final zero.
constexpr std::size_t scope_bytes_max = 15;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_host_character(char c) {
  c = lower(c);
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool consume_scheme(std::string_view& text) {
  if (text.size() < scheme.size()) return false;
  if (!std::ranges::equal(text.substr(0, scheme.size()), scheme, {}, lower)) return false;
  text.remove_prefix(scheme.size());
  return true;
}

// RFC 4648 without padding; the URL-safe alphabet is read as well.
std::string base64(base::ByteView bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (std::uint8_t byte : bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 6; count -= 6) text += base64_digits[bits >> (count - 6) & 63];
  }
  if (count > 0) text += base64_digits[bits << (6 - count) & 63];
  return text;
}

std::optional<std::uint32_t> base64_value(char digit) {
  if (digit == '-') digit = '+';
  if (digit == '_') digit = '/';
  const std::size_t value = base64_digits.find(digit);
  if (value == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

// Fills `out` exactly. Bits that are left over must be zero, so that one value has one spelling.
bool base64_decode(std::string_view text, std::span<std::uint8_t> out) {
  if (text.size() != (out.size() * 8 + 5) / 6) return false;
  std::uint32_t bits = 0;
  int count = 0;
  std::size_t filled = 0;
  for (char digit : text) {
    const auto value = base64_value(digit);
    if (!value) return false;
    bits = bits << 6 | *value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out[filled++] = static_cast<std::uint8_t>(bits >> count);
  }
  return (bits & ((1U << count) - 1)) == 0;
}

std::expected<std::uint16_t, std::string> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const text_end = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), text_end, port);
  if (error != std::errc() || end != text_end || port == 0) return Refusal("A port is a number from 1 to 65535.");
  return port;
}

std::expected<std::string, std::string> parse_name(std::string_view name) {
  if (name.empty()) return Refusal("The address names no host.");
  if (name.size() > host_bytes_max || !std::ranges::all_of(name, is_host_character)) {
    return Refusal(
        "A host is a name of letters, digits, '-' and '.', an IPv4 address, or an IPv6 address in brackets.");
  }
  std::string host(name);
  std::ranges::transform(host, host.begin(), lower);
  return host;
}

// What stands between the brackets, in the one spelling that inet_ntop gives it. The scope stays as it is: which
// interface it means is for the machine that connects.
std::expected<std::string, std::string> parse_ipv6(std::string_view text) {
  const std::size_t percent = text.find('%');
  const std::string_view ip = text.substr(0, percent);
  const std::string_view scope = text.substr(std::min(percent, text.size()));
  const bool scope_fits = scope.empty() || (scope.size() > 1 && scope.size() <= 1 + scope_bytes_max &&
                                            std::ranges::all_of(scope.substr(1), is_host_character));
  const auto address = base::Address::parse(fmt::format("[{}]:0", ip));
  if (!address || !scope_fits) return Refusal("What stands in the brackets is no IPv6 address.");
  const std::string bracketed = address->to_string();  // "[…]:0"
  return bracketed.substr(1, bracketed.rfind(']') - 1).append(scope);
}

// target := host [":" port]
std::expected<void, std::string> parse_target(std::string_view text, Link& link) {
  const bool bracketed = text.starts_with('[');
  std::size_t host_end = bracketed ? text.find(']') : text.find(':');
  if (bracketed && host_end == std::string_view::npos) return Refusal("The bracket '[' is not closed.");
  host_end = std::min(host_end, text.size());
  std::string_view rest = text.substr(host_end + (bracketed ? 1 : 0));
  if (!bracketed && std::ranges::count(rest, ':') > 1) {
    return Refusal("An IPv6 address is written in brackets: [::1]:2209.");
  }
  auto host = bracketed ? parse_ipv6(text.substr(1, host_end - 1)) : parse_name(text.substr(0, host_end));
  if (!host) return Refusal(std::move(host.error()));
  link.host = *std::move(host);
  if (rest.empty()) return {};
  if (!rest.starts_with(':')) return Refusal("After the host stands nothing, or ':' and a port.");
  const auto port = parse_port(rest.substr(1));
  if (!port) return Refusal(port.error());
  link.port = *port;
  return {};
}

// What follows the scheme: [fingerprint "@"] target ["/" room].
std::expected<Link, std::string> parse_full(std::string_view text) {
  Link link;
  // The fingerprint goes first, since its base64 may have the '/' that begins the room elsewhere.
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    link.fingerprint = Fingerprint::parse(text.substr(0, at));
    if (!link.fingerprint) return Refusal("Before the '@' stands a fingerprint, SHA256: and 43 characters.");
    text.remove_prefix(at + 1);
  }
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos && slash + 1 < text.size()) {
    auto room = canonical_room(text.substr(slash + 1));
    if (!room) return Refusal(std::move(room.error()));
    if (is_direct(*room)) return Refusal("A link leads to a room that everybody may join.");
    link.room = *std::move(room);
  }
  if (auto target = parse_target(text.substr(0, slash), link); !target) return Refusal(std::move(target.error()));
  return link;
}

}  // namespace

std::string Fingerprint::to_string() const { return std::string(fingerprint_prefix).append(base64(sha256)); }

std::optional<Fingerprint> Fingerprint::parse(std::string_view text) {
  if (!text.starts_with(fingerprint_prefix)) return std::nullopt;
  text.remove_prefix(fingerprint_prefix.size());
  if (text.ends_with('=')) text.remove_suffix(1);
  Fingerprint fingerprint;
  if (!base64_decode(text, fingerprint.sha256)) return std::nullopt;
  return fingerprint;
}

std::string Link::target() const {
  return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string Link::to_string() const {
  std::string text(scheme);
  if (fingerprint) {
    // URL-safe digits: a '/' here would cut the link short in the eyes of whatever else reads it.
    std::string url_safe = fingerprint->to_string();
    std::ranges::replace(url_safe, '+', '-');
    std::ranges::replace(url_safe, '/', '_');
    text += url_safe + '@';
  }
  text += target();
  if (room) text += '/' + *room;
  return text;
}

std::expected<Link, std::string> parse_link(std::string_view text) {
  if (consume_scheme(text)) return parse_full(text);
  if (text.contains("://")) return Refusal("A link to a Confab server begins with confab://.");
  Link link;
  if (auto target = parse_target(text, link); !target) return Refusal(std::move(target.error()));
  return link;
}

}  // namespace confab::wire

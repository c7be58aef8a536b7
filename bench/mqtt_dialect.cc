// SPDX-License-Identifier: MIT
#include "mqtt_dialect.h"

#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace confab::bench {

namespace {

constexpr std::string_view topic = "bench";
constexpr int length_bytes_max = 4;

enum Type : std::uint8_t { connack = 0x20, publish = 0x30, suback = 0x90 };

std::string with_length(std::string_view text) {
  return fmt::format("{}{}{}", static_cast<char>(text.size() >> 8), static_cast<char>(text.size() & 0xff), text);
}

std::string packet(std::uint8_t type_and_flags, std::string_view body) {
  std::string bytes(1, static_cast<char>(type_and_flags));
  std::size_t length = body.size();
  do {
    const std::size_t low = length & 0x7f;
    length >>= 7;
    bytes += static_cast<char>(low | (length > 0 ? 0x80 : 0));
  } while (length > 0);
  return bytes += body;
}

struct Packet {
  std::uint8_t type;
  std::string_view body;
};

/// nullopt: not all of it is there.
std::optional<Packet> take_packet(std::string_view& input) {
  std::size_t length = 0;
  for (int i = 0; i < length_bytes_max; ++i) {
    const std::size_t at = 1 + static_cast<std::size_t>(i);
    if (input.size() <= at) return std::nullopt;
    const auto byte = static_cast<std::uint8_t>(input[at]);
    length |= static_cast<std::size_t>(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) != 0) continue;
    if (input.size() < at + 1 + length) return std::nullopt;
    const Packet packet{static_cast<std::uint8_t>(input[0] & 0xf0), input.substr(at + 1, length)};
    input.remove_prefix(at + 1 + length);
    return packet;
  }
  return std::nullopt;
}

/// What stands behind the topic.
std::string_view text_of(std::string_view body) {
  if (body.size() < 2) return {};
  const auto size =
      static_cast<std::size_t>(static_cast<std::uint8_t>(body[0]) << 8 | static_cast<std::uint8_t>(body[1]));
  return body.size() < 2 + size ? std::string_view() : body.substr(2 + size);
}

std::string subscribe() {
  using namespace std::string_literals;
  return packet(0x82, "\x00\x01"s + with_length(topic) + "\x00"s);
}

}  // namespace

std::string MqttDialect::greet(std::size_t member) const {
  using namespace std::string_literals;
  constexpr char clean_session = 0x02;
  // Without a keep-alive: an idle member costs the peer nothing.
  return packet(0x10,
                with_length("MQTT") + "\x04"s + clean_session + "\x00\x00"s + with_length(fmt::format("m{}", member)));
}

std::string MqttDialect::say(std::string_view text) const {
  return packet(publish, fmt::format("{}{}", with_length(topic), text));
}

Dialect::Heard MqttDialect::hear(std::string_view& input) const {
  using Kind = Heard::Kind;
  const auto packet = take_packet(input);
  if (!packet) return {Kind::unfinished};
  switch (packet->type) {
    case publish:
      return {Kind::message, text_of(packet->body)};
    case connack:
      if (packet->body.size() == 2 && packet->body[1] == 0) return {Kind::reply, {}, subscribe()};
      return {Kind::refusal, "the broker refuses the connection"};
    case suback:
      return {Kind::joined};
    default:
      return {};
  }
}

}  // namespace confab::bench

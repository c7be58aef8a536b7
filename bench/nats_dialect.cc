// SPDX-License-Identifier: MIT
#include "nats_dialect.h"

#include <charconv>
#include <cstddef>

#include <fmt/format.h>

namespace confab::bench {

namespace {

constexpr std::string_view line_end = "\r\n";

/// `input` stands behind the line.
Dialect::Heard take_message(std::string_view& input, std::string_view line) {
  using Kind = Dialect::Heard::Kind;
  std::size_t size = 0;
  const std::string_view number = line.substr(line.rfind(' ') + 1);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), size);
  if (error != std::errc() || end != number.data() + number.size()) return {Kind::refusal, line};
  if (input.size() < size + line_end.size()) return {Kind::unfinished};
  const std::string_view text = input.substr(0, size);
  input.remove_prefix(size + line_end.size());
  return {Kind::message, text};
}

Dialect::Heard understand(std::string_view line) {
  using Kind = Dialect::Heard::Kind;
  if (line == "PING") return {Kind::reply, {}, "PONG\r\n"};
  if (line == "PONG") return {Kind::joined};
  if (line.starts_with("-ERR")) return {Kind::refusal, line};
  return {};
}

}  // namespace

/// The answer to the PING says that all before it was done.
std::string NatsDialect::greet(std::size_t) const {
  return R"(CONNECT {"verbose":false,"pedantic":false,"tls_required":true,"lang":"c++","version":"1","protocol":1})"
         "\r\nSUB bench 1\r\nPING\r\n";
}

std::string NatsDialect::say(std::string_view text) const {
  return fmt::format("PUB bench {}\r\n{}\r\n", text.size(), text);
}

Dialect::Heard NatsDialect::hear(std::string_view& input) const {
  using Kind = Heard::Kind;
  std::string_view rest = input;
  std::string_view line;
  if (!take_line(rest, line)) return {Kind::unfinished};
  const Heard heard = line.starts_with("MSG ") ? take_message(rest, line) : understand(line);
  if (heard.kind != Kind::unfinished) input = rest;
  return heard;
}

}  // namespace confab::bench

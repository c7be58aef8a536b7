// SPDX-License-Identifier: MIT
#include "workload.h"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace confab::bench {

namespace {

template <typename Number>
bool take_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

}  // namespace

std::string write_stamp(const Stamp& stamp) {
  return fmt::format("{:x<{}}", fmt::format("{} {} ", stamp.index, stamp.intended.time_since_epoch().count()),
                     text_bytes);
}

std::optional<Stamp> read_stamp(std::string_view text) {
  Stamp stamp;
  base::Duration::rep intended_ns = 0;
  if (text.size() != text_bytes || !take_number(text, stamp.index) || !take_number(text, intended_ns)) {
    return std::nullopt;
  }
  stamp.intended = base::Instant(base::Duration(intended_ns));
  return stamp;
}

std::string Workload::to_string() const {
  switch (kind) {
    case Kind::settle:
      return "settle";
    case Kind::idle:
      return "idle";
    case Kind::warm_up:
      return "warm-up";
    case Kind::paced:
      return fmt::format("{} msg/s", messages_per_s);
    case Kind::windowed:
      return fmt::format("{} in flight", window);
  }
  return {};
}

std::optional<Stamp> Schedule::next_due(base::Instant now) {
  const auto at = due(now);
  if (!at || *at > now) return std::nullopt;
  return Stamp{.index = first_index_ + sent_++, .intended = *at};
}

base::Instant Schedule::next_deadline(base::Instant now) const {
  if (const auto at = due(now)) return *at;
  return now < end() && !has_sent_most() ? end() : base::never;
}

/// When the next message is to be sent, as things stand; nullopt when none is.
std::optional<base::Instant> Schedule::due(base::Instant now) const {
  const bool has_room = is_closed_loop() && sent_ - left_ < workload_.window;
  return has_room && now < end() && !has_sent_most() ? now : paced_due();
}

/// nullopt for what is not paced, and after the last message.
std::optional<base::Instant> Schedule::paced_due() const {
  if (workload_.kind != Workload::Kind::paced) return std::nullopt;
  const base::Duration after_start = base::Duration(sent_ * std::nano::den / workload_.messages_per_s);
  if (after_start >= workload_.length) return std::nullopt;
  return start_ + after_start;
}

}  // namespace confab::bench

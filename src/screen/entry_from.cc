// SPDX-License-Identifier: MIT
#include "screen/entry_from.h"

#include <variant>

namespace confab::screen {

namespace {

using What = Entry::What;

/// A million events a second would take 146,000 years to get there.
constexpr std::uint64_t seq_max = std::uint64_t{1} << 62;

template <typename T>
concept HasSeq = requires(const T& event) {
  event.seq;
  event.time_ms;
};

template <typename T>
concept HasRange = requires(const T& event) { event.first; };

What what_of(Kind kind) {
  return kind == Kind::action ? What::action : kind == Kind::notice ? What::notice : What::text;
}

Entry base_entry(const auto& event, What what) {
  Entry entry;
  entry.what = what;
  entry.seq = event.seq;
  entry.time_ms = event.time_ms;
  entry.name = event.name;
  if constexpr (requires { event.verified; }) entry.verified = event.verified;
  return entry;
}

Entry range_entry(const auto& event, What what) {
  Entry entry;
  entry.what = what;
  entry.seq = event.first;
  entry.seq_end = event.last;
  return entry;
}

struct ToEntry {
  std::optional<Entry> operator()(const Message& event) const {
    Entry entry = base_entry(event, what_of(event.kind));
    entry.text = event.text;
    entry.id = event.id;
    entry.reply_to = event.reply_to;
    entry.own = event.own;
    return entry;
  }
  std::optional<Entry> operator()(const Joined& event) const { return base_entry(event, What::join); }
  std::optional<Entry> operator()(const Left& event) const {
    Entry entry = base_entry(event, What::leave);
    entry.left = event.reason;
    return entry;
  }
  std::optional<Entry> operator()(const TopicChanged& event) const {
    Entry entry = base_entry(event, What::topic);
    entry.text = event.text;
    return entry;
  }
  std::optional<Entry> operator()(const Unknown& event) const { return base_entry(event, What::unknown); }
  std::optional<Entry> operator()(const Gone& event) const { return range_entry(event, What::gone); }
  std::optional<Entry> operator()(const Skipped& event) const { return range_entry(event, What::skipped); }
  std::optional<Entry> operator()(const auto&) const { return std::nullopt; }
};

}  // namespace

std::optional<LogRange> log_range(const Event& event) {
  const LogRange range = std::visit(
      []<typename T>(const T& it) -> LogRange {
        if constexpr (HasSeq<T>) return {it.seq, it.seq};
        if constexpr (HasRange<T>) return {it.first, it.last};
        return {1, 0};
      },
      event);
  if (range.first > range.last || range.last > seq_max || (range.first == 0 && range.last != 0)) return std::nullopt;
  return range;
}

std::optional<Entry> entry_from(const Event& event) { return std::visit(ToEntry{}, event); }

Entry entry_of_own(const std::string& id, const Content& content, const std::string& name, std::int64_t now_ms) {
  Entry entry;
  entry.what = what_of(content.kind);
  entry.time_ms = now_ms;
  entry.name = name;
  entry.text = content.text;
  entry.id = id;
  entry.reply_to = content.target;
  entry.delivery = Entry::Delivery::pending;
  entry.own = true;
  entry.verified = true;
  return entry;
}

}  // namespace confab::screen

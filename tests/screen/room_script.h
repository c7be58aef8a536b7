// SPDX-License-Identifier: MIT
// A room's log as tests write it down.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "confab/types.h"
#include "screen/room_buffer.h"

namespace confab::screen {

/// Sunday, 22 November 2026, 12:00 UTC.
inline constexpr std::int64_t noon_ms = 1'795'348'800'000;
inline constexpr std::int64_t minute_ms = 60'000;
inline constexpr std::int64_t day_ms = 24 * 60 * minute_ms;

/// Every event a minute after the one before it: event 5 is at 12:05.
inline std::int64_t time_of(std::uint64_t seq) { return noon_ms + static_cast<std::int64_t>(seq) * minute_ms; }

inline std::string id_of(std::uint64_t seq) { return "id" + std::to_string(seq); }

inline Message message(std::uint64_t seq, const std::string& name, const std::string& text, Kind kind = Kind::text) {
  return {"lobby", seq, time_of(seq), name, kind, text, id_of(seq), "", true, false, 0};
}
inline Message reply(std::uint64_t seq, const std::string& name, const std::string& text, const std::string& to) {
  Message it = message(seq, name, text);
  it.reply_to = to;
  return it;
}
inline Joined joined(std::uint64_t seq, const std::string& name) { return {"lobby", seq, time_of(seq), name, true, 0}; }
inline Left left(std::uint64_t seq, const std::string& name, Left::Reason reason = Left::Reason::part) {
  return {"lobby", seq, time_of(seq), name, true, reason, 0};
}
inline Edited edited(std::uint64_t seq, const std::string& name, const std::string& target, const std::string& text) {
  return {"lobby", seq, time_of(seq), name, target, text, true, 0};
}
inline Redacted redacted(std::uint64_t seq, const std::string& name, const std::string& target,
                         const std::string& reason) {
  return {"lobby", seq, time_of(seq), name, target, reason, true, 0};
}
inline Reacted reacted(std::uint64_t seq, const std::string& name, const std::string& target, const std::string& text,
                       bool withdrawn = false) {
  return {"lobby", seq, time_of(seq), name, target, text, withdrawn, true, 0};
}
inline Skipped skipped(std::uint64_t first, std::uint64_t last) { return {"lobby", first, last, 0}; }
inline Gone gone(std::uint64_t first, std::uint64_t last) { return {"lobby", first, last, 0}; }

inline Content text(const std::string& said) { return {.kind = Kind::text, .text = said}; }
inline Status status(const std::string& id, Status::State state, std::uint64_t seq = 0,
                     const std::string& reason = "") {
  return {id, "lobby", state, seq, reason};
}

/// Messages first to last, all of one author: "line 7".
inline std::vector<Event> lines(std::uint64_t first, std::uint64_t last) {
  std::vector<Event> events;
  for (std::uint64_t seq = first; seq <= last; ++seq) {
    events.push_back(message(seq, "ada", "line " + std::to_string(seq)));
  }
  return events;
}

inline void add_all(RoomBuffer& buffer, const std::vector<Event>& events) {
  for (const Event& event : events) buffer.add(event);
}

/// The buffer's lines, one a row: its seq, who, what.
inline std::string listing(const RoomBuffer& buffer) {
  std::string list;
  for (std::size_t i = 0; i < buffer.size(); ++i) {
    const Entry& entry = buffer.at(i);
    list += std::to_string(entry.seq);
    if (entry.seq_end != 0) list += "-" + std::to_string(entry.seq_end);
    if (!entry.name.empty()) list += " " + entry.name;
    if (!entry.text.empty()) list += " " + entry.text;
    if (entry.is_redacted()) list += " (redacted)";
    for (const Reaction& reaction : entry.reactions) {
      if (reaction.count() > 0) list += " " + reaction.text + std::to_string(reaction.count());
    }
    if (entry.delivery == Entry::Delivery::pending) list += " (pending)";
    if (entry.delivery == Entry::Delivery::queued) list += " (queued)";
    if (entry.delivery == Entry::Delivery::refused) list += " (refused: " + entry.reason + ")";
    list += '\n';
  }
  return list;
}

}  // namespace confab::screen

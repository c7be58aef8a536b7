// SPDX-License-Identifier: MIT
// Words in which tests of stores are written: drafts in, one line of text out.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "log/store.h"

namespace confab::log {

inline constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

inline base::Bytes bytes_of(std::string_view text) {
  const base::ByteView view = base::as_bytes(text);
  return {view.begin(), view.end()};
}

/// The id whose first bytes are `text`.
inline base::MessageId id_of(std::string_view text) {
  base::MessageId id;
  text.copy(reinterpret_cast<char*>(id.bytes.data()), id.bytes.size());
  return id;
}

/// A draft whose body is its id, unless the test says otherwise.
inline Draft draft(std::string room, std::string_view id) { return {std::move(room), id_of(id), bytes_of(id)}; }
inline Draft draft(std::string room, std::string_view id, base::Bytes body) {
  return {std::move(room), id_of(id), std::move(body)};
}

inline NameClaim claim(std::string folded_name, std::uint8_t key) {
  NameClaim result{.folded_name = std::move(folded_name), .key = {}};
  result.key.fill(key);
  return result;
}

/// The same draft at a time of its own.
inline Draft at(std::uint64_t time_ms, Draft made) {
  made.time_ms = time_ms;
  return made;
}

/// A draft by which `name` comes into the room, or leaves it.
inline Draft joins(Draft made, const std::string& name, std::uint8_t origin = 0) {
  made.member = {.present = true, .folded_name = base::fold_case(name), .origin = origin, .name = name};
  return made;
}
inline Draft leaves(Draft made, const std::string& name, std::uint8_t origin = 0) {
  made.member = {.present = false, .folded_name = base::fold_case(name), .origin = origin, .name = {}};
  return made;
}

/// A draft that gives its room this topic.
inline Draft sets(Draft made, std::string topic) {
  made.topic = std::move(topic);
  return made;
}

/// `1 2 2d`: each draft's seq, with a d where it was a duplicate; an error's text after a failure.
inline std::string append(Store& store, std::vector<Draft> drafts, std::vector<NameClaim> claims = {}) {
  const auto outcomes = store.append({.drafts = std::move(drafts), .claims = std::move(claims)});
  if (!outcomes) return "error: " + outcomes.error().text;
  std::string line;
  for (const Outcome& outcome : *outcomes) {
    line += fmt::format("{}{}{}", line.empty() ? "" : " ", outcome.seq, outcome.duplicate ? "d" : "");
  }
  return line;
}

/// `1=a 2=b`: each event's seq and body.
inline std::string read(Store& store, const std::string& room, base::Seq first = 1, std::size_t count_max = no_limit,
                        std::size_t bytes_max = no_limit) {
  const auto records = store.read(room, first, count_max, bytes_max);
  if (!records) return "error: " + records.error().text;
  std::string line;
  for (const Record& record : *records) {
    line += fmt::format("{}{}={}", line.empty() ? "" : " ", record.seq, base::as_text(record.body));
  }
  return line;
}

/// `2 removed, kept from 3@700`, with the oldest's time, and ` …` where more could go.
inline std::string trim(Store& store, const TrimRequest& request) {
  const auto result = store.trim(request);
  if (!result) return "error: " + result.error().text;
  return fmt::format("{} removed, kept from {}@{}{}", result->removed, result->first_seq, result->oldest_ms,
                     result->more ? " …" : "");
}

/// `lobby:3 tea:1`: each room and its newest seq.
inline std::string rooms(Store& store) {
  const auto summaries = store.rooms();
  if (!summaries) return "error: " + summaries.error().text;
  std::string line;
  for (const RoomSummary& summary : *summaries) {
    line += fmt::format("{}{}:{}", line.empty() ? "" : " ", summary.room, summary.end_seq);
  }
  return line;
}

/// `lobby:4-9@700`: each room's oldest and newest seq and the newest's time.
inline std::string ends(Store& store) {
  const auto summaries = store.rooms();
  if (!summaries) return "error: " + summaries.error().text;
  std::string line;
  for (const RoomSummary& summary : *summaries) {
    line += fmt::format("{}{}:{}-{}@{}", line.empty() ? "" : " ", summary.room, summary.first_seq, summary.end_seq,
                        summary.newest_ms);
  }
  return line;
}

/// `lobby/Ada lobby/bob~1`: each member's room and name, and its origin where that is not 0.
inline std::string members(Store& store) {
  const auto all = store.members();
  if (!all) return "error: " + all.error().text;
  std::string line;
  for (const StoredMember& one : *all) {
    line += fmt::format("{}{}/{}{}", line.empty() ? "" : " ", one.room, one.name,
                        one.origin == 0 ? "" : fmt::format("~{}", one.origin));
  }
  return line;
}

/// `lobby=tea time`: each room that has a topic.
inline std::string topics(Store& store) {
  const auto summaries = store.rooms();
  if (!summaries) return "error: " + summaries.error().text;
  std::string line;
  for (const RoomSummary& summary : *summaries) {
    if (!summary.topic.empty()) line += fmt::format("{}{}={}", line.empty() ? "" : " ", summary.room, summary.topic);
  }
  return line;
}

/// `ada/lobby:3`: how far each name has read each room.
inline std::string markers(Store& store) {
  const auto all = store.markers();
  if (!all) return "error: " + all.error().text;
  std::string line;
  for (const ReadMarker& one : *all) {
    line += fmt::format("{}{}/{}:{}", line.empty() ? "" : " ", one.folded_name, one.room, one.up_to);
  }
  return line;
}

/// `ada:1 bob:2`: each name and the first byte of its key, which must fill the whole key.
inline std::string claims(Store& store) {
  const auto all = store.claims();
  if (!all) return "error: " + all.error().text;
  std::string line;
  for (const NameClaim& one : *all) {
    const bool whole = one.key == claim("", one.key[0]).key;
    line += fmt::format("{}{}:{}{}", line.empty() ? "" : " ", one.folded_name, one.key[0], whole ? "" : "?");
  }
  return line;
}

}  // namespace confab::log

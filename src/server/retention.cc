// SPDX-License-Identifier: MIT
#include "server/retention.h"

#include <algorithm>
#include <cassert>

namespace confab::server {

namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t to_ms(std::chrono::seconds span) {
  return static_cast<std::uint64_t>(milliseconds(span).count());
}

}  // namespace

void Retention::restore(const log::RoomSummary& summary) {
  const RetentionRule& rule = rule_for(summary.room);
  if (rule.keeps_all()) return;
  Room& room = rooms_[summary.room];
  room = {.rule = rule, .first_seq = summary.first_seq, .end_seq = summary.end_seq};
  reschedule(summary.room, room);
}

void Retention::append(const std::string& name, base::Seq seq, std::uint64_t time_ms) {
  auto found = rooms_.find(name);
  if (found == rooms_.end()) {
    const RetentionRule& rule = rule_for(name);
    if (rule.keeps_all()) return;
    found = rooms_.emplace(name, Room{.rule = rule, .first_seq = seq, .oldest_ms = time_ms}).first;
  }
  found->second.end_seq = seq;
  reschedule(name, found->second);
}

std::optional<Trimmed> Retention::on_trim(const log::TrimAnswer& answer, base::Now now) {
  assert(open_);
  const std::string name = *std::exchange(open_, std::nullopt);
  time_ms_ = believe(now);
  Room& room = rooms_.at(name);
  unschedule(name, room);
  if (!answer) {  // the disk, most likely, and others have said so
    room.not_before_ms = time_ms_ + to_ms(slack);
    schedule(name, room, time_ms_ + to_ms(slack));
    return std::nullopt;
  }
  room.first_seq = answer->first_seq;
  room.oldest_ms = answer->oldest_ms;
  if (answer->more) {
    schedule(name, room, time_ms_);
  } else {
    reschedule(name, room);
  }
  if (answer->removed == 0) return std::nullopt;
  return Trimmed{.room = name, .first_seq = room.first_seq};
}

void Retention::run(base::Now now) {
  time_ms_ = believe(now);
  if (!open_ && !due_.empty() && due_.begin()->first <= time_ms_) ask_for_step(due_.begin()->second);
  wake_at_ = base::never;
  if (open_ || due_.empty()) return;
  const std::uint64_t wait_ms = due_.begin()->first - std::min(due_.begin()->first, time_ms_);
  // Not slept through in one piece: the wall clock may be set meanwhile.
  wake_at_ = now.instant + milliseconds(std::min(wait_ms, to_ms(slack)));
}

void Retention::ask_for_step(std::string name) {
  Room& room = rooms_.at(name);
  unschedule(name, room);
  log::TrimRequest request{.room = name, .count_max = step_events};
  const std::uint64_t count_max = room.rule.count_max;
  if (count_max > 0 && room.end_seq > count_max) request.keep_seq = room.end_seq - count_max + 1;
  const std::uint64_t age_ms = to_ms(room.rule.age_max);
  if (age_ms > 0 && time_ms_ > age_ms) request.keep_ms = time_ms_ - age_ms;
  open_ = std::move(name);
  store_.trim(ticket, std::move(request));
}

const RetentionRule& Retention::rule_for(const std::string& room) const {
  const auto own = options_.rooms.find(room);
  return own == options_.rooms.end() ? options_.all : own->second;
}

/// The newest event is never removed, so that a room of one is in nobody's way.
void Retention::reschedule(const std::string& name, Room& room) {
  if (room.end_seq <= room.first_seq) return;
  const std::uint64_t count = room.end_seq - room.first_seq + 1;
  const std::uint64_t count_max = room.rule.count_max;
  if (count_max > 0 && count > count_max) {
    // A step for each single event would cost the disk as much as the events themselves.
    schedule(name, room, count - count_max >= step_events ? time_ms_ : time_ms_ + to_ms(slack));
  }
  if (room.rule.age_max.count() > 0) schedule(name, room, room.oldest_ms + to_ms(room.rule.age_max) + 1);
}

/// Sooner than planned before, if at all.
void Retention::schedule(const std::string& name, Room& room, std::uint64_t due_ms) {
  due_ms = std::max(due_ms, room.not_before_ms);
  if (room.due_ms && *room.due_ms <= due_ms) return;
  unschedule(name, room);
  room.due_ms = due_ms;
  due_.emplace(due_ms, name);
}

void Retention::unschedule(const std::string& name, Room& room) {
  if (room.due_ms) due_.erase({*room.due_ms, name});
  room.due_ms.reset();
}

std::uint64_t Retention::believe(base::Now now) {
  const std::int64_t instant_ms = now.instant.time_since_epoch() / milliseconds(1);
  const std::int64_t offset_ms = now.wall.unix_ms - instant_ms;
  if (!offset_ms_ || offset_ms <= *offset_ms_ + milliseconds(slack).count()) {
    offset_ms_ = offset_ms;
    doubted_since_ = base::never;
  } else if (doubted_since_ == base::never) {
    doubted_since_ = now.instant;
  } else if (now.instant - doubted_since_ >= doubt) {
    offset_ms_ = offset_ms;
    doubted_since_ = base::never;
  }
  return static_cast<std::uint64_t>(std::max<std::int64_t>(instant_ms + *offset_ms_, 0));
}

}  // namespace confab::server

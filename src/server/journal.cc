// SPDX-License-Identifier: MIT
#include "server/journal.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace confab::server {

namespace {

log::Draft draft_of(const JournalEntry& entry) {
  log::Draft draft{.room = entry.room, .id = entry.id, .body = entry.body, .time_ms = entry.time_ms};
  if (entry.member) {
    draft.member = log::MemberChange{.present = entry.member->present,
                                     .folded_name = entry.member->key.folded_name,
                                     .origin = static_cast<std::uint8_t>(entry.member->key.origin),
                                     .name = entry.member_name};
  }
  draft.topic = entry.topic;
  return draft;
}

std::optional<std::string> topic_of(const wire::pb::Event& event) {
  return event.has_topic() ? std::optional(event.topic().text()) : std::nullopt;
}

/// Of the server's own making: nobody waits for it, nobody else would repeat it.
bool is_own(const JournalEntry& entry) { return entry.member.has_value(); }

template <typename T>
void move_to_end(std::vector<T>& from, std::vector<T>& to) {
  std::ranges::move(from, std::back_inserter(to));
  from.clear();
}

/// Moves all but the server's own.
void take_messages(std::vector<JournalEntry>& from, std::vector<JournalEntry>& to) {
  std::vector<JournalEntry> own;
  for (JournalEntry& entry : from) (is_own(entry) ? own : to).push_back(std::move(entry));
  from = std::move(own);
}

}  // namespace

void Journal::add(const chat::NewEvent& event, chat::SessionId author, std::uint64_t tag, Haste haste) {
  if (event.member && !event.member->present && cancel_join(event.room, event.member->key)) return;
  base::Bytes body = wire::encode_event_body(event.event);
  bytes_ += body.size();
  waiting_.push_back({author, tag, event.event.time_ms(), event.room, event.id, std::move(body), event.member,
                      event.event.name(), topic_of(event.event)});
  words_due_ = std::min(words_due_, haste == Haste::none ? flushed_at_ + company_wait : base::at_once);
}

void Journal::add(const chat::NewClaim& claim) {
  claims_.push_back({claim.folded_name, claim.key});
  words_due_ = base::at_once;
}

void Journal::add(const chat::NewMarker& marker, base::Now now) {
  base::Seq& up_to = markers_[{marker.folded_name, marker.room}];
  up_to = std::max(up_to, marker.up_to);
  markers_due_ = std::min(markers_due_, now.instant + markers_wait);
}

void Journal::drain() {
  if (words_due_ != base::never) words_due_ = base::at_once;
  if (!markers_.empty()) markers_due_ = base::at_once;
  markers_pause_until_ = base::at_once;
}

/// Behind a suspect nothing is flushed; its answer comes by itself.
base::Instant Journal::next_deadline() const {
  return suspect_in_flight_ != 0 ? base::never : std::min({words_due_, retry_at_, markers_deadline()});
}

/// Likewise behind markers, for markers.
base::Instant Journal::markers_deadline() const {
  if (markers_in_flight_ != 0) return base::never;
  return std::max(marker_flights_.empty() ? markers_due_ : base::at_once, markers_pause_until_);
}

/// The newest word on this member, where that is a join that failed and was not tried again yet.
bool Journal::cancel_join(const std::string& room, const chat::MemberKey& key) {
  const auto is_theirs = [&](const JournalEntry& each) {
    return each.member && each.member->key == key && each.room == room;
  };
  const auto carries_theirs = [&](const Flight& flight) { return std::ranges::any_of(flight.entries, is_theirs); };
  const bool is_on_its_way = std::ranges::any_of(waiting_, is_theirs) ||
                             std::ranges::any_of(suspects_, carries_theirs) ||
                             std::ranges::any_of(in_flight_ | std::views::values, carries_theirs);
  const auto newest_first = failed_ | std::views::reverse;
  const auto newest = std::ranges::find_if(newest_first, is_theirs);
  if (is_on_its_way || newest == newest_first.end() || !newest->member->present) return false;
  bytes_ -= newest->body.size();
  failed_.erase(std::prev(newest.base()));
  return true;
}

void Journal::flush(base::Now now) {
  if (flush_suspects()) return;
  flush_words(now);
  flush_markers(now);
}

void Journal::flush_words(base::Now now) {
  if (std::min(words_due_, retry_at_) > now.instant) return;
  words_due_ = base::never;
  put_failed_in_front();
  if (waiting_.empty() && claims_.empty()) return;
  flushed_at_ = now.instant;
  ask({.entries = std::exchange(waiting_, {}), .claims = std::exchange(claims_, {})});
}

/// One flight at a time: what a disk is slow to take gathers here, the newest of each, and not in front of it.
void Journal::flush_markers(base::Now now) {
  if (markers_deadline() > now.instant) return;
  if (marker_flights_.empty()) divide_markers();
  ask(std::move(marker_flights_.front()));
  marker_flights_.pop_front();
  markers_in_flight_ = next_ticket_;
}

void Journal::divide_markers() {
  for (const auto& [key, up_to] : std::exchange(markers_, {})) {
    if (marker_flights_.empty() || marker_flights_.back().markers.size() == markers_per_batch_max) {
      marker_flights_.emplace_back();
    }
    marker_flights_.back().markers.push_back({key.first, key.second, up_to});
  }
  markers_due_ = base::never;
}

/// True where everything else has to wait. One at a time: behind a failure the store refuses what is not to blame.
bool Journal::flush_suspects() {
  if (suspect_in_flight_ != 0) return true;
  if (suspects_.empty()) return false;
  ask(std::move(suspects_.front()));
  suspects_.pop_front();
  suspect_in_flight_ = next_ticket_;
  return true;
}

void Journal::ask(Flight flight) {
  log::Batch batch;
  for (const JournalEntry& entry : flight.entries) batch.drafts.push_back(draft_of(entry));
  batch.claims = flight.claims;
  batch.markers = flight.markers;
  in_flight_.emplace(++next_ticket_, std::move(flight));
  store_.append(next_ticket_, std::move(batch));
}

void Journal::put_failed_in_front() {
  move_to_end(waiting_, failed_);
  waiting_ = std::exchange(failed_, {});
  move_to_end(failed_claims_, claims_);
  retry_at_ = base::never;
}

std::vector<Settled> Journal::settle(std::uint64_t ticket, log::AppendResult result, base::Now now) {
  std::vector<Settled> settled;
  const auto found = in_flight_.find(ticket);
  if (found == in_flight_.end()) return settled;
  Flight flight = std::move(found->second);
  in_flight_.erase(found);
  if (markers_in_flight_ == ticket) {
    markers_in_flight_ = 0;
    if (!result) keep_markers(std::move(flight), result.error(), now);
    return settled;
  }
  const bool was_suspect = suspect_in_flight_ == ticket;
  if (was_suspect) suspect_in_flight_ = 0;
  if (!result) {
    take_messages(waiting_, flight.entries);  // what the store has not been asked yet must not overtake what failed
    if (waiting_.empty() && claims_.empty()) words_due_ = base::never;
    const bool is_damaged = result.error().code == log::StoreError::Code::damaged;
    if (!is_damaged) {
      keep(flight, now);
    } else if (!was_suspect) {
      suspect(flight);
    }  // else it is this very word that cannot be stored
  }
  settled.reserve(flight.entries.size());
  for (std::size_t i = 0; i < flight.entries.size(); ++i) {
    JournalEntry& entry = flight.entries[i];
    bytes_ -= entry.body.size();
    if (result) {
      settled.push_back({std::move(entry), (*result)[i]});
    } else {
      settled.push_back({std::move(entry), std::unexpected(result.error())});
    }
  }
  return settled;
}

/// Takes a flight apart that a damaged database has refused.
void Journal::suspect(Flight& flight) {
  std::vector<JournalEntry> messages;
  take_messages(flight.entries, messages);
  for (log::NameClaim& claim : flight.claims) suspects_.push_back({.claims = {std::move(claim)}});
  for (JournalEntry& entry : flight.entries) suspects_.push_back({.entries = {std::move(entry)}});
  flight.entries = std::move(messages);
}

/// Behind those that wait, so that markers which cannot be stored keep no others from it.
void Journal::keep_markers(Flight flight, const log::StoreError& error, base::Now now) {
  markers_pause_until_ = now.instant + retry_every;
  const bool is_damaged = error.code == log::StoreError::Code::damaged;
  if (is_damaged && std::exchange(flight.was_suspected, true)) return;
  marker_flights_.push_back(std::move(flight));
}

/// Takes out of a failed flight what is to be tried again.
void Journal::keep(Flight& flight, base::Now now) {
  std::vector<JournalEntry> messages;
  take_messages(flight.entries, messages);
  move_to_end(flight.entries, failed_);
  flight.entries = std::move(messages);
  move_to_end(flight.claims, failed_claims_);
  if (!failed_.empty() || !failed_claims_.empty()) retry_at_ = now.instant + retry_every;
}

}  // namespace confab::server

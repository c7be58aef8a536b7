// SPDX-License-Identifier: MIT
// What goes in, and what is known of it. Where it goes is in room_buffer_lines.cc.
#include "screen/room_buffer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "term/graphemes.h"

namespace confab::screen {

namespace {

/// What stands in the name's column; see entry_layout.cc.
std::size_t name_cells(const Entry& entry) {
  const std::size_t marks = (entry.verified ? 0 : 1) + (entry.what == Entry::What::notice ? 2 : 0);
  return term::cells_of(entry.name) + marks;
}

}  // namespace

RoomBuffer::RoomBuffer(RoomBufferOptions options) : options_(std::move(options)) {}

void RoomBuffer::add(const Event& event) {
  const auto range = log_range(event);
  if (!range) return;
  const bool is_logged = range->first != 0;
  if (is_logged && oldest_seq_ != 0 && range->last <= newest_seq_) return;
  append(event, *range);
}

void RoomBuffer::append(const Event& event, LogRange range) {
  if (range.first != 0) {
    if (oldest_seq_ == 0) begin_log(range.first);
    range.first = std::max(range.first, newest_seq_ + 1);
    settle_before(range.first);
    newest_seq_ = range.last;
  }
  if (hide(event, range.first)) return;
  if (auto late = to_change(event)) return change(std::move(*late));
  auto entry = take(event, speakers_);
  if (!entry) return;
  if (range.first != 0) entry->seq = range.first;
  push_back({range.first != 0 ? Place{range.first, 0} : Place{newest_seq_, next_part_++}, std::move(*entry)});
}

/// The event as a line that is ready to be put somewhere; nullopt where it makes none, or one that is there already.
std::optional<Entry> RoomBuffer::take(const Event& event, Speakers& speakers) {
  auto entry = entry_from(event);
  if (!entry) return std::nullopt;
  if (entry->is_message()) {
    if (!claim(*entry)) return std::nullopt;
    speakers.spoke(entry->name, entry->time_ms);
    if (options_.is_mine && options_.is_mine(std::get<Message>(event))) entry->own = true;
    if (!entry->own && options_.mentions_me) entry->mentions_me = options_.mentions_me(std::get<Message>(event));
    for (const MessageChange& late : late_.take(entry->id)) apply(late, *entry);
  } else if (entry->is_presence()) {
    entry->quiet = !speakers.spoke_lately(entry->name, entry->time_ms);
  }
  if (entry->key == 0) entry->key = next_key_++;
  return entry;
}

/// A message takes over the key of one's own line that waited for it. False: it is in the log already.
bool RoomBuffer::claim(Entry& entry) {
  const auto index = entry.id.empty() ? std::nullopt : find_id(entry.id);
  if (!index) return true;
  const Line& known = line(*index);
  if (known.place.part == 0) return false;
  entry.key = known.entry.key;
  entry.own = true;
  if (*index >= lines_.size() && known.entry.delivery == Entry::Delivery::stored) --stored_waiting_;
  forget(known);
  if (*index < lines_.size()) {
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(*index));
  } else {
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(*index - lines_.size()));
  }
  ++changes_;
  return true;
}

void RoomBuffer::change(MessageChange change) {
  if (Entry* const entry = find(change.target)) {
    const std::size_t bytes_before = bytes_of(*entry);
    if (apply(change, *entry)) ++changes_;
    bytes_ = bytes_ - bytes_before + bytes_of(*entry);
  } else {
    late_.add(std::move(change));
  }
}

void RoomBuffer::add_own(const std::string& id, const Content& content, const std::string& name, std::int64_t now_ms) {
  if (content.what != Content::What::message) return;
  if (by_id_.contains(id)) {
    Entry* const entry = find_waiting(id);
    if (!entry || entry->delivery == Entry::Delivery::stored) return;
    entry->delivery = Entry::Delivery::pending;
    entry->reason.clear();
    ++changes_;
    return;
  }
  Line line{{waiting_seq, next_part_++}, entry_of_own(id, content, name, now_ms)};
  line.entry.key = next_key_++;
  enter(line);
  waiting_.push_back(std::move(line));
}

void RoomBuffer::on_status(const Status& status) {
  Entry* const entry = find_waiting(status.id);
  if (!entry || entry->delivery == Entry::Delivery::stored) return;
  ++changes_;
  entry->reason = status.reason;
  if (status.state == Status::State::queued) {
    entry->delivery = Entry::Delivery::queued;
  } else if (status.state == Status::State::refused) {
    entry->delivery = Entry::Delivery::refused;
  } else {
    entry->delivery = Entry::Delivery::stored;
    entry->seq = status.seq;
    ++stored_waiting_;
    settle_before(newest_seq_ + 1);
  }
}

bool RoomBuffer::discard(const std::string& id) {
  const auto index = find_id(id);
  if (!index || *index < lines_.size() || at(*index).delivery == Entry::Delivery::stored) return false;
  forget(line(*index));
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(*index - lines_.size()));
  ++changes_;
  return true;
}

void RoomBuffer::add_note(const std::string& text, std::int64_t now_ms, Entry::What what) {
  Entry entry;
  entry.key = next_key_++;
  entry.what = what;
  entry.time_ms = now_ms;
  entry.text = text;
  push_back({{newest_seq_, next_part_++}, std::move(entry)});
}

bool RoomBuffer::has_more_before() const { return oldest_seq_ > 1 && !is_full(); }

void RoomBuffer::mark_read(std::uint64_t seq) {
  read_seq_ = std::max(read_seq_, seq);
  unread_ = mentions_ = 0;
  for (auto line = lines_.rbegin(); line != lines_.rend() && line->place.seq > read_seq_; ++line) count(*line);
}

void RoomBuffer::count(const Line& line) {
  const Entry& entry = line.entry;
  if (!entry.is_message() || entry.own) return;
  ++unread_;
  if (entry.mentions_me) ++mentions_;
}

void RoomBuffer::place_marker() {
  marker_after_ = Place{read_seq_, next_part_};
  find_marker();
}

void RoomBuffer::drop_marker() {
  marker_after_.reset();
  find_marker();
}

/// Above the first message of somebody else behind the place.
void RoomBuffer::find_marker() {
  const EntryKey before = std::exchange(marker_, 0);
  if (marker_after_) {
    const auto first = lines_.begin() + static_cast<std::ptrdiff_t>(lower_bound(*marker_after_));
    const auto found =
        std::find_if(first, lines_.end(), [](const Line& line) { return line.entry.is_message() && !line.entry.own; });
    if (found != lines_.end()) marker_ = found->entry.key;
  }
  if (marker_ != before) ++changes_;
}

/// The tables and sums that know a line by its key, id and size.
void RoomBuffer::enter(const Line& line) {
  const Entry& entry = line.entry;
  places_.emplace(entry.key, line.place);
  if (!entry.id.empty()) by_id_.emplace(entry.id, entry.key);
  if (entry.what == Entry::What::skipped) gaps_.emplace(entry.seq, entry.key);
  bytes_ += bytes_of(entry);
  // A name has no more cells than bytes, and marks take three.
  if (!entry.is_message() || entry.name.size() + 3 <= name_cells_) return;
  const std::size_t cells = screen::name_cells(entry);
  if (cells > name_cells_) {
    name_cells_ = cells;
    ++changes_;
  }
}

void RoomBuffer::forget(const Line& line) {
  places_.erase(line.entry.key);
  const auto known = by_id_.find(line.entry.id);
  if (known != by_id_.end() && known->second == line.entry.key) by_id_.erase(known);
  if (line.entry.what == Entry::What::skipped) gaps_.erase(line.entry.seq);
  bytes_ -= bytes_of(line.entry);
}

}  // namespace confab::screen

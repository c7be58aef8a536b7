// SPDX-License-Identifier: MIT
// Where lines stand: the log's order, pages that come later, lines that go.
#include <algorithm>
#include <cassert>
#include <deque>
#include <iterator>
#include <utility>

#include "screen/room_buffer.h"
#include "tui/event_fields.h"

namespace confab::screen {

namespace {

/// An edit, or that a message is taken back, waits for its message as everybody's does.
bool may_be_hidden(const Event& event) {
  return !std::holds_alternative<Edited>(event) && !std::holds_alternative<Redacted>(event);
}

std::size_t text_bytes(const Event& event) {
  return std::visit(
      [](const auto& each) -> std::size_t {
        if constexpr (requires { each.text; }) return each.text.size();
        return 0;
      },
      event);
}

}  // namespace

std::size_t RoomBuffer::lower_bound(Place place) const {
  return static_cast<std::size_t>(std::ranges::lower_bound(lines_, place, {}, &Line::place) - lines_.begin());
}

std::optional<std::size_t> RoomBuffer::index_of(EntryKey key) const {
  const auto known = places_.find(key);
  if (known == places_.end()) return std::nullopt;
  if (known->second.seq != waiting_seq) return lower_bound(known->second);
  const auto found = std::ranges::lower_bound(waiting_, known->second, {}, &Line::place);
  return lines_.size() + static_cast<std::size_t>(found - waiting_.begin());
}

std::optional<std::size_t> RoomBuffer::find_id(const std::string& id) const {
  const auto known = by_id_.find(id);
  return known == by_id_.end() ? std::nullopt : index_of(known->second);
}

std::size_t RoomBuffer::index_from(std::uint64_t seq) const {
  const std::size_t index = lower_bound({seq, 0});
  return index < lines_.size() ? index : size();
}

std::size_t RoomBuffer::index_from_time(std::int64_t unix_ms) const {
  const auto time = [](const Line& line) { return line.entry.time_ms; };
  const auto found = std::ranges::lower_bound(lines_, unix_ms, {}, time);
  return found == lines_.end() ? size() : static_cast<std::size_t>(found - lines_.begin());
}

Entry* RoomBuffer::find(const std::string& id) {
  const auto index = find_id(id);
  if (!index) return nullptr;
  return &(*index < lines_.size() ? lines_[*index] : waiting_[*index - lines_.size()]).entry;
}

Entry* RoomBuffer::find_waiting(const std::string& id) {
  const auto index = find_id(id);
  return index && *index >= lines_.size() ? &waiting_[*index - lines_.size()].entry : nullptr;
}

/// The skipped events that `seq` is one of.
std::optional<LogRange> RoomBuffer::gap_at(std::uint64_t seq) const {
  const auto behind = gaps_.upper_bound(seq);
  if (behind == gaps_.begin()) return std::nullopt;
  const auto index = index_of(std::prev(behind)->second);
  if (!index || lines_[*index].entry.seq_end < seq) return std::nullopt;
  return LogRange{lines_[*index].entry.seq, lines_[*index].entry.seq_end};
}

/// The room's first event that is heard of: what was said before on this screen stands before it.
void RoomBuffer::begin_log(std::uint64_t seq) {
  oldest_seq_ = seq;
  newest_seq_ = seq - 1;
  for (Line& line : lines_) {
    line.place.seq = newest_seq_;
    places_[line.entry.key] = line.place;
  }
}

void RoomBuffer::push_back(Line line) {
  assert(lines_.empty() || lines_.back().place < line.place);
  // The day of one's own line behind it may no longer be new.
  if (!waiting_.empty()) ++changes_;
  enter(line);
  if (line.place.part != 0 || line.place.seq > read_seq_) count(line);
  lines_.push_back(std::move(line));
  if (marker_after_ && marker_ == 0) {
    const Entry& entry = lines_.back().entry;
    if (entry.is_message() && !entry.own) find_marker();
  }
  trim();
}

/// The part of the range that is not there yet; all of it is in one gap, or before all that is.
std::optional<LogRange> RoomBuffer::missing(LogRange range) const {
  if (range.first == 0) return std::nullopt;
  if (oldest_seq_ == 0) return range;
  if (range.first < oldest_seq_) return LogRange{range.first, std::min(range.last, oldest_seq_ - 1)};
  const auto gap = gap_at(range.last);
  if (!gap) return std::nullopt;
  return LogRange{std::max(range.first, gap->first), range.last};
}

void RoomBuffer::add_older(std::span<const Event> events) {
  Speakers speakers;
  Page page;
  for (const Event& event : events) {
    const auto known_range = log_range(event);
    const auto range = known_range ? missing(*known_range) : std::nullopt;
    // A page is in order; what is not does not come from a log.
    if (!range || range->first <= page.range.last) continue;
    if (page.range.last != 0 && gap_at(page.range.last) != gap_at(range->last)) insert(std::exchange(page, {}));
    add_to_page(page, event, *range, speakers);
  }
  if (page.range.last != 0) insert(std::move(page));
}

void RoomBuffer::add_to_page(Page& page, const Event& event, LogRange range, Speakers& speakers) {
  if (page.range.last == 0) page.range.first = range.first;
  page.range.last = range.last;
  if (hide(event, range.first)) return;
  if (auto late = to_change(event)) return page.changes.push_back(std::move(*late));
  auto entry = take(event, speakers);
  if (!entry) return;
  entry->seq = range.first;
  if (entry->seq_end != 0) entry->seq_end = range.last;
  page.lines.push_back({{range.first, 0}, std::move(*entry)});
}

void RoomBuffer::insert(Page page) {
  if (oldest_seq_ == 0) {
    begin_log(page.range.first);
    newest_seq_ = page.range.last;
  } else if (page.range.first < oldest_seq_) {
    oldest_seq_ = page.range.first;
  } else {
    end_gap(page.range.first);
  }
  for (const Line& line : page.lines) {
    enter(line);
    if (line.place.seq > read_seq_) count(line);
  }
  // libstdc++ 12 moves elements onto themselves, which empties strings, to make room for none.
  if (!page.lines.empty()) {
    const auto at = lines_.begin() + static_cast<std::ptrdiff_t>(lower_bound({page.range.first, 0}));
    lines_.insert(at, std::make_move_iterator(page.lines.begin()), std::make_move_iterator(page.lines.end()));
  }
  ++changes_;
  for (MessageChange& late : page.changes) change(std::move(late));
  find_marker();
}

/// What is skipped ends before `seq` now.
void RoomBuffer::end_gap(std::uint64_t seq) {
  const auto gap = gap_at(seq);
  assert(gap);
  const auto index = lower_bound({gap->first, 0});
  if (gap->first < seq) {
    lines_[index].entry.seq_end = seq - 1;
  } else {
    forget(lines_[index]);
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(index));
  }
}

/// One's own lines that are stored, but whose events before `seq` were not heard: they were skipped, or there is no
/// log. They stay where the log has come to, until a page has them.
void RoomBuffer::settle_before(std::uint64_t seq) {
  for (std::size_t i = 0; stored_waiting_ > 0 && i < waiting_.size();) {
    if (waiting_[i].entry.delivery != Entry::Delivery::stored || waiting_[i].entry.seq >= seq) {
      ++i;
      continue;
    }
    Line line = std::move(waiting_[i]);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    --stored_waiting_;
    ++changes_;
    line.place = {newest_seq_, next_part_++};
    places_[line.entry.key] = line.place;
    lines_.push_back(std::move(line));
  }
}

/// What has no place in a log could not come back to it.
bool RoomBuffer::hide(const Event& event, std::uint64_t seq) {
  const std::string_view author = tui::author_of(event);
  if (author.empty() || !may_be_hidden(event) || !options_.is_hidden || !options_.is_hidden(author)) return false;
  if (seq == 0 || !hidden_.try_emplace(seq, event).second) return true;
  hidden_bytes_ += text_bytes(event);
  while (hidden_.size() > hidden_max || hidden_bytes_ > hidden_bytes_max) forget_hidden(std::next(hidden_.begin()));
  return true;
}

void RoomBuffer::forget_hidden(std::map<std::uint64_t, Event>::iterator end) {
  for (auto it = hidden_.begin(); it != end; ++it) hidden_bytes_ -= text_bytes(it->second);
  hidden_.erase(hidden_.begin(), end);
}

void RoomBuffer::show_unhidden() {
  Speakers speakers;
  std::vector<Line> shown;
  std::vector<MessageChange> changes;
  std::erase_if(hidden_, [&](const auto& each) {
    const auto& [seq, event] = each;
    if (options_.is_hidden(tui::author_of(event))) return false;
    hidden_bytes_ -= text_bytes(event);
    if (auto late = to_change(event)) {
      changes.push_back(std::move(*late));
    } else if (auto entry = take(event, speakers)) {
      shown.push_back({{seq, 0}, std::move(*entry)});
    }
    return true;
  });
  show_lines(std::move(shown));
  for (MessageChange& late : changes) change(std::move(late));
}

void RoomBuffer::show_lines(std::vector<Line> shown) {
  if (shown.empty()) return;
  for (const Line& line : shown) {
    enter(line);
    if (line.place.seq > read_seq_) count(line);
  }
  std::deque<Line> all;
  std::ranges::merge(std::make_move_iterator(lines_.begin()), std::make_move_iterator(lines_.end()),
                     std::make_move_iterator(shown.begin()), std::make_move_iterator(shown.end()),
                     std::back_inserter(all), {}, &Line::place, &Line::place);
  lines_ = std::move(all);
  ++changes_;
  find_marker();
  trim();
}

void RoomBuffer::trim() {
  if (!is_full()) return;
  // Some more at once, so that there is room for pages that are read again.
  const std::size_t entries = options_.entries_max / 16 * 15;
  const std::size_t bytes = options_.bytes_max / 16 * 15;
  while (lines_.size() > 1 && (lines_.size() > entries || bytes_ > bytes)) drop_front();
  ++changes_;
  const Place front = lines_.front().place;
  if (oldest_seq_ != 0) oldest_seq_ = std::max(oldest_seq_, front.part == 0 ? front.seq : front.seq + 1);
  forget_hidden(hidden_.lower_bound(oldest_seq_));
}

void RoomBuffer::clear() {
  while (!lines_.empty()) drop_front();
  forget_hidden(hidden_.end());
  ++changes_;
  if (oldest_seq_ != 0) oldest_seq_ = newest_seq_ + 1;
  unread_ = mentions_ = 0;
  find_marker();
}

/// What others have said about a message is not read again with it.
void RoomBuffer::drop_front() {
  for (MessageChange& change : changes_of(lines_.front().entry)) late_.add(std::move(change));
  forget(lines_.front());
  lines_.pop_front();
}

}  // namespace confab::screen

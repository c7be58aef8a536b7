// SPDX-License-Identifier: MIT
#include <algorithm>

#include "screen/scroll_view.h"
#include "tui/words.h"

namespace confab::screen {

/// With a third of the screen above it: what led there.
void ScrollView::show(std::size_t index) {
  Position position{layouts_.block_at(index), 0};
  move_up(position, size_.rows / 3);
  set_top(position);
}

bool ScrollView::to_seq(std::uint64_t seq) {
  refresh();
  const std::size_t index = buffer_.index_from(seq);
  if (is_empty() || index == buffer_.size() || seq < buffer_.oldest_seq()) return false;
  show(index);
  focus_ = buffer_.at(index).key;
  return true;
}

bool ScrollView::to_time(std::int64_t unix_ms) {
  refresh();
  const std::size_t index = buffer_.index_from_time(unix_ms);
  if (is_empty() || index == buffer_.size()) return false;
  show(index);
  focus_ = buffer_.at(index).key;
  return true;
}

bool ScrollView::to_unread() {
  refresh();
  if (is_empty()) return false;
  const auto marker = buffer_.index_of(buffer_.marker());
  const std::size_t index = marker ? *marker : buffer_.index_from(buffer_.read_seq() + 1);
  if (index == buffer_.size()) return false;
  show(index);
  return true;
}

/// The line next to which the search begins.
std::size_t ScrollView::start_of_jump(Direction direction) {
  if (const auto index = focus_ ? buffer_.index_of(*focus_) : std::nullopt) return *index;
  return direction == Direction::older ? bottom().block.end : top().block.first;
}

template <typename Predicate>
bool ScrollView::jump(Direction direction, Predicate wanted) {
  refresh();
  if (is_empty()) return false;
  std::size_t index = start_of_jump(direction);
  // Downwards from what is in sight, its first line counts; from a line one has jumped to, it does not.
  if (direction == Direction::newer && focus_) ++index;
  for (;; direction == Direction::newer ? ++index : index) {
    if (direction == Direction::older ? index == 0 : index >= buffer_.size()) return false;
    if (direction == Direction::older) --index;
    if (wanted(buffer_.at(index))) break;
  }
  show(index);
  focus_ = buffer_.at(index).key;
  return true;
}

bool ScrollView::to_mention(Direction direction) {
  return jump(direction, [](const Entry& entry) { return entry.mentions_me; });
}

bool ScrollView::search(std::string_view words, Direction direction) {
  LayoutOptions options = layouts_.options();
  options.hits = tui::fold_words(words);
  set_options(std::move(options));
  focus_.reset();
  return search_again(direction);
}

bool ScrollView::search_again(Direction direction) {
  const std::vector<std::string>& words = options().hits;
  if (words.empty()) return false;
  return jump(direction, [&](const Entry& entry) {
    return !entry.is_redacted() && tui::contains_all(entry.name + ' ' + entry.text, words);
  });
}

void ScrollView::end_search() {
  LayoutOptions options = layouts_.options();
  options.hits.clear();
  set_options(std::move(options));
}

const Entry* ScrollView::selected() const {
  const auto index = selected_ ? buffer_.index_of(*selected_) : std::nullopt;
  return index ? &buffer_.at(*index) : nullptr;
}

bool ScrollView::select(Direction direction) {
  refresh();
  if (is_empty()) return false;
  const auto current = selected_ ? buffer_.index_of(*selected_) : std::nullopt;
  if (!current && direction == Direction::newer) return false;
  std::size_t index = current ? *current : bottom().block.end;
  for (;;) {
    if (direction == Direction::older && index == 0) return false;
    direction == Direction::older ? --index : ++index;
    if (index == buffer_.size()) {
      deselect();
      to_bottom();
      return false;
    }
    if (buffer_.at(index).is_message()) break;
  }
  selected_ = buffer_.at(index).key;
  keep_in_sight(index);
  return true;
}

/// Moves the view by as little as shows the whole line, or its beginning.
void ScrollView::keep_in_sight(std::size_t index) {
  const Block block = layouts_.block_at(index);
  const Position start{block, 0};
  if (start.is_before(top())) return set_top(start);
  Position lowest = end_of(block);
  move_up(lowest, size_.rows);
  if (top().is_before(lowest)) set_top(lowest.is_before(start) ? lowest : start);
}

}  // namespace confab::screen

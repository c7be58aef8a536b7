// SPDX-License-Identifier: MIT
// A window onto a room's lines. It follows the end, or stays with what one reads while others write.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "screen/block_layouts.h"
#include "screen/room_buffer.h"
#include "term/grid.h"

namespace confab::screen {

enum class Direction : std::uint8_t { older, newer };

/// Not thread-safe. To draw and to move costs the rows of a screen, however many lines there are; to search, the lines
/// that are passed. Functions that answer bool stay where they are and answer false where there is nothing to go to.
///
/// Invariants: 1. a view that shows the buffer's end follows it; 2. one that does not keeps its uppermost line in its
/// row, whatever is added behind it, before it or in between.
class ScrollView {
 public:
  /// `buffer` must outlive it.
  explicit ScrollView(const RoomBuffer& buffer, LayoutOptions options = {});

  const LayoutOptions& options() const { return layouts_.options(); }
  void set_options(LayoutOptions options) { layouts_.set_options(std::move(options)); }
  /// As draw() does; for a view that is moved before it is drawn.
  void resize(term::Size size);
  /// Nothing is drawn beyond the area.
  void draw(term::Grid& grid, const term::Rect& area);

  void line_up(std::size_t rows = 1);
  void line_down(std::size_t rows = 1);
  /// One row stays in sight.
  void page_up();
  void page_down();
  void to_top();
  void to_bottom();

  bool to_seq(std::uint64_t seq);
  /// What was said from then on.
  bool to_time(std::int64_t unix_ms);
  /// The marker, or else the first unread line.
  bool to_unread();
  /// The next one from the last such jump on, or from what is in sight.
  bool to_mention(Direction direction);

  /// Words, whatever their case, all of them in one line or its name. They stand out until end_search().
  bool search(std::string_view words, Direction direction);
  bool search_again(Direction direction);
  void end_search();

  /// The line that a reply, an edit, a copy … is about: a message. The first one is the lowest in sight. Behind the
  /// newest one nothing is selected any more.
  bool select(Direction direction);
  void deselect() { selected_.reset(); }
  /// nullptr: nothing is selected, or it is gone.
  const Entry* selected() const;

  bool follows_end() const { return !anchor_; }
  /// Lines below what is in sight.
  std::size_t lines_below();
  /// The view comes within two screens of events that are not loaded: the page before this seq is wanted.
  std::optional<std::uint64_t> wants_older();

 private:
  /// A row of a block.
  struct Position {
    Block block;
    std::size_t row = 0;
    bool is_before(const Position& other) const {
      return std::pair(block.first, row) < std::pair(other.block.first, other.row);
    }
  };
  /// The uppermost row: so many below the first row of a line itself (without its lead); above it, if negative.
  struct Anchor {
    EntryKey key = 0;
    std::uint64_t seq = 0;
    std::ptrdiff_t row = 0;
  };

  bool is_empty() const { return buffer_.size() == 0 || size_.rows == 0; }
  const BlockRows& rows_of(Block block) { return layouts_.get(block); }
  void refresh() { layouts_.refresh(size_.columns); }

  Position top();
  Position top_at_end();
  Position bottom();
  Position end_of(Block block) { return {block, rows_of(block).rows.size()}; }
  std::optional<std::size_t> anchor_index() const;
  void move_up(Position& position, std::size_t rows);
  void move_down(Position& position, std::size_t rows);
  void set_top(Position position);

  void show(std::size_t index);
  void keep_in_sight(std::size_t index);
  std::size_t start_of_jump(Direction direction);
  template <typename Predicate>
  bool jump(Direction direction, Predicate wanted);

  void draw_rows(term::Grid& grid, const term::Rect& area, Position from, std::size_t row);

  const RoomBuffer& buffer_;
  BlockLayouts layouts_;
  term::Size size_ = {80, 24};
  std::optional<Anchor> anchor_;   // nullopt: the end is followed
  std::optional<EntryKey> focus_;  // where the last jump led
  std::optional<EntryKey> selected_;
};

}  // namespace confab::screen

// SPDX-License-Identifier: MIT
#include "screen/scroll_view.h"

#include <gtest/gtest.h>

#include "room_script.h"
#include "view_picture.h"

namespace confab::screen {
namespace {

/// A room of so many lines in a view of 30 columns, too narrow for times.
struct Room {
  explicit Room(std::uint64_t count, std::size_t rows = 4) {
    view.resize({30, rows});
    add_all(buffer, lines(1, count));
  }
  std::string shown(std::size_t rows = 4) { return picture(view, 30, rows); }

  RoomBuffer buffer{{.mentions_me = [](const Message& said) { return said.text.contains("me"); }}};
  ScrollView view{buffer};
};

TEST(ScrollView, StandsAtItsFoot) {
  Room room(0);
  EXPECT_EQ(room.shown(), "\n\n\n\n");
  room.buffer.add(message(1, "ada", "hi"));
  EXPECT_EQ(room.shown(), "\n\n── Sunday, 22 November 2026 ──\nada: hi\n");
}

TEST(ScrollView, FollowsTheEnd) {
  Room room(10);
  EXPECT_EQ(room.shown(), "ada: line 7\nada: line 8\nada: line 9\nada: line 10\n");
  room.buffer.add(message(11, "bob", "more"));
  EXPECT_EQ(room.shown(), "ada: line 8\nada: line 9\nada: line 10\nbob: more\n");
  EXPECT_TRUE(room.view.follows_end());
  EXPECT_EQ(room.view.lines_below(), 0u);
}

TEST(ScrollView, NewLinesDoNotMoveWhatOneReads) {
  Room room(10);
  room.view.page_up();
  EXPECT_EQ(room.shown(), "ada: line 4\nada: line 5\nada: line 6\nada: line 7\n");
  EXPECT_EQ(room.view.lines_below(), 3u);
  add_all(room.buffer, lines(11, 20));
  EXPECT_EQ(room.shown(), "ada: line 4\nada: line 5\nada: line 6\nada: line 7\n");
  EXPECT_EQ(room.view.lines_below(), 13u);
  EXPECT_FALSE(room.view.follows_end());
  room.view.to_bottom();
  EXPECT_EQ(room.shown(), "ada: line 17\nada: line 18\nada: line 19\nada: line 20\n");
}

TEST(ScrollView, MovesByRowsAndPages) {
  Room room(10);
  room.view.line_up();
  EXPECT_EQ(room.shown(), "ada: line 6\nada: line 7\nada: line 8\nada: line 9\n");
  room.view.line_up(2);
  room.view.line_down();
  EXPECT_EQ(room.shown(), "ada: line 5\nada: line 6\nada: line 7\nada: line 8\n");
  for (int i = 0; i < 5; ++i) room.view.page_up();
  EXPECT_EQ(room.shown(), "── Sunday, 22 November 2026 ──\nada: line 1\nada: line 2\nada: line 3\n");
  room.view.page_down();
  EXPECT_EQ(room.shown(), "ada: line 3\nada: line 4\nada: line 5\nada: line 6\n");
  for (int i = 0; i < 5; ++i) room.view.page_down();
  EXPECT_TRUE(room.view.follows_end());
  room.view.to_top();
  EXPECT_EQ(room.shown(), "── Sunday, 22 November 2026 ──\nada: line 1\nada: line 2\nada: line 3\n");
}

TEST(ScrollView, OlderPagesComeWithoutAJump) {
  Room room(0);
  add_all(room.buffer, lines(21, 40));
  room.view.to_top();
  room.view.line_down(1);
  const std::string before = room.shown();
  EXPECT_EQ(before, "ada: line 21\nada: line 22\nada: line 23\nada: line 24\n");
  const auto page = lines(1, 20);
  room.buffer.add_older(page);
  EXPECT_EQ(room.shown(), before);
  room.view.line_up();
  EXPECT_EQ(room.shown(), "ada: line 20\nada: line 21\nada: line 22\nada: line 23\n");
}

TEST(ScrollView, AGapIsFilledAboveWhatOneReads) {
  Room room(3);
  add_all(room.buffer, {skipped(4, 40)});
  add_all(room.buffer, lines(41, 60));
  room.view.to_seq(43);
  room.view.line_up(3);
  EXPECT_EQ(room.shown(), "events 4 to 40 are not loaded\n  yet\nada: line 41\nada: line 42\n");
  EXPECT_EQ(room.view.wants_older(), 41u);
  const auto page = lines(31, 40);
  room.buffer.add_older(page);
  EXPECT_EQ(room.shown(), "ada: line 39\nada: line 40\nada: line 41\nada: line 42\n");
}

TEST(ScrollView, WantsOlderEventsInTime) {
  Room room(0);
  add_all(room.buffer, lines(101, 130));
  EXPECT_EQ(room.view.wants_older(), std::nullopt);
  for (int i = 0; i < 4; ++i) room.view.page_up();
  EXPECT_EQ(room.view.wants_older(), std::nullopt);
  for (int i = 0; i < 3; ++i) room.view.page_up();
  EXPECT_EQ(room.view.wants_older(), 101u);
  const auto page = lines(1, 100);
  room.buffer.add_older(page);
  EXPECT_EQ(room.view.wants_older(), std::nullopt);
  room.view.to_top();
  EXPECT_EQ(room.view.wants_older(), std::nullopt);
}

TEST(ScrollView, LongLinesAreScrolledRowByRow) {
  Room room(1);
  room.buffer.add(message(2, "ada", "a\nb\nc\nd\ne\nf\ng"));
  EXPECT_EQ(room.shown(), "  d\n  e\n  f\n  g\n");
  room.view.line_up(3);
  EXPECT_EQ(room.shown(), "ada: a\n  b\n  c\n  d\n");
  room.view.line_down();
  EXPECT_EQ(room.shown(), "  b\n  c\n  d\n  e\n");
  room.buffer.add(edited(3, "ada", "id2", "short"));
  EXPECT_EQ(room.shown(), "\n── Sunday, 22 November 2026 ──\nada: line 1\nada: short (edited)\n");
  EXPECT_TRUE(room.view.follows_end());
}

TEST(ScrollView, ResizingKeepsTheUppermostLine) {
  Room room(0);
  for (std::uint64_t seq = 1; seq <= 20; ++seq) {
    room.buffer.add(message(seq, "ada", "line " + std::to_string(seq) + " of quite some words"));
  }
  room.view.to_seq(5);
  room.view.line_down();
  EXPECT_EQ(picture(room.view, 20, 4), "ada: line 5 of quite\n  some words\nada: line 6 of quite\n  some words\n");
  EXPECT_EQ(picture(room.view, 30, 2), "ada: line 5 of quite some\n  words\n");
  EXPECT_EQ(picture(room.view, 60, 3),
            "[12:05] ada | line 5 of quite some words\n[12:06] ada | line 6 of quite some words\n"
            "[12:07] ada | line 7 of quite some words\n");
  EXPECT_EQ(picture(room.view, 60, 1), "[12:05] ada | line 5 of quite some words\n");
  EXPECT_EQ(picture(room.view, 20, 5).substr(0, 20), "ada: line 5 of quite");
}

TEST(ScrollView, GoesToEventsAndTimes) {
  Room room(50);
  EXPECT_TRUE(room.view.to_seq(20));
  EXPECT_EQ(room.shown(), "ada: line 19\nada: line 20\nada: line 21\nada: line 22\n");
  EXPECT_TRUE(room.view.to_time(time_of(30)));
  EXPECT_EQ(room.shown(), "ada: line 29\nada: line 30\nada: line 31\nada: line 32\n");
  EXPECT_FALSE(room.view.to_seq(51));
  EXPECT_FALSE(room.view.to_time(time_of(51)));
  EXPECT_EQ(room.shown(), "ada: line 29\nada: line 30\nada: line 31\nada: line 32\n");
}

TEST(ScrollView, GoesToTheFirstUnreadLine) {
  Room room(10);
  room.buffer.mark_read(10);
  room.buffer.place_marker();
  EXPECT_FALSE(room.view.to_unread());
  add_all(room.buffer, lines(11, 30));
  EXPECT_TRUE(room.view.to_unread());
  EXPECT_EQ(room.shown(), "ada: line 10\n── new ──\nada: line 11\nada: line 12\n");
}

TEST(ScrollView, GoesFromMentionToMention) {
  Room room(10);
  room.buffer.add(message(11, "bob", "me?"));
  add_all(room.buffer, lines(12, 20));
  room.buffer.add(message(21, "bob", "me!"));
  add_all(room.buffer, lines(22, 40));
  EXPECT_FALSE(room.view.to_mention(Direction::newer));
  EXPECT_TRUE(room.view.to_mention(Direction::older));
  EXPECT_EQ(room.shown(), "ada: line 20\nbob: me!\nada: line 22\nada: line 23\n");
  EXPECT_TRUE(room.view.to_mention(Direction::older));
  EXPECT_EQ(room.shown(), "ada: line 10\nbob: me?\nada: line 12\nada: line 13\n");
  EXPECT_FALSE(room.view.to_mention(Direction::older));
  EXPECT_TRUE(room.view.to_mention(Direction::newer));
  EXPECT_EQ(room.shown(), "ada: line 20\nbob: me!\nada: line 22\nada: line 23\n");
  EXPECT_FALSE(room.view.to_mention(Direction::newer));
}

TEST(ScrollView, SearchGoesFromHitToHit) {
  Room room(100);
  EXPECT_TRUE(room.view.search("LINE 2", Direction::older));
  EXPECT_EQ(room.shown(), "ada: line 91\nada: line 92\nada: line 93\nada: line 94\n");
  EXPECT_TRUE(room.view.search_again(Direction::older));
  EXPECT_EQ(room.shown(), "ada: line 81\nada: line 82\nada: line 83\nada: line 84\n");
  EXPECT_TRUE(room.view.search_again(Direction::newer));
  EXPECT_FALSE(room.view.search_again(Direction::newer));
  EXPECT_FALSE(room.view.search("nowhere", Direction::older));
  EXPECT_FALSE(room.view.search(" ", Direction::older)) << "nothing is sought";
  EXPECT_TRUE(room.view.search("ada line 33", Direction::older));
  term::Grid grid({30, 4});
  room.view.draw(grid, grid.whole());
  EXPECT_TRUE(grid.at(1, 10).style.reverse);
  room.view.end_search();
  room.view.draw(grid, grid.whole());
  EXPECT_FALSE(grid.at(1, 10).style.reverse);
  EXPECT_FALSE(room.view.search_again(Direction::older));
}

TEST(ScrollView, ALineIsSelectedAndStaysInSight) {
  Room room(10);
  room.buffer.add(joined(11, "bob"));
  EXPECT_FALSE(room.view.select(Direction::newer));
  EXPECT_TRUE(room.view.select(Direction::older));
  ASSERT_NE(room.view.selected(), nullptr);
  EXPECT_EQ(room.view.selected()->text, "line 10");
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(room.view.select(Direction::older));
  EXPECT_EQ(room.view.selected()->text, "line 6");
  EXPECT_EQ(room.shown(), "ada: line 6\nada: line 7\nada: line 8\nada: line 9\n");
  term::Grid grid({30, 4});
  room.view.draw(grid, grid.whole());
  EXPECT_TRUE(grid.at(0, 29).style.reverse);
  EXPECT_FALSE(grid.at(1, 29).style.reverse);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(room.view.select(Direction::newer));
  EXPECT_EQ(room.shown(), "ada: line 7\nada: line 8\nada: line 9\nada: line 10\n");
  EXPECT_FALSE(room.view.select(Direction::newer));
  EXPECT_EQ(room.view.selected(), nullptr);
  EXPECT_TRUE(room.view.follows_end());
}

TEST(ScrollView, TheSelectionStaysWithItsLine) {
  Room room(0);
  room.buffer.add_own("id1", text("hello"), "ada", noon_ms);
  EXPECT_TRUE(room.view.select(Direction::older));
  room.buffer.add(message(1, "ada", "hello"));
  ASSERT_NE(room.view.selected(), nullptr);
  EXPECT_EQ(room.view.selected()->seq, 1u);
  Room other(0);
  other.buffer.add_own("a", text("x"), "ada", noon_ms);
  other.buffer.add_own("b", text("y"), "ada", noon_ms);
  EXPECT_TRUE(other.view.select(Direction::older));
  EXPECT_TRUE(other.buffer.discard("b"));
  EXPECT_EQ(other.view.selected(), nullptr);
}

TEST(ScrollView, ALineTallerThanTheScreenIsSelectedFromItsStart) {
  Room room(3);
  room.buffer.add(message(4, "ada", "a\nb\nc\nd\ne\nf"));
  add_all(room.buffer, lines(5, 8));
  for (int i = 0; i < 5; ++i) room.view.select(Direction::older);
  EXPECT_EQ(room.shown(), "ada: a\n  b\n  c\n  d\n");
}

TEST(ScrollView, DrawsInItsAreaAlone) {
  Room room(10);
  term::Grid grid({40, 6});
  grid.fill(grid.whole(), "#", {});
  room.view.draw(grid, {1, 2, 3, 12});
  EXPECT_EQ(grid.picture(), R"(########################################
##ada: line 8 ##########################
##ada: line 9 ##########################
##ada: line 10##########################
########################################
########################################
)");
}

TEST(ScrollView, ANewDayBeginsOnceThoughOnesOwnLineIsStillOnItsWay) {
  Room room(1);
  room.buffer.add_own("mine", text("hi"), "me", noon_ms + day_ms);
  EXPECT_EQ(room.shown(), "── Sunday, 22 November 2026 ──\nada: line 1\n── Monday, 23 November 2026 ──\nme: hi …\n");
  Message other = message(2, "bob", "morning");
  other.time_ms = noon_ms + day_ms;
  room.buffer.add(other);
  EXPECT_EQ(room.shown(), "ada: line 1\n── Monday, 23 November 2026 ──\nbob: morning\nme: hi …\n");
}

TEST(ScrollView, WhoseLinesAreDroppedSeesTheOldestThatAreLeft) {
  RoomBuffer buffer({.entries_max = 32});
  ScrollView view(buffer);
  view.resize({30, 3});
  add_all(buffer, lines(1, 20));
  view.to_top();
  add_all(buffer, lines(21, 40));
  const std::string oldest = "ada: line " + std::to_string(buffer.oldest_seq()) + "\n";
  EXPECT_GT(buffer.oldest_seq(), 1u);
  EXPECT_TRUE(picture(view, 30, 3).contains(oldest)) << picture(view, 30, 3);
  EXPECT_EQ(view.wants_older(), buffer.oldest_seq());
  buffer.clear();
  EXPECT_EQ(picture(view, 30, 3), "\n\n\n");
  EXPECT_EQ(view.wants_older(), 41u);
  buffer.add(message(41, "bob", "hi"));
  EXPECT_EQ(picture(view, 30, 3), "\n── Sunday, 22 November 2026 ──\nbob: hi\n");
}

TEST(ScrollView, TwentyByFive) {
  Room room(2, 5);
  room.buffer.add(reply(3, "日本語", "中文字符 are wide, 👩‍👩‍👧 too", "id1"));
  room.buffer.add(reacted(4, "bob", "id3", "🎉"));
  room.buffer.add_own("mine", text("on my way"), "me", noon_ms);
  EXPECT_EQ(
      picture(room.view, 20, 5),
      "  ┌ ada: line 1\n日本語: 中文字符 are\n  wide, 👩‍👩‍👧 too\n  🎉 1\nme: on my way …\n");
}

TEST(ScrollView, TheSmallestScreens) {
  Room room(10);
  EXPECT_EQ(picture(room.view, 30, 1), "ada: line 10\n");
  room.view.page_up();
  EXPECT_EQ(picture(room.view, 30, 1), "ada: line 9\n");
  EXPECT_EQ(picture(room.view, 1, 1), "a\n");
  EXPECT_EQ(picture(room.view, 20, 0), "");
  EXPECT_EQ(picture(room.view, 0, 5), "\n\n\n\n\n");
  room.view.page_up();
  room.view.select(Direction::older);
  EXPECT_EQ(room.view.wants_older(), std::nullopt);
}

}  // namespace
}  // namespace confab::screen

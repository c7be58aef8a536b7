// SPDX-License-Identifier: MIT
#include "screen/entry_layout.h"

#include <gtest/gtest.h>

#include "room_script.h"

namespace confab::screen {
namespace {

/// All of the buffer at a width.
std::string laid_out(const RoomBuffer& buffer, std::size_t columns, const LayoutOptions& options = {}) {
  term::Grid grid({columns, 40});
  std::size_t row = 0;
  for (std::size_t i = 0; i < buffer.size();) {
    const Block block = block_at(buffer, options.time, i);
    for (const TextRow& text : lay_out_block(buffer, block, columns, options).rows) {
      draw_row(grid, grid.whole(), row++, text, {});
    }
    i = block.end;
  }
  const std::string picture = grid.picture();
  return "\n" + picture.substr(0, picture.find_last_not_of('\n') + 2);
}

std::string laid_out(const std::vector<Event>& events, std::size_t columns) {
  RoomBuffer buffer;
  add_all(buffer, events);
  return laid_out(buffer, columns);
}

TEST(EntryLayout, TimesNamesAndTexts) {
  Message plain = message(4, "toy", "anybody could say that");
  plain.verified = false;
  EXPECT_EQ(
      laid_out({message(1, "ada", "hello"), message(2, "Benedict", "hi"), message(3, "ada", "waves", Kind::action),
                plain, message(5, "bot", "build 7 is done", Kind::notice)},
               60),
      R"(
── Sunday, 22 November 2026 ──
[12:01]      ada | hello
[12:02] Benedict | hi
[12:03]        * | ada waves
[12:04]     ~toy | anybody could say that
[12:05]    -bot- | build 7 is done
)");
}

TEST(EntryLayout, TextIsWrappedAndHangs) {
  EXPECT_EQ(laid_out({message(1, "ada", "one two three four five six seven eight nine"),
                      message(2, "ada", "void f() {\n  return;\n}")},
                     40),
            R"(
── Sunday, 22 November 2026 ──
[12:01] ada | one two three four five
            | six seven eight nine
[12:02] ada | void f() {
            |   return;
            | }
)");
}

TEST(EntryLayout, TimesAsTheyAreWanted) {
  RoomBuffer buffer;
  add_all(buffer, {message(1, "ada", "one two three four five six seven")});
  LayoutOptions options;
  options.timestamps = Timestamps::seconds;
  EXPECT_EQ(laid_out(buffer, 40, options), R"(
── Sunday, 22 November 2026 ──
[12:01:00] ada | one two three four five
               | six seven
)");
  options.timestamps = Timestamps::none;
  EXPECT_EQ(laid_out(buffer, 40, options), R"(
── Sunday, 22 November 2026 ──
ada | one two three four five six seven
)");
}

TEST(EntryLayout, NarrowScreensHaveNoColumns) {
  EXPECT_EQ(laid_out({message(1, "ada", "one two three four five six"), message(2, "bob", "waves", Kind::action),
                      joined(3, "zoe"), message(4, "bot", "done", Kind::notice), reply(5, "ada", "no", "id1")},
                     20),
            R"(
── Sunday, 22 Novem…
ada: one two three
  four five six
* bob waves
→ zoe joined
-bot- done
  ┌ ada: one two th…
ada: no
)");
}

TEST(EntryLayout, LongNamesAreCut) {
  LayoutOptions options;
  options.name_cells_max = 6;
  RoomBuffer buffer;
  add_all(buffer, {message(1, "Bartholomew", "hi"), message(2, "日本語の名前", "hi"), message(3, "ada", "hi")});
  EXPECT_EQ(laid_out(buffer, 60, options), R"(
── Sunday, 22 November 2026 ──
[12:01] Barth… | hi
[12:02]  日本… | hi
[12:03]    ada | hi
)");
}

TEST(EntryLayout, RepliesQuoteWhatTheyAnswer) {
  EXPECT_EQ(laid_out({message(1, "ada", "lunch at noon, or rather half past twelve, by the river?"),
                      reply(2, "bob", "yes", "id1"), message(3, "ada", "two\nlines"), reply(4, "bob", "no", "id3"),
                      reply(5, "bob", "what?", "other")},
                     50),
            R"(
── Sunday, 22 November 2026 ──
[12:01] ada | lunch at noon, or rather half past
            | twelve, by the river?
            | ┌ ada: lunch at noon, or rather hal…
[12:02] bob | yes
[12:03] ada | two
            | lines
            | ┌ ada: two…
[12:04] bob | no
            | ┌ an earlier message
[12:05] bob | what?
)");
}

TEST(EntryLayout, ChangesAreToldAsSuch) {
  EXPECT_EQ(
      laid_out({message(1, "ada", "teh"), message(2, "ada", "secret"), message(3, "ada", "oops"),
                edited(4, "ada", "id1", "the"), redacted(5, "ada", "id2", "wrong room"), redacted(6, "ada", "id3", ""),
                reacted(7, "bob", "id1", "👍"), reacted(8, "zoe", "id1", "👍"), reacted(9, "zoe", "id1", "🎉")},
               60),
      R"(
── Sunday, 22 November 2026 ──
[12:01] ada | the (edited)
            | 👍 2 🎉 1
[12:02] ada | message taken back (wrong room)
[12:03] ada | message taken back
)");
}

TEST(EntryLayout, OnesOwnLinesTellTheTruth) {
  RoomBuffer buffer;
  for (const char* id : {"a", "b", "c", "d"}) buffer.add_own(id, text(id), "ada", noon_ms);
  buffer.on_status(status("b", Status::State::queued));
  buffer.on_status(status("c", Status::State::queued, 0, "the disk is full"));
  buffer.on_status(status("d", Status::State::refused, 0, "muted"));
  EXPECT_EQ(laid_out(buffer, 60), R"(
── Sunday, 22 November 2026 ──
[12:00] ada | a …
[12:00] ada | b (queued)
[12:00] ada | c (queued: the disk is full)
[12:00] ada | d ✗ muted - /retry or /discard
)");
}

TEST(EntryLayout, WhatHappensIsQuiet) {
  EXPECT_EQ(laid_out({gone(1, 4), TopicChanged{"lobby", 5, time_of(5), "ada", "tea", true, 0},
                      TopicChanged{"lobby", 6, time_of(6), "ada", "", true, 0},
                      Unknown{"lobby", 7, time_of(7), "ada", 0}, message(8, "bob", "x"), skipped(9, 12),
                      left(13, "bob", Left::Reason::lost), joined(14, "bob"), left(15, "bob", Left::Reason::quit)},
                     60),
            R"(
            | events 1 to 4 are no longer kept
── Sunday, 22 November 2026 ──
[12:05]  -- | ada set the topic: tea
[12:06]  -- | ada took the topic away
[12:07]     | something of ada that this version cannot show
[12:08] bob | x
            | events 9 to 12 are not loaded yet
[12:13]     | ← bob was lost
[12:14]     | → bob joined
[12:15]     | ← bob quit
)");
}

TEST(EntryLayout, ComingAndGoingIsCondensed) {
  std::vector<Event> events{message(1, "ada", "hi"), joined(2, "bob"), joined(3, "eve"), left(4, "zoe"),
                            left(5, "bob"),          joined(6, "bob"), left(7, "ada"),   joined(8, "bob")};
  for (std::uint64_t seq = 9; seq < 16; ++seq) events.push_back(joined(seq, "n" + std::to_string(seq)));
  EXPECT_EQ(laid_out(events, 60), R"(
── Sunday, 22 November 2026 ──
[12:01] ada | hi
            | → bob, eve joined; ← zoe, bob left (5 in all)
[12:07]     | ← ada left
            | → bob, n9, n10, n11, n12 joined (8 in all)
)");
}

TEST(EntryLayout, RunsAreBoundedByNumbers) {
  RoomBuffer buffer;
  for (std::uint64_t seq = 250; seq < 1000; ++seq) {
    Joined event = joined(seq, "bot");
    event.time_ms = noon_ms;
    buffer.add(event);
  }
  const LocalTime utc;
  EXPECT_EQ(block_at(buffer, utc, 0), (Block{0, 6}));
  EXPECT_EQ(block_at(buffer, utc, 5), (Block{0, 6}));
  EXPECT_EQ(block_at(buffer, utc, 6), (Block{6, 262}));
  EXPECT_EQ(block_at(buffer, utc, 261), (Block{6, 262}));
}

TEST(EntryLayout, DaysAndTheMarkerStandAbove) {
  RoomBuffer buffer;
  Message later = message(2, "ada", "tuesday");
  later.time_ms += 2 * day_ms;
  Message last = message(4, "bob", "new");
  last.time_ms = later.time_ms;
  add_all(buffer, {message(1, "ada", "sunday"), later, skipped(3, 3)});
  buffer.mark_read(3);
  buffer.place_marker();
  buffer.add(last);
  EXPECT_EQ(laid_out(buffer, 60), R"(
── Sunday, 22 November 2026 ──
[12:01] ada | sunday
── Tuesday, 24 November 2026 ──
[12:02] ada | tuesday
            | events 3 to 3 are not loaded yet
── new ──
[12:02] bob | new
)");
}

TEST(EntryLayout, LinksLeadSomewhereAndWordsStandOut) {
  RoomBuffer buffer({.mentions_me = [](const Message&) { return true; }});
  buffer.add(message(1, "bob", "Ada: https://a.org/x, adamant tea"));
  LayoutOptions options;
  options.highlights = {"ada"};
  options.hits = {"tea"};
  const BlockRows rows = lay_out_block(buffer, {0, 1}, 80, options);
  ASSERT_EQ(rows.rows.size(), 2u);
  std::string spans;
  for (const Span& span : rows.rows[1].spans) {
    const Theme& theme = options.theme;
    const char* kind = !span.address.empty()                         ? "link"
                       : span.style == theme.style(Role::mention)    ? "mention"
                       : span.style == theme.style(Role::highlight)  ? "highlight"
                       : span.style == theme.style(Role::search_hit) ? "hit"
                                                                     : "";
    if (*kind) spans += std::string(kind) + " " + span.text + "\n";
  }
  EXPECT_EQ(spans, "mention bob\nhighlight Ada\nlink https://a.org/x\nhit tea\n");
}

TEST(EntryLayout, ALinkOverTwoRowsIsOneAddress) {
  RoomBuffer buffer;
  buffer.add(message(1, "ada", "https://example.org/a/very/long/way/to/go/on/a/narrow/screen"));
  term::Grid grid({40, 4});
  const BlockRows rows = lay_out_block(buffer, {0, 1}, 40, {});
  for (std::size_t i = 0; i < rows.rows.size(); ++i) draw_row(grid, grid.whole(), i, rows.rows[i], {});
  EXPECT_EQ(grid.link(grid.at(1, 20).link), "https://example.org/a/very/long/way/to/go/on/a/narrow/screen");
  EXPECT_EQ(grid.link(grid.at(2, 20).link), "https://example.org/a/very/long/way/to/go/on/a/narrow/screen");
  EXPECT_EQ(grid.link(grid.at(2, 5).link), "");
}

TEST(EntryLayout, FloodsOfMarksStayInTheirCell) {
  std::string flood = "a";
  for (int i = 0; i < 8000; ++i) flood += "\u0301";
  for (int i = 0; i < 50; ++i) flood += "\u200B";
  RoomBuffer buffer;
  buffer.add(message(1, "ada", flood + "b"));
  for (const TextRow& row : lay_out_block(buffer, {0, 1}, 60, {}).rows) {
    for (const Span& span : row.spans) EXPECT_LE(span.text.size(), 2 * StyledText::cell_bytes_max);
  }
}

}  // namespace
}  // namespace confab::screen

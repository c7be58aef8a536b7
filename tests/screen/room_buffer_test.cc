// SPDX-License-Identifier: MIT
#include "screen/room_buffer.h"

#include <gtest/gtest.h>

#include "room_script.h"

namespace confab::screen {
namespace {

using State = Status::State;

TEST(RoomBuffer, KeepsTheLogsOrder) {
  RoomBuffer buffer;
  EXPECT_EQ(buffer.size(), 0u);
  add_all(buffer,
          {joined(7, "ada"), message(8, "ada", "hello"), left(9, "ada"), gone(10, 12), message(13, "bob", "?")});
  EXPECT_EQ(listing(buffer), "7 ada\n8 ada hello\n9 ada\n10-12\n13 bob ?\n");
  EXPECT_EQ(buffer.oldest_seq(), 7u);
  EXPECT_EQ(buffer.newest_seq(), 13u);
  EXPECT_TRUE(buffer.has_more_before());
}

TEST(RoomBuffer, KnowsWhatItHas) {
  RoomBuffer buffer;
  add_all(buffer, {message(1, "ada", "one"), message(2, "ada", "two"), message(1, "ada", "one"), message(2, "x", "y")});
  EXPECT_EQ(listing(buffer), "1 ada one\n2 ada two\n");
  EXPECT_FALSE(buffer.has_more_before());
  EXPECT_EQ(buffer.find_id("id2"), 1u);
  EXPECT_EQ(buffer.find_id("id3"), std::nullopt);
  EXPECT_EQ(buffer.index_of(buffer.at(1).key), 1u);
  EXPECT_EQ(buffer.index_from(2), 1u);
  EXPECT_EQ(buffer.index_from(3), 2u);
  EXPECT_EQ(buffer.index_from_time(time_of(2)), 1u);
}

TEST(RoomBuffer, IgnoresWhatIsNoLog) {
  RoomBuffer buffer;
  add_all(buffer, {Typing{"lobby", "ada", true}, Opened{1, "lobby", 1, 1}, gone(5, 4), gone(0, 3),
                   message(~std::uint64_t{0}, "ada", "x")});
  EXPECT_EQ(listing(buffer), "");
}

TEST(RoomBuffer, LinesOfThePlainProtocolComeInTheirOrder) {
  RoomBuffer buffer;
  for (const char* said : {"one", "two"}) {
    Message line = message(0, "toy", said);
    line.id.clear();
    buffer.add(line);
  }
  buffer.add_own("mine", text("three"), "ada", noon_ms);
  EXPECT_EQ(listing(buffer), "0 toy one\n0 toy two\n0 ada three (pending)\n");
  buffer.on_status(status("mine", State::stored));
  Message line = message(0, "toy", "four");
  line.id.clear();
  buffer.add(line);
  EXPECT_EQ(listing(buffer), "0 toy one\n0 toy two\n0 ada three\n0 toy four\n");
  EXPECT_EQ(buffer.unread(), 3u);
  buffer.mark_read(buffer.newest_seq());
  EXPECT_EQ(buffer.unread(), 0u);
}

TEST(RoomBuffer, OnesOwnLineIsOneLineWhateverBecomesOfIt) {
  RoomBuffer buffer;
  buffer.add(message(1, "bob", "hi"));
  buffer.add_own("id3", text("hello"), "ada", noon_ms);
  const EntryKey key = buffer.at(1).key;
  buffer.on_status(status("id3", State::queued));
  EXPECT_EQ(listing(buffer), "1 bob hi\n0 ada hello (queued)\n");
  buffer.add(message(2, "bob", "there?"));
  EXPECT_EQ(listing(buffer), "1 bob hi\n2 bob there?\n0 ada hello (queued)\n");
  buffer.on_status(status("id3", State::stored, 3));
  EXPECT_EQ(listing(buffer), "1 bob hi\n2 bob there?\n3 ada hello\n");
  add_all(buffer, {message(3, "ada", "hello"), message(4, "bob", "ah")});
  EXPECT_EQ(listing(buffer), "1 bob hi\n2 bob there?\n3 ada hello\n4 bob ah\n");
  EXPECT_EQ(buffer.index_of(key), 2u);
  EXPECT_TRUE(buffer.at(2).own);
  buffer.add_own("id3", text("hello"), "ada", noon_ms);
  EXPECT_EQ(buffer.size(), 4u);
}

TEST(RoomBuffer, ItsEventMayComeBeforeTheAnswer) {
  RoomBuffer buffer;
  buffer.add_own("id1", text("hello"), "ada", noon_ms);
  buffer.add(message(1, "ada", "hello"));
  buffer.on_status(status("id1", State::stored, 1));
  EXPECT_EQ(listing(buffer), "1 ada hello\n");
}

TEST(RoomBuffer, ARefusedLineIsRetriedOrDeleted) {
  RoomBuffer buffer;
  buffer.add_own("a", text("one"), "ada", noon_ms);
  buffer.add_own("b", text("two"), "ada", noon_ms);
  buffer.on_status(status("a", State::refused, 0, "muted"));
  buffer.on_status(status("b", State::refused, 0, "muted"));
  EXPECT_EQ(listing(buffer), "0 ada one (refused: muted)\n0 ada two (refused: muted)\n");
  buffer.add_own("a", text("one"), "ada", noon_ms);
  EXPECT_TRUE(buffer.discard("b"));
  EXPECT_EQ(listing(buffer), "0 ada one (pending)\n");
  EXPECT_FALSE(buffer.discard("b"));
  buffer.add(message(1, "bob", "hi"));
  EXPECT_FALSE(buffer.discard("id1"));
}

TEST(RoomBuffer, AStoredLineWhoseEventWasSkippedStaysWhereItIs) {
  RoomBuffer buffer;
  buffer.add(message(1, "bob", "hi"));
  buffer.add_own("id5", text("hello"), "ada", noon_ms);
  buffer.on_status(status("id5", State::stored, 5));
  add_all(buffer, {skipped(2, 8), message(9, "bob", "so")});
  EXPECT_EQ(listing(buffer), "1 bob hi\n2-8\n5 ada hello\n9 bob so\n");
  const auto page = lines(4, 8);
  buffer.add_older(page);
  EXPECT_EQ(listing(buffer),
            "1 bob hi\n2-3\n4 ada line 4\n5 ada line 5\n6 ada line 6\n7 ada line 7\n8 ada line 8\n9 bob so\n");
}

TEST(RoomBuffer, NotesStandWhereTheyWereMade) {
  RoomBuffer buffer;
  buffer.add_note("connecting", noon_ms);
  buffer.add(message(5, "ada", "one"));
  buffer.add_note("help", noon_ms);
  buffer.add(message(6, "ada", "two"));
  buffer.add_note("oh", noon_ms, Entry::What::error);
  const auto page = lines(3, 4);
  buffer.add_older(page);
  EXPECT_EQ(listing(buffer), "3 ada line 3\n4 ada line 4\n0 connecting\n5 ada one\n0 help\n6 ada two\n0 oh\n");
}

TEST(RoomBuffer, OnlyTheAuthorEditsAndRedacts) {
  RoomBuffer buffer;
  add_all(buffer, {message(1, "ada", "teh"), edited(2, "bob", "id1", "hacked"), redacted(3, "bob", "id1", "")});
  EXPECT_EQ(listing(buffer), "1 ada teh\n");
  Edited unverified = edited(4, "ada", "id1", "hacked");
  unverified.verified = false;
  buffer.add(unverified);
  EXPECT_EQ(listing(buffer), "1 ada teh\n");
  buffer.add(edited(5, "ada", "id1", "the"));
  EXPECT_EQ(listing(buffer), "1 ada the\n");
  EXPECT_EQ(buffer.at(0).edit_seq, 5u);
  buffer.add(redacted(6, "ada", "id1", "wrong room"));
  buffer.add(edited(7, "ada", "id1", "again"));
  EXPECT_EQ(listing(buffer), "1 ada wrong room (redacted)\n");
}

TEST(RoomBuffer, NobodyEditsWhatNobodyVerified) {
  RoomBuffer buffer;
  Message line = message(1, "toy", "hi");
  line.verified = false;
  Edited edit = edited(2, "toy", "id1", "ho");
  edit.verified = false;
  add_all(buffer, {line, edit, edited(3, "toy", "id1", "ho")});
  EXPECT_EQ(listing(buffer), "1 toy hi\n");
}

TEST(RoomBuffer, ReactionsAreCountedByName) {
  RoomBuffer buffer;
  add_all(buffer,
          {message(1, "ada", "lunch?"), reacted(2, "bob", "id1", "👍"), reacted(3, "zoe", "id1", "👍"),
           reacted(4, "bob", "id1", "👍"), reacted(5, "bob", "id1", "🎉"), reacted(6, "zoe", "id1", "👍", true)});
  EXPECT_EQ(listing(buffer), "1 ada lunch? 👍1 🎉1\n");
}

TEST(RoomBuffer, CountsWhatIsUnreadAndWhatCallsForMe) {
  RoomBuffer buffer({.mentions_me = [](const Message& said) { return said.text.contains("zoe"); },
                     .is_mine = [](const Message& said) { return said.name == "zoe"; }});
  add_all(buffer, {message(1, "ada", "zoe?"), joined(2, "bob"), message(3, "bob", "hm"), message(4, "zoe", "I, zoe"),
                   message(5, "bob", "zoe!")});
  EXPECT_EQ(buffer.unread(), 3u);
  EXPECT_EQ(buffer.mentions(), 2u);
  buffer.mark_read(3);
  EXPECT_EQ(buffer.unread(), 1u);
  EXPECT_EQ(buffer.mentions(), 1u);
  buffer.mark_read(2);
  EXPECT_EQ(buffer.read_seq(), 3u);
  buffer.mark_read(5);
  EXPECT_EQ(buffer.unread(), 0u);
}

TEST(RoomBuffer, TheMarkerStaysAboveTheFirstUnreadLine) {
  RoomBuffer buffer;
  add_all(buffer, lines(1, 3));
  buffer.mark_read(3);
  buffer.place_marker();
  EXPECT_EQ(buffer.marker(), 0u);
  add_all(buffer, {joined(4, "bob"), message(5, "bob", "news"), message(6, "bob", "more")});
  EXPECT_EQ(buffer.marker(), buffer.at(4).key);
  buffer.mark_read(6);
  EXPECT_EQ(buffer.marker(), buffer.at(4).key);
  buffer.place_marker();
  EXPECT_EQ(buffer.marker(), 0u);
  buffer.drop_marker();
  buffer.add(message(7, "bob", "x"));
  EXPECT_EQ(buffer.marker(), 0u);
}

TEST(RoomBuffer, ComingAndGoingIsQuietForWhoHasNotSpokenLately) {
  RoomBuffer buffer;
  add_all(buffer, {message(1, "ada", "hi"), left(30, "ada"), joined(31, "ada"), joined(32, "bob"), left(33, "ada")});
  std::string quiet;
  for (std::size_t i = 1; i < buffer.size(); ++i) quiet += buffer.at(i).quiet ? 'q' : 'l';
  EXPECT_EQ(quiet, "llqq");
}

TEST(RoomBuffer, TellsWhenLinesChangedThatWereThere) {
  RoomBuffer buffer;
  add_all(buffer, {message(1, "someone", "hi"), message(2, "bob", "ho")});
  const auto before = buffer.changes();
  buffer.add(message(3, "ada", "x"));
  EXPECT_EQ(buffer.changes(), before);
  buffer.add(edited(4, "ada", "id3", "y"));
  EXPECT_GT(buffer.changes(), before);
}

}  // namespace
}  // namespace confab::screen

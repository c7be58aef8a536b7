// SPDX-License-Identifier: MIT
// Older pages, gaps, and what memory has no room for.
#include <gtest/gtest.h>

#include "room_script.h"
#include "screen/room_buffer.h"

namespace confab::screen {
namespace {

/// The seqs of the buffer's lines: "1 2 5-9 10 ".
std::string seqs(const RoomBuffer& buffer) {
  std::string list;
  for (std::size_t i = 0; i < buffer.size(); ++i) {
    const Entry& entry = buffer.at(i);
    list += std::to_string(entry.seq) + (entry.seq_end != 0 ? "-" + std::to_string(entry.seq_end) : "") + " ";
  }
  return list;
}

void add_older(RoomBuffer& buffer, const std::vector<Event>& events) { buffer.add_older(events); }

TEST(RoomPages, GoInFrontAndKeysStay) {
  RoomBuffer buffer;
  add_all(buffer, lines(10, 12));
  const EntryKey key = buffer.at(0).key;
  add_older(buffer, lines(8, 11));
  EXPECT_EQ(seqs(buffer), "8 9 10 11 12 ");
  EXPECT_EQ(buffer.index_of(key), 2u);
  EXPECT_EQ(buffer.oldest_seq(), 8u);
  add_older(buffer, {gone(1, 5), message(6, "ada", "x"), joined(7, "bob")});
  EXPECT_EQ(seqs(buffer), "1-5 6 7 8 9 10 11 12 ");
  EXPECT_FALSE(buffer.has_more_before());
}

TEST(RoomPages, MayBeTheFirstThatIsHeard) {
  RoomBuffer buffer;
  add_older(buffer, lines(5, 6));
  add_all(buffer, lines(6, 7));
  EXPECT_EQ(seqs(buffer), "5 6 7 ");
}

TEST(RoomPages, ThatMakeNoLinesCountAsLoaded) {
  RoomBuffer buffer;
  add_all(buffer, {message(10, "ada", "ten")});
  add_older(buffer, {reacted(8, "bob", "id1", "👍"), reacted(9, "zoe", "id1", "👍")});
  EXPECT_EQ(listing(buffer), "10 ada ten\n");
  EXPECT_EQ(buffer.oldest_seq(), 8u);
  add_all(buffer, {skipped(11, 12), message(13, "ada", "thirteen")});
  add_older(buffer, {reacted(11, "bob", "id1", "👍"), reacted(12, "zoe", "id1", "👍")});
  EXPECT_EQ(listing(buffer), "10 ada ten\n13 ada thirteen\n");
}

TEST(RoomPages, FillGapsFromTheirLowerEnd) {
  RoomBuffer buffer;
  add_all(buffer, {message(1, "ada", "x"), skipped(2, 9), message(10, "ada", "y")});
  EXPECT_EQ(seqs(buffer), "1 2-9 10 ");
  add_older(buffer, lines(7, 9));
  EXPECT_EQ(seqs(buffer), "1 2-6 7 8 9 10 ");
  add_older(buffer, lines(5, 8));
  EXPECT_EQ(seqs(buffer), "1 2-4 5 6 7 8 9 10 ");
  add_older(buffer, lines(1, 4));
  EXPECT_EQ(seqs(buffer), "1 2 3 4 5 6 7 8 9 10 ");
}

TEST(RoomPages, MayReachOverAGapIntoWhatIsBefore) {
  RoomBuffer buffer;
  add_all(buffer, {message(4, "ada", "x"), skipped(5, 6), message(7, "ada", "y")});
  add_older(buffer, lines(2, 7));
  EXPECT_EQ(seqs(buffer), "2 3 4 5 6 7 ");
  EXPECT_EQ(buffer.oldest_seq(), 2u);
}

TEST(RoomPages, MayLeaveOutWhatIsNotToBeShown) {
  RoomBuffer buffer;
  add_all(buffer, {message(1, "ada", "x"), skipped(2, 9), message(10, "ada", "y")});
  add_older(buffer, lines(5, 6));
  EXPECT_EQ(seqs(buffer), "1 2-4 5 6 10 ");
}

TEST(RoomPages, OutOfOrderAreLeftOut) {
  RoomBuffer buffer;
  add_all(buffer, lines(10, 10));
  add_older(buffer, {message(5, "ada", "a"), message(7, "ada", "b"), message(6, "ada", "c"), message(7, "ada", "d")});
  EXPECT_EQ(seqs(buffer), "5 7 10 ");
}

TEST(RoomPages, BringMessagesThatWereChangedAlready) {
  RoomBuffer buffer;
  add_all(buffer,
          {message(10, "bob", "so"), edited(11, "ada", "id3", "the"), edited(12, "bob", "id3", "hacked"),
           reacted(13, "bob", "id3", "👍"), redacted(14, "ada", "id4", "oops"), reacted(15, "zoe", "id5", "👍", true)});
  add_older(buffer, {message(3, "ada", "teh"), message(4, "ada", "secret"), message(5, "ada", "?"),
                     edited(6, "ada", "id3", "t he"), reacted(7, "zoe", "id5", "👍"), message(8, "ada", "8"),
                     joined(9, "ada")});
  EXPECT_EQ(listing(buffer), "3 ada the 👍1\n4 ada oops (redacted)\n5 ada ?\n8 ada 8\n9 ada\n10 bob so\n");
}

TEST(RoomPages, ChangesWaitInBoundedNumber) {
  WaitingChanges waiting;
  for (std::uint64_t seq = 1; seq <= WaitingChanges::changes_max + 10; ++seq) {
    waiting.add(*to_change(edited(seq, "ada", id_of(seq), "x")));
  }
  EXPECT_EQ(waiting.size(), WaitingChanges::changes_max);
  EXPECT_TRUE(waiting.take(id_of(10)).empty());
  EXPECT_EQ(waiting.take(id_of(11)).size(), 1u);
  EXPECT_EQ(waiting.size(), WaitingChanges::changes_max - 1);
  for (std::uint64_t seq = 1; seq <= 300; ++seq) {
    waiting.add(*to_change(edited(seq, "ada", "long", std::string(16 * 1024, 'x'))));
  }
  EXPECT_EQ(waiting.take("long").size(), WaitingChanges::bytes_max / (16 * 1024));
  EXPECT_EQ(waiting.size(), 0u);
}

TEST(RoomPages, CountWhatIsUnread) {
  RoomBuffer buffer;
  buffer.mark_read(5);
  add_all(buffer, lines(8, 9));
  add_older(buffer, lines(3, 7));
  EXPECT_EQ(buffer.unread(), 4u);
  buffer.place_marker();
  EXPECT_EQ(buffer.marker(), buffer.at(3).key);
}

TEST(RoomPages, TheOldestLinesGoAndComeAgainAsTheyWere) {
  RoomBuffer buffer({.entries_max = 32});
  add_all(buffer, lines(1, 3));
  add_all(buffer, {edited(4, "ada", "id1", "new"), reacted(5, "bob", "id2", "👍"), redacted(6, "ada", "id3", "")});
  add_all(buffer, lines(7, 40));
  EXPECT_LT(buffer.size(), 32u);
  const std::uint64_t oldest = buffer.oldest_seq();
  EXPECT_GT(oldest, 3u);
  EXPECT_EQ(buffer.at(0).seq, oldest);
  EXPECT_TRUE(buffer.has_more_before());
  add_older(buffer, lines(1, oldest - 1));
  EXPECT_TRUE(listing(buffer).starts_with("1 ada new\n2 ada line 2 👍1\n3 ada (redacted)\n")) << listing(buffer);
  EXPECT_FALSE(buffer.has_more_before());
}

TEST(RoomPages, AClearedRoomKeepsOnesOwnLinesAndLoadsAgain) {
  RoomBuffer buffer;
  add_all(buffer, {message(1, "ada", "teh"), message(2, "bob", "so"), edited(3, "ada", "id1", "the")});
  buffer.add_own("mine", text("hello"), "zoe", noon_ms);
  buffer.place_marker();
  buffer.clear();
  EXPECT_EQ(listing(buffer), "0 zoe hello (pending)\n");
  EXPECT_EQ(buffer.unread(), 0u);
  EXPECT_EQ(buffer.marker(), 0u);
  EXPECT_EQ(buffer.newest_seq(), 3u);
  buffer.add(message(4, "bob", "?"));
  EXPECT_EQ(listing(buffer), "4 bob ?\n0 zoe hello (pending)\n");
  EXPECT_EQ(buffer.oldest_seq(), 4u);
  add_older(buffer, {message(1, "ada", "teh"), message(2, "bob", "so"), edited(3, "ada", "id1", "the")});
  EXPECT_EQ(listing(buffer), "1 ada the\n2 bob so\n4 bob ?\n0 zoe hello (pending)\n");
}

TEST(RoomPages, BytesAreBounded) {
  RoomBuffer buffer({.bytes_max = 1024 * 1024});
  for (std::uint64_t seq = 1; seq <= 200; ++seq) buffer.add(message(seq, "ada", std::string(16 * 1024, 'x')));
  EXPECT_LT(buffer.size(), 64u);
  EXPECT_GT(buffer.size(), 32u);
}

}  // namespace
}  // namespace confab::screen

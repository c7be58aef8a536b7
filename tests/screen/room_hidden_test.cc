// SPDX-License-Identifier: MIT
// Whose messages are hidden may change: what was held back comes where it stands in the log.
#include <set>

#include <gtest/gtest.h>

#include "room_script.h"

namespace confab::screen {
namespace {

struct RoomHidden : ::testing::Test {
  void unhide(const std::string& name) {
    hidden.erase(name);
    buffer.show_unhidden();
  }

  std::set<std::string> hidden{"troll"};
  RoomBuffer buffer{{.mentions_me = [](const Message& message) { return message.text.contains("zoe"); },
                     .is_hidden = [this](std::string_view name) { return hidden.contains(std::string(name)); }}};
};

TEST_F(RoomHidden, ComesBackWhereItWasSaid) {
  add_all(buffer, {message(1, "ada", "a"), message(2, "troll", "b"), message(3, "bob", "c"), message(4, "troll", "d")});
  EXPECT_EQ(listing(buffer), "1 ada a\n3 bob c\n");
  EXPECT_EQ(buffer.newest_seq(), 4u) << "it was heard";
  const EntryKey bobs = buffer.at(1).key;
  unhide("troll");
  EXPECT_EQ(listing(buffer), "1 ada a\n2 troll b\n3 bob c\n4 troll d\n");
  EXPECT_EQ(buffer.index_of(bobs), 2u);
  EXPECT_EQ(buffer.find_id("id4"), 3u);
  unhide("troll");
  EXPECT_EQ(buffer.size(), 4u) << "once";
  hidden.insert("troll");
  buffer.show_unhidden();
  EXPECT_EQ(buffer.size(), 4u) << "what is shown stays";
}

TEST_F(RoomHidden, IsCountedOnceItIsSeen) {
  add_all(buffer, {message(1, "troll", "zoe"), message(2, "ada", "b")});
  buffer.mark_read(2);
  add_all(buffer, {message(3, "troll", "zoe"), message(4, "ada", "zoe"), message(5, "troll", "e")});
  EXPECT_EQ(buffer.unread(), 1u);
  EXPECT_EQ(buffer.mentions(), 1u);
  unhide("troll");
  EXPECT_EQ(buffer.unread(), 3u) << "what was hidden when the room was looked at is read";
  EXPECT_EQ(buffer.mentions(), 2u);
  buffer.mark_read(5);
  EXPECT_EQ(buffer.unread(), 0u);
}

TEST_F(RoomHidden, ComesWithWhatWasSaidOfItMeanwhile) {
  add_all(buffer, {message(1, "troll", "b"), edited(2, "troll", "id1", "B"), reacted(3, "ada", "id1", "👍")});
  unhide("troll");
  EXPECT_EQ(listing(buffer), "1 troll B 👍1\n");
}

TEST_F(RoomHidden, IsAllThatSomebodyDoes) {
  add_all(buffer, {message(1, "ada", "a"), joined(2, "troll"), reacted(3, "troll", "id1", "💩"), left(4, "troll"),
                   joined(5, "bob")});
  const TopicChanged topic{.room = "lobby", .seq = 6, .time_ms = time_of(6), .name = "troll", .text = "t"};
  buffer.add(topic);
  EXPECT_EQ(listing(buffer), "1 ada a\n5 bob\n");
  unhide("troll");
  EXPECT_EQ(listing(buffer), "1 ada a 💩1\n2 troll\n4 troll\n5 bob\n6 troll t\n");
}

TEST_F(RoomHidden, ComesBackFromPagesAndIntoGaps) {
  add_all(buffer, {message(2, "ada", "b"), skipped(3, 6), message(7, "ada", "g")});
  const std::vector<Event> page{message(4, "troll", "d"), message(5, "bob", "e"), message(6, "troll", "f")};
  buffer.add_older(page);
  const std::vector<Event> first{message(1, "troll", "a")};
  buffer.add_older(first);
  EXPECT_EQ(listing(buffer), "2 ada b\n3-3\n5 bob e\n7 ada g\n");
  unhide("troll");
  EXPECT_EQ(listing(buffer), "1 troll a\n2 ada b\n3-3\n4 troll d\n5 bob e\n6 troll f\n7 ada g\n");
}

TEST_F(RoomHidden, OfOneHereAndOneThereOnlyWhoIsHeardAgain) {
  hidden.insert("imp");
  add_all(buffer, {message(1, "troll", "a"), message(2, "imp", "b"), message(3, "ada", "c")});
  unhide("imp");
  EXPECT_EQ(listing(buffer), "2 imp b\n3 ada c\n");
}

TEST_F(RoomHidden, StandsBeforeNotesThatCameAfterIt) {
  add_all(buffer, {message(1, "ada", "a"), message(2, "troll", "b")});
  buffer.add_note("a note", noon_ms);
  buffer.add_own("mine", text("hello"), "zoe", noon_ms);
  unhide("troll");
  EXPECT_EQ(listing(buffer), "1 ada a\n2 troll b\n0 a note\n0 zoe hello (pending)\n");
}

TEST_F(RoomHidden, TheMarkerIsAboveTheFirstOfThem) {
  buffer.add(message(1, "ada", "a"));
  buffer.mark_read(1);
  buffer.place_marker();
  add_all(buffer, {message(2, "troll", "b"), message(3, "ada", "c")});
  unhide("troll");
  EXPECT_EQ(buffer.marker(), buffer.at(1).key);
}

TEST_F(RoomHidden, IsKeptWithinBounds) {
  for (std::uint64_t seq = 1; seq <= RoomBuffer::hidden_max + 10; ++seq) buffer.add(message(seq, "troll", "x"));
  unhide("troll");
  EXPECT_EQ(buffer.size(), RoomBuffer::hidden_max);
  EXPECT_EQ(buffer.at(0).seq, 11u);
  hidden.insert("imp");
  const std::uint64_t next = buffer.newest_seq() + 1;
  for (std::uint64_t seq = next; seq < next + 500; ++seq) buffer.add(message(seq, "imp", std::string(16 * 1024, 'x')));
  unhide("imp");
  EXPECT_EQ(buffer.size(), RoomBuffer::hidden_max + RoomBuffer::hidden_bytes_max / (16 * 1024));
}

TEST_F(RoomHidden, IsGoneWithWhatIsCleared) {
  add_all(buffer, {message(1, "troll", "a"), message(2, "ada", "b")});
  buffer.clear();
  unhide("troll");
  EXPECT_EQ(buffer.size(), 0u);
  const std::vector<Event> page{message(1, "troll", "a"), message(2, "ada", "b")};
  buffer.add_older(page);
  EXPECT_EQ(listing(buffer), "1 troll a\n2 ada b\n") << "and loaded again";
}

}  // namespace
}  // namespace confab::screen

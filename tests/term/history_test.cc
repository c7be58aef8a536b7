// SPDX-License-Identifier: MIT
#include "term/history.h"

#include <gtest/gtest.h>

#include "wire/limits.h"

namespace confab::term {
namespace {

History history_of(std::initializer_list<std::string_view> lines) {
  History history;
  for (const std::string_view line : lines) history.add(line);
  return history;
}

TEST(History, KeepsLinesInOrder) {
  const History history = history_of({"one", "two"});
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history.at(0), "one");
  EXPECT_EQ(history.at(1), "two");
}

TEST(History, DropsEmptyLinesAndRepetitions) { EXPECT_EQ(history_of({"a", "a", "", "b", "a"}).save(), "a\nb\na\n"); }

TEST(History, IsBounded) {
  History history;
  for (int i = 0; i < 1'002; ++i) history.add(std::to_string(i));
  ASSERT_EQ(history.size(), History::entries_max);
  EXPECT_EQ(history.at(0), "2");
  EXPECT_EQ(history.at(999), "1001");
}

TEST(History, FindsTheNewestBefore) {
  const History history = history_of({"ask Ann", "tell Bob", "ask Bob"});
  EXPECT_EQ(history.find_before("ask", 3), 2U);
  EXPECT_EQ(history.find_before("ask", 2), 0U);
  EXPECT_EQ(history.find_before("ask", 0), std::nullopt);
  EXPECT_EQ(history.find_before("Cid", 3), std::nullopt);
  EXPECT_EQ(history.find_before("Bob", 99), 2U);
}

TEST(History, SavesAndLoads) {
  const History history = history_of({"two\nlines", "back\\slash", "\\n is no line feed", "中"});
  EXPECT_EQ(history.save(), "two\\nlines\nback\\\\slash\n\\\\n is no line feed\n中\n");
  EXPECT_EQ(History::load(history.save()).save(), history.save());
  EXPECT_EQ(History::load(history.save()).at(2), "\\n is no line feed");
}

TEST(History, LoadsWhateverIsInTheFile) {
  EXPECT_EQ(History::load("").size(), 0U);
  EXPECT_EQ(History::load("\n\nno end").save(), "no end\n");
  EXPECT_EQ(History::load("a\x1B[31mb\xFF\\\n").at(0), "a\uFFFD[31mb\uFFFD\\");
  EXPECT_EQ(History::load(std::string(wire::limits::message_bytes_max + 1, 'x') + "\nshort\n").save(), "short\n");
}

}  // namespace
}  // namespace confab::term

// SPDX-License-Identifier: MIT
#include "screen/word_wrap.h"

#include <string>

#include <gtest/gtest.h>

namespace confab::screen {
namespace {

/// The rows, each between bars.
std::string wrapped(std::string_view text, std::size_t columns_first, std::size_t columns) {
  const auto clusters = term::clusters(text);
  std::string rows;
  for (const WrappedRow& row : wrap_words(clusters, columns_first, columns)) {
    rows += '|';
    for (std::size_t i = row.begin; i < row.end; ++i) rows += clusters[i].text;
    rows += '|';
  }
  return rows;
}
std::string wrapped(std::string_view text, std::size_t columns) { return wrapped(text, columns, columns); }

TEST(WordWrap, BreaksBetweenWords) {
  EXPECT_EQ(wrapped("", 5), "||");
  EXPECT_EQ(wrapped("hello", 5), "|hello|");
  EXPECT_EQ(wrapped("hello you", 5), "|hello||you|");
  EXPECT_EQ(wrapped("a bc def ghij", 6), "|a bc||def||ghij|");
  EXPECT_EQ(wrapped("one two three", 7), "|one two||three|");
}

TEST(WordWrap, SpacesHangOverTheEdge) {
  EXPECT_EQ(wrapped("hello     you", 5), "|hello||you|");
  EXPECT_EQ(wrapped("  indented text", 10), "|  indented||text|");
}

TEST(WordWrap, ALongWordIsBrokenOnlyWhereItMustBe) {
  EXPECT_EQ(wrapped("abcdefgh", 3), "|abc||def||gh|");
  EXPECT_EQ(wrapped("see abcde", 5), "|see||abcde|");
  EXPECT_EQ(wrapped("see abcdefgh ij", 5), "|see||abcde||fgh||ij|");
}

TEST(WordWrap, LineFeedsEndRows) {
  EXPECT_EQ(wrapped("a\n\nb\n", 5), "|a||||b|||");
  EXPECT_EQ(wrapped("hello\nyou", 5), "|hello||you|");
}

TEST(WordWrap, WideCharactersKeepBothTheirCellsAndNeedNoSpaces) {
  EXPECT_EQ(wrapped("中文字符", 5), "|中文||字符|");
  EXPECT_EQ(wrapped("ab中文", 5), "|ab中||文|");
  EXPECT_EQ(wrapped("see ab中", 7), "|see ab||中|");
  EXPECT_EQ(wrapped("中abc", 4), "|中||abc|");
  EXPECT_EQ(wrapped("中", 1), "|中|");
  EXPECT_EQ(wrapped("a中b", 1), "|a||中||b|");
}

TEST(WordWrap, ClustersStayWhole) {
  EXPECT_EQ(wrapped("e\u0301e\u0301e\u0301", 2), "|e\u0301e\u0301||e\u0301|");
  EXPECT_EQ(wrapped("👩‍👩‍👧👩‍👩‍👧", 3), "|👩‍👩‍👧||👩‍👩‍👧|");
}

TEST(WordWrap, TheFirstRowMayBeAnotherWidth) {
  EXPECT_EQ(wrapped("ada: hello there", 10, 5), "|ada: hello||there|");
  EXPECT_EQ(wrapped("ada: hello", 8, 6), "|ada:||hello|");
}

}  // namespace
}  // namespace confab::screen

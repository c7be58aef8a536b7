// SPDX-License-Identifier: MIT
#include "prefs/word_finder.h"

#include <string>

#include <gtest/gtest.h>

namespace confab::prefs {
namespace {

/// What was found, as it stands in the text, one a row.
std::string found(std::string_view text, std::string_view word, WordFinder::Match match) {
  std::string result;
  for (const TextRange range : WordFinder(text).find(word, match)) {
    result += std::string(text.substr(range.begin, range.end - range.begin)) + "\n";
  }
  return result;
}

TEST(WordFinder, FindsWhateverTheCase) {
  EXPECT_EQ(found("Ada, ADA and ada", "ada", WordFinder::Match::anywhere), "Ada\nADA\nada\n");
  EXPECT_EQ(found("Straße STRASSE", "strasse", WordFinder::Match::anywhere), "Straße\nSTRASSE\n");
  EXPECT_EQ(found("ＡＤＡ", "ada", WordFinder::Match::anywhere), "ＡＤＡ\n");
}

TEST(WordFinder, WholeWordsStandAlone) {
  EXPECT_EQ(found("ada: adam, Canada ada's ada", "ada", WordFinder::Match::whole_words), "ada\nada\nada\n");
  EXPECT_EQ(found("éada adaé", "ada", WordFinder::Match::whole_words), "");
}

TEST(WordFinder, TakesWholeClusters) {
  EXPECT_EQ(found("caffe\u0301!", "e", WordFinder::Match::anywhere), "");
  EXPECT_EQ(found("a👩‍👩‍👧b", "👩", WordFinder::Match::anywhere), "👩‍👩‍👧\n");
}

}  // namespace
}  // namespace confab::prefs

// SPDX-License-Identifier: MIT
#include "term/graphemes.h"

#include <string>

#include <gtest/gtest.h>

namespace confab::term {
namespace {

/// Each cluster with its cells: "a1 中2".
std::string picture(std::string_view text) {
  std::string result;
  for (const Cluster& cluster : clusters(text)) {
    result += (result.empty() ? "" : " ") + std::string(cluster.text) + std::to_string(cluster.cells);
  }
  return result;
}

TEST(Graphemes, LettersAndMarks) {
  EXPECT_EQ(picture("abc"), "a1 b1 c1");
  EXPECT_EQ(picture("e\u0301x"), "e\u03011 x1");
  EXPECT_EQ(picture("\u0301"), "\u03010") << "a mark without a letter";
  EXPECT_EQ(picture("\u200B"), "\u200B0") << "a space of no width";
  EXPECT_EQ(picture("a\nb"), "a1 \n0 b1");
}

TEST(Graphemes, AsianScripts) {
  EXPECT_EQ(picture("中a文"), "中2 a1 文2");
  EXPECT_EQ(picture("\u1112\u1161\u11AB"), "\u1112\u1161\u11AB2") << "a Hangul syllable in parts";
  EXPECT_EQ(picture("\u0E01\u0E33"), "\u0E01\u0E332") << "Thai KO KAI and SARA AM stand side by side";
}

TEST(Graphemes, Emoji) {
  EXPECT_EQ(picture("😀!"), "😀2 !1");
  EXPECT_EQ(picture("👍🏽"), "👍🏽2") << "with a skin colour";
  EXPECT_EQ(picture("👩‍👩‍👧"), "👩‍👩‍👧2") << "a family";
  EXPECT_EQ(picture("\u2764"), "\u27641") << "a heart as text";
  EXPECT_EQ(picture("\u2764\uFE0F"), "\u2764\uFE0F2") << "and as an emoji";
  EXPECT_EQ(picture("1\uFE0F\u20E3"), "1\uFE0F\u20E32") << "a keycap";
  EXPECT_EQ(picture("🇩🇪🇫🇷"), "🇩🇪2 🇫🇷2") << "two flags, not one";
}

TEST(Graphemes, Boundaries) {
  const std::string text = "e\u0301\n🇩🇪🇫🇷";  // places 0, 3, 4, 12, 20
  EXPECT_EQ(next_boundary(text, 0), 3U);
  EXPECT_EQ(next_boundary(text, 3), 4U);
  EXPECT_EQ(next_boundary(text, 4), 12U);
  EXPECT_EQ(next_boundary(text, 20), 20U);
  EXPECT_EQ(previous_boundary(text, 20), 12U) << "pairs of flag letters count from the left";
  EXPECT_EQ(previous_boundary(text, 12), 4U);
  EXPECT_EQ(previous_boundary(text, 4), 3U);
  EXPECT_EQ(previous_boundary(text, 3), 0U);
  EXPECT_EQ(previous_boundary(text, 0), 0U);
  EXPECT_EQ(boundary_from(text, 1), 3U);
  EXPECT_EQ(boundary_from(text, 3), 3U);
  EXPECT_EQ(boundary_from(text, 8), 12U);
}

TEST(Graphemes, CellsOfText) {
  EXPECT_EQ(cells_of(""), 0U);
  EXPECT_EQ(cells_of("a中e\u0301😀\n"), 6U);
}

TEST(Graphemes, Words) {
  const std::string text = "ab, cd-e\u0301f  ";  // words at 0-2, 4-6, 7-11
  EXPECT_EQ(word_end(text, 0), 2U);
  EXPECT_EQ(word_end(text, 2), 6U);
  EXPECT_EQ(word_end(text, 6), 11U);
  EXPECT_EQ(word_end(text, 11), 13U) << "no further word";
  EXPECT_EQ(word_start(text, 13), 7U);
  EXPECT_EQ(word_start(text, 10), 7U);
  EXPECT_EQ(word_start(text, 7), 4U);
  EXPECT_EQ(word_start(text, 4), 0U);
  EXPECT_EQ(word_start(text, 0), 0U);
}

}  // namespace
}  // namespace confab::term

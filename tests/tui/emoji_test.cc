// SPDX-License-Identifier: MIT
#include "tui/emoji.h"

#include <algorithm>
#include <cctype>

#include <gtest/gtest.h>

#include "base/text.h"

namespace confab::tui {
namespace {

TEST(Emoji, AreFoundByUnicodesNameAndByTheOneThatPeopleKnow) {
  EXPECT_EQ(emoji_for("thumbs_up"), "👍");
  EXPECT_EQ(emoji_for("+1"), "👍");
  EXPECT_EQ(emoji_for("tada"), "🎉");
  EXPECT_EQ(emoji_for("thumbs"), "");
  EXPECT_EQ(emoji_for(""), "");
  EXPECT_EQ(emoji_for("zzzz"), "");
}

TEST(Emoji, OfAPrefixAllAreOffered) {
  const auto thumbs = emoji_from("thumbs");
  ASSERT_GE(thumbs.size(), 2U);
  for (const Emoji& each : thumbs) EXPECT_TRUE(each.name.starts_with("thumbs")) << each.name;
  EXPECT_TRUE(emoji_from("no such thing").empty());
  EXPECT_GT(emoji_from("").size(), 1500U);
}

TEST(Emoji, EveryNameCanBeTypedAndEveryTextBeShown) {
  for (const Emoji& each : emoji_from("")) {
    EXPECT_TRUE(std::ranges::all_of(each.name, [](char c) {
      return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '+';
    })) << each.name;
    EXPECT_EQ(base::clean_line(each.text), each.text) << each.name;
    EXPECT_FALSE(each.text.empty());
  }
}

TEST(Emoji, BetweenColonsANameIsItsEmoji) {
  EXPECT_EQ(emoji_or_text(":tada:"), "🎉");
  EXPECT_EQ(emoji_or_text("🎉"), "🎉");
  EXPECT_EQ(emoji_or_text(":none such:"), ":none such:");
  EXPECT_EQ(emoji_or_text("::"), "::");
}

}  // namespace
}  // namespace confab::tui

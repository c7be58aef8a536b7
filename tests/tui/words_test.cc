// SPDX-License-Identifier: MIT
#include "tui/words.h"

#include <gtest/gtest.h>

namespace confab::tui {
namespace {

TEST(Words, AreFoldedAndAllWanted) {
  EXPECT_EQ(fold_words("  Two  WORDS "), (std::vector<std::string>{"two", "words"}));
  EXPECT_TRUE(contains_all("Words, two of them", {"two", "words"}));
  EXPECT_FALSE(contains_all("two of them", {"two", "words"}));
}

}  // namespace
}  // namespace confab::tui

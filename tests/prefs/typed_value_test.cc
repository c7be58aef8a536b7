// SPDX-License-Identifier: MIT
#include "prefs/typed_value.h"

#include <gtest/gtest.h>

namespace confab::prefs {
namespace {

using Strings = std::vector<std::string>;

TEST(TypedValue, AStringIsBareOrAsTheFileHasIt) {
  EXPECT_EQ(typed_string(" all "), "all");
  EXPECT_EQ(typed_string("\"all\""), "all");
  EXPECT_EQ(typed_string("'all'"), "all");
  EXPECT_EQ(typed_string("\"\""), "");
  EXPECT_EQ(typed_string(R"("say \"hi\" \\o/")"), R"(say "hi" \o/)");
  EXPECT_EQ(typed_string(R"('a\b')"), R"(a\b)");
}

TEST(TypedValue, QuotesWithinACommandAreItsOwn) {
  for (const char* command :
       {R"(notify-send "$CONFAB_NAME")", R"("a b" "c d")", "'a' 'b'", "\"", "'", "\"a", "\"a\\\""}) {
    EXPECT_EQ(typed_string(command), command);
  }
}

TEST(TypedValue, AListHasCommasAndMayHaveBracketsAndQuotes) {
  EXPECT_EQ(typed_list("deploy , on fire"), (Strings{"deploy", "on fire"}));
  EXPECT_EQ(typed_list(R"(["deploy", "on fire"])"), (Strings{"deploy", "on fire"}));
  EXPECT_EQ(typed_list(R"("tea, black", 'cup')"), (Strings{"tea, black", "cup"}));
  EXPECT_EQ(typed_list("[tea]"), Strings{"tea"});
  EXPECT_EQ(typed_list("\"tea, cup"), (Strings{"\"tea", "cup"}));
  for (const char* empty : {"", "[]", "[ ]", "\"\"", ",,", "[", "]"}) EXPECT_LE(typed_list(empty).size(), 1U) << empty;
  EXPECT_EQ(typed_list("[]"), Strings{});
  EXPECT_EQ(typed_list("\"\""), Strings{});
}

}  // namespace
}  // namespace confab::prefs

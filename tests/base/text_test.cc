// SPDX-License-Identifier: MIT
#include "base/text.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace confab::base {
namespace {

using namespace std::string_literals;

bool utf8(std::string_view text) { return is_utf8(as_bytes(text)); }

TEST(Utf8, TakesEveryLengthOfCharacter) {
  EXPECT_TRUE(utf8(""));
  EXPECT_TRUE(utf8("a\0b"s));
  EXPECT_TRUE(utf8("\x7F \u0080 \u07FF \u0800 \uD7FF \uE000 \uFFFD \U00010000 \U0010FFFF"));
  EXPECT_TRUE(utf8("\uFFFE\uFFFF\U0001FFFE"));  // noncharacters are characters to UTF-8
}

TEST(Utf8, RefusesWhatRfc3629Refuses) {
  EXPECT_FALSE(utf8("\x80"));              // a continuation with nothing before
  EXPECT_FALSE(utf8("\xC3"));              // cut
  EXPECT_FALSE(utf8("\xE2\x82"));          // cut
  EXPECT_FALSE(utf8("\xF0\x9F\x98"));      // cut
  EXPECT_FALSE(utf8("\xC3("));             // not continued
  EXPECT_FALSE(utf8("\xC0\xAF"));          // overlong '/'
  EXPECT_FALSE(utf8("\xC1\xBF"));          // overlong
  EXPECT_FALSE(utf8("\xE0\x80\xAF"));      // overlong '/'
  EXPECT_FALSE(utf8("\xF0\x80\x80\xAF"));  // overlong '/'
  EXPECT_FALSE(utf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(utf8("\xED\xBF\xBF"));      // surrogate
  EXPECT_FALSE(utf8("\xF4\x90\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(utf8("\xF8\x88\x80\x80\x80"));
  EXPECT_FALSE(utf8("\xFE"));
  EXPECT_FALSE(utf8("\xFF"));
  EXPECT_FALSE(utf8("caf\xE9"));
}

TEST(Characters, AreCounted) {
  EXPECT_EQ(count_characters(""), 0U);
  EXPECT_EQ(count_characters("aß日😀"), 4U);
  EXPECT_EQ(count_characters("e\u0301"), 2U);
  EXPECT_EQ(count_characters("\xFF\xFE"), 2U);
}

TEST(CleanLine, LeavesWhatIsHarmless) {
  for (const std::string_view text : {"", "Hii", "naïve 日本語 😀 é", "שלום", "👨\u200D👩\u200D👧", "a\u0301"}) {
    EXPECT_EQ(clean_line(text), text);
  }
}

TEST(CleanLine, DisarmsTerminals) {
  EXPECT_EQ(clean_line("\x1B[2J\x1B]0;title\a"), "\uFFFD[2J\uFFFD]0;title\uFFFD");
  EXPECT_EQ(clean_line("\u009B31m"), "\uFFFD31m");  // CSI in one C1 character
  EXPECT_EQ(clean_line("\x9B"
                       "31m"),
            "\uFFFD31m");  // and as a raw byte
  EXPECT_EQ(clean_line("a\bb\x7F"
                       "c\0d"s),
            "a\uFFFDb\uFFFD"
            "c\uFFFDd");
  EXPECT_EQ(clean_line("a\tb"), "a b");
  EXPECT_EQ(clean_line("a\nb\rc"), "a\uFFFDb\uFFFDc");
  EXPECT_EQ(clean_line("a\u0085b\u2028c\u2029d"), "a\uFFFDb\uFFFDc\uFFFDd");
}

TEST(CleanLine, DisarmsReordering) {
  for (const std::string_view mark : {"\u061C", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C", "\u202D", "\u202E",
                                      "\u2066", "\u2067", "\u2068", "\u2069", "\uFEFF"}) {
    EXPECT_EQ(clean_line(std::string(mark) + "evil"), "\uFFFDevil");
  }
}

TEST(CleanLine, ReplacesEachInvalidByte) {
  EXPECT_EQ(clean_line("caf\xE9!"), "caf\uFFFD!");
  EXPECT_EQ(clean_line("\xC0\xAF"), "\uFFFD\uFFFD");
  EXPECT_EQ(clean_line("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(clean_line("\xF0\x9F\x98"
                       "a"),
            "\uFFFD\uFFFD\uFFFD"
            "a");
}

TEST(CleanText, KeepsLines) {
  EXPECT_EQ(clean_text("a\nb"), "a\nb");
  EXPECT_EQ(clean_text("a\r\nb\rc\n\rd\r"), "a\nb\nc\n\nd\n");
  EXPECT_EQ(clean_text("a\x1B\tb"), "a\uFFFD b");
}

TEST(Clean, GivesCleanTextForAnyBytes) {
  SeededRandom random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random.below(40), '\0');
    random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    const std::string text = clean_text(bytes);
    ASSERT_TRUE(utf8(text));
    ASSERT_EQ(clean_text(text), text);
    const std::string line = clean_line(bytes);
    ASSERT_TRUE(utf8(line));
    ASSERT_EQ(clean_line(line), line);
  }
}

TEST(Normalize, Composes) {
  EXPECT_EQ(normalize("e\u0301"), "\u00E9");
  EXPECT_EQ(normalize("\u212B"), "\u00C5");  // the Ångström sign is a letter
  EXPECT_EQ(normalize("Ａ"), "Ａ");          // full width is another look, not another spelling
}

TEST(FoldCase, MakesLookAlikesOne) {
  EXPECT_EQ(fold_case("HiLmI"), "hilmi");
  EXPECT_EQ(fold_case("ÉCOLE"), fold_case("e\u0301cole"));
  EXPECT_EQ(fold_case("Straße"), fold_case("STRASSE"));
  EXPECT_EQ(fold_case("ＡＢＣ"), "abc");
  EXPECT_EQ(fold_case("Σίσυφος"), fold_case("ΣΊΣΥΦΟΣ"));
  EXPECT_EQ(fold_case("An\u200Bn\u00AD"), "ann");  // what cannot be seen does not tell apart
  EXPECT_NE(fold_case("ann"), fold_case("anne"));
}

TEST(FoldCase, TreatsAsciiAloneAsItDoesAmongOthers) {
  const std::string other = "\xC3\xA9";  // the text is not ASCII any more
  for (char c = ' '; c <= '~'; ++c) {
    const std::string text(1, c);
    EXPECT_EQ(fold_case(text) + other, fold_case(text + other)) << c;
    EXPECT_EQ(normalize(text) + other, normalize(text + other)) << c;
    EXPECT_EQ(clean_line(text) + other, clean_line(text + other)) << c;
  }
}

TEST(PlainSpaces, AreOneKindAndNoneAtTheEnds) {
  EXPECT_EQ(plain_spaces("a b"), "a b");
  EXPECT_EQ(plain_spaces(" \u00A0a\u2003b\u3000c  "), "a b c");
  EXPECT_EQ(plain_spaces("a \u00A0b"), "a  b");
  EXPECT_EQ(plain_spaces("\u3000 "), "");
  EXPECT_EQ(plain_spaces("a\xFF "), "a\xFF");
}

TEST(IsWord, KnowsEveryScript) {
  EXPECT_TRUE(is_word("aZ9", ""));
  EXPECT_TRUE(is_word("ж日ß한", ""));
  EXPECT_TRUE(is_word("हिन्दी٣", ""));
  EXPECT_TRUE(is_word("a-b", "-_"));
  EXPECT_FALSE(is_word("a b", "-_"));
  EXPECT_FALSE(is_word("a.b", "-_"));
  EXPECT_FALSE(is_word("a😀", ""));
  EXPECT_FALSE(is_word("a\u200B", ""));
  EXPECT_FALSE(is_word("a\xFF", ""));
}

TEST(PrefixWithin, EndsOnACharacter) {
  EXPECT_EQ(prefix_within("abc", 5), "abc");
  EXPECT_EQ(prefix_within("abc", 2), "ab");
  EXPECT_EQ(prefix_within("a日b", 4), "a日");
  EXPECT_EQ(prefix_within("a日b", 3), "a");
  EXPECT_EQ(prefix_within("a日b", 2), "a");
  EXPECT_EQ(prefix_within("😀", 3), "");
  EXPECT_EQ(prefix_within("x", 0), "");
}

}  // namespace
}  // namespace confab::base

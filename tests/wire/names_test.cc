// SPDX-License-Identifier: MIT
#include "wire/names.h"

#include <gtest/gtest.h>

#include "wire/limits.h"

namespace confab::wire {
namespace {

std::string name(std::string_view text) { return canonical_name(text).value_or("refused"); }
std::string room(std::string_view text) { return canonical_room(text).value_or("refused"); }

std::string repeat(std::string_view character, std::size_t count) {
  std::string text;
  while (count-- > 0) text += character;
  return text;
}

std::string utf8(char32_t code) {
  const auto byte = [code](int shift, unsigned lead) { return static_cast<char>(lead | (code >> shift & 0x3F)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), byte(0, 0x80)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | code >> 12), byte(6, 0x80), byte(0, 0x80)};
  return {static_cast<char>(0xF0 | code >> 18), byte(12, 0x80), byte(6, 0x80), byte(0, 0x80)};
}

TEST(Name, IsKeptAsWritten) {
  EXPECT_EQ(name("Hilmi"), "Hilmi");
  EXPECT_EQ(name("Jean-Luc O'Neil"), "Jean-Luc O'Neil");
  EXPECT_EQ(name("李小龍"), "李小龍");
  EXPECT_EQ(name("a:b"), "a:b");
  EXPECT_EQ(name(": a"), ": a");
}

TEST(Name, HasOneSpelling) {
  EXPECT_EQ(name("  Ann "), "Ann");
  EXPECT_EQ(name("\u3000Ann\u00A0"), "Ann");
  EXPECT_EQ(name("Ann\u2003Lee"), "Ann Lee");
  EXPECT_EQ(name("Zoe\u0308"), "Zoë");
}

TEST(Name, LengthIsCountedInCharacters) {
  EXPECT_EQ(name(repeat("ß", 32)), repeat("ß", 32));
  EXPECT_EQ(name(repeat("ß", 33)), "refused");
  EXPECT_EQ(name(repeat("e\u0308", 32)), repeat("ë", 32));  // as it is written from now on
  EXPECT_EQ(canonical_name(repeat("a", 33)).error(), "A name has 32 characters at most.");
}

TEST(Name, Refused) {
  for (const std::string_view bad : {"", "   ", "\u3000", "\u200B\u2060", "#Ann", "@Ann", " /Ann", "Ann  Lee",
                                     "Ann \u00A0Lee", "a : b", "a\u00A0: b", "a :", "a : ", " a :"}) {
    EXPECT_EQ(name(bad), "refused") << '"' << bad << '"';
  }
}

TEST(Name, HostileBytesAreRefused) {
  for (const std::string_view bad : {"a\nb", "a\tb", "\x1B[31mAnn", "Ann\x7F", "Ann\u009B1m", "Ann\u202Ebob",
                                     "Ann\u2066", "Ann\u2028", "\xFF", "Ann\xC3", "\xC0\xAF", "\xED\xA0\x80"}) {
    EXPECT_EQ(name(bad), "refused") << testing::PrintToString(bad);
  }
  EXPECT_EQ(name(std::string_view("a\0b", 3)), "refused");
}

TEST(Room, HasOneSpelling) {
  EXPECT_EQ(room("lobby"), "lobby");
  EXPECT_EQ(room("#Lobby"), "lobby");
  EXPECT_EQ(room("ＬＯＢＢＹ"), "lobby");  // full width
  EXPECT_EQ(room("STRASSE"), room("straße"));
  EXPECT_EQ(room("Gärten"), "gärten");
  EXPECT_EQ(room("हिन्दी"), "हिन्दी");  // needs its combining marks
  EXPECT_EQ(room("v1.2_a-b"), "v1.2_a-b");
  EXPECT_EQ(room(limits::lobby), limits::lobby);
}

TEST(Room, LengthIsCountedInCharacters) {
  EXPECT_EQ(room(repeat("日", 64)), repeat("日", 64));
  EXPECT_EQ(room(repeat("日", 65)), "refused");
  EXPECT_EQ(room("#" + repeat("a", 64)), repeat("a", 64));
  EXPECT_EQ(canonical_room(repeat("a", 65)).error(), "A room's name has 64 characters at most.");
}

TEST(Room, Refused) {
  for (const std::string_view bad : {"", "#", "##a", "two words", " a", "a/b", "a:b", "a@b", "a%20", "..", "-", "😀",
                                     "\u200B", "a\nb", "a\x1B", "\xFF", "a\u202Eb", "a\u00A0b", "½"}) {
    EXPECT_EQ(room(bad), "refused") << testing::PrintToString(bad);
  }
}

TEST(DirectRoom, IsOneWhoeverNamesIt) {
  EXPECT_EQ(direct_room("Ryo", "Hilmi"), "@hilmi : ryo");
  EXPECT_EQ(direct_room("hilmi", "ＲＹＯ"), "@hilmi : ryo");
  EXPECT_EQ(room("@hilmi : ryo"), "@hilmi : ryo");
  EXPECT_EQ(room("@Ryo : HILMI"), "@hilmi : ryo");
  EXPECT_EQ(room("#@Ryo : HILMI"), "@hilmi : ryo");
  EXPECT_EQ(direct_room("Ryo", "ryo"), "@ryo : ryo");
}

TEST(DirectRoom, TakesNamesWithSpacesAndColons) {
  EXPECT_EQ(direct_room("Jean Luc", "a:b"), "@a:b : jean luc");
  EXPECT_EQ(direct_room(": a", "!b:"), "@!b: : : a");
  EXPECT_EQ(room("@!b: : : a"), "@!b: : : a");
  EXPECT_EQ(direct_peer("@!b: : : a", ": A"), "!b:");
}

TEST(DirectRoom, KnowsItsTwo) {
  EXPECT_EQ(direct_peer("@hilmi : ryo", "Ryo"), "hilmi");
  EXPECT_EQ(direct_peer("@hilmi : ryo", "hilmi"), "ryo");
  EXPECT_EQ(direct_peer("@ryo : ryo", "ryo"), "ryo");
  EXPECT_EQ(direct_peer("@hilmi : ryo", "ry"), std::nullopt);
  EXPECT_EQ(direct_peer("@hilmi : ryo", ""), std::nullopt);
  EXPECT_EQ(direct_peer("lobby", "lobby"), std::nullopt);
  EXPECT_TRUE(is_direct("@hilmi : ryo"));
  EXPECT_FALSE(is_direct("lobby"));
}

TEST(DirectRoom, Refused) {
  for (const std::string_view bad : {"@", "@ryo", "@ : ", "@ryo : ", "@ : ryo", "@ryo:hilmi", "@a : b : c", "@@a : b",
                                     "@ryo : hil\nmi", "@ryo : \xFF"}) {
    EXPECT_EQ(room(bad), "refused") << testing::PrintToString(bad);
  }
  EXPECT_EQ(direct_room("a ： b", "ryo").error(),
            "The name \"a ： b\" cannot have a direct room: without case it is no name.");
  EXPECT_EQ(room("@" + repeat("ß", 17) + " : ryo"), "refused") << "34 characters when it is folded";
}

// Every character of Unicode's first planes, where all that fold or compose are, alone and between letters: what is
// taken once is taken again, unchanged.
TEST(Names, CanonicalFormsAreFixedPoints) {
  for (char32_t code = 0; code < 0x20000; ++code) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    for (const std::string& text : {utf8(code), "a" + utf8(code) + "b"}) {
      if (const auto once = canonical_name(text)) {
        ASSERT_EQ(name(*once), *once) << std::hex << +code;
      }
      if (const auto once = canonical_room(text)) {
        ASSERT_EQ(room(*once), *once) << std::hex << +code;
      }
      if (const auto once = direct_room(text, "ryo")) {
        ASSERT_EQ(room(*once), *once) << std::hex << +code;
      }
    }
  }
}

}  // namespace
}  // namespace confab::wire

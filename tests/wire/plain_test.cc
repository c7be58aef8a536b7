// SPDX-License-Identifier: MIT
#include "wire/plain.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "base/text.h"
#include "wire/limits.h"

namespace confab::wire {
namespace {

using base::Bytes;

bool is_text(std::string_view datagram) { return classify(base::as_bytes(datagram)) == DatagramKind::text; }
bool is_quic(const Bytes& datagram) { return classify(datagram) == DatagramKind::quic; }

// "name|text"
std::string read(std::string_view datagram) {
  const PlainLine line = parse_plain(base::as_bytes(datagram));
  return line.name + "|" + line.text;
}

TEST(Classify, WhatTheToySendsIsText) {
  EXPECT_TRUE(is_text("Hilmi : Hii"));
  EXPECT_TRUE(is_text("Hilmi : "));
  EXPECT_TRUE(is_text("李 : 你好 😀\n"));
  EXPECT_TRUE(is_text("a : b\r\n"));
}

TEST(Classify, KeysPressedByMistakeLoseNoLine) {
  EXPECT_TRUE(is_text("Ann : helo\x1B[D\x1B[Dl"));
  EXPECT_TRUE(is_text("Ann : a\tb\b\x7F"));
  EXPECT_TRUE(is_text("Ann : \x1B]0;title\a"));
}

TEST(Classify, StraysAreNotText) {
  EXPECT_FALSE(is_text(""));
  EXPECT_FALSE(is_text("caf\xE9"));  // Latin-1
  EXPECT_FALSE(is_text("\xC0\xAF"));
  EXPECT_FALSE(is_text(std::string_view("\x12\x34\x01\0\0\1\0\0\0\0\0\0\3www", 16)));  // DNS
}

// The short header's destination connection id is one that a server issued: it begins with the mark.
TEST(Classify, ShortHeadersAreNeverText) {
  base::SeededRandom random(1);
  for (int round = 0; round < 100'000; ++round) {
    Bytes packet(2 + random.below(30));
    random.fill(packet);
    packet[0] = static_cast<std::uint8_t>(0x40 | (packet[0] & 0x3F));
    packet[1] = connection_id_mark;
    ASSERT_TRUE(is_quic(packet));
  }
}

TEST(Classify, LongHeadersOfBothVersionsAreNeverText) {
  base::SeededRandom random(2);
  for (int round = 0; round < 100'000; ++round) {
    Bytes packet(5 + random.below(30));
    random.fill(packet);
    packet[0] |= 0xC0;
    const std::array<std::array<std::uint8_t, 4>, 2> versions{{{0, 0, 0, 1}, {0x6B, 0x33, 0x43, 0xCF}}};
    std::ranges::copy(versions[random.below(2)], packet.begin() + 1);
    ASSERT_TRUE(is_quic(packet));
  }
}

std::string random_character(base::Random& random) {
  static constexpr std::array<std::string_view, 16> characters{"a", "Z",      " ",  "é",  "ß",  "ж",   "א", "ع",
                                                               "अ", "\u0301", "日", "한", "😀", "‍", "𝔘", ":"};
  return std::string(characters[random.below(characters.size())]);
}

std::string random_text(base::Random& random, std::size_t characters_max) {
  std::string text;
  for (std::size_t count = random.below(characters_max + 1); count > 0; --count) text += random_character(random);
  return text;
}

TEST(Classify, LinesOfPeopleAreNeverQuic) {
  base::SeededRandom random(3);
  for (int round = 0; round < 200'000; ++round) {
    const std::string line = random_text(random, 8) + " : " + random_text(random, 20);
    ASSERT_TRUE(is_text(line)) << line;
  }
}

TEST(ParsePlain, NameEndsAtTheFirstSeparator) {
  EXPECT_EQ(read("Hilmi : Hii"), "Hilmi|Hii");
  EXPECT_EQ(read("Ann Lee : a : b"), "Ann Lee|a : b");
  EXPECT_EQ(read("a:b : c"), "a:b|c");
}

TEST(ParsePlain, EitherPartMayBeMissing) {
  EXPECT_EQ(read("Hilmi : "), "Hilmi|");
  EXPECT_EQ(read(" : Hii"), "|Hii");
  EXPECT_EQ(read("just text"), "|just text");
  EXPECT_EQ(read("Hilmi :Hii"), "|Hilmi :Hii");
  EXPECT_EQ(read(""), "|");
}

TEST(ParsePlain, TextIsCleanAndWithoutLineEndsBehind) {
  EXPECT_EQ(read("a : b\r\n\n"), "a|b");
  EXPECT_EQ(read("a : b\r\nc"), "a|b\nc");
  EXPECT_EQ(read("a : \x1B[31mred"), "a|\uFFFD[31mred");
  EXPECT_EQ(read("a : \u202Eevil"), "a|\uFFFDevil");
}

TEST(FormatPlain, OneLineIsOneDatagram) {
  EXPECT_EQ(format_plain("Hilmi", "Hii"), (std::vector<std::string>{"Hilmi : Hii"}));
  EXPECT_EQ(format_plain("Hilmi", ""), (std::vector<std::string>{"Hilmi : "}));
}

TEST(FormatPlain, EveryLineBearsTheName) {
  EXPECT_EQ(format_plain("a", "x\n\ny"), (std::vector<std::string>{"a : x", "a : ", "a : y"}));
}

TEST(FormatPlain, FillsADatagramToTheLastByte) {
  const std::string fits(limits::plain_datagram_bytes_max - 4, 'x');
  EXPECT_EQ(format_plain("a", fits), (std::vector<std::string>{"a : " + fits}));
  EXPECT_EQ(format_plain("a", fits + "y"), (std::vector<std::string>{"a : " + fits, "a : y"}));
}

TEST(FormatPlain, CutsBetweenCharacters) {
  // 1,020 bytes fit behind "a : ", a multiple of 4; one byte before moves every later character off that.
  std::string text = "x";
  for (int i = 0; i < 300; ++i) text += "😀";
  const std::vector<std::string> datagrams = format_plain("a", text);
  ASSERT_EQ(datagrams.size(), 2U);
  EXPECT_EQ(datagrams[0].size(), 1021U);
  EXPECT_TRUE(datagrams[1].starts_with("a : 😀"));
}

TEST(FormatPlain, CutsAfterASpaceThatIsNear) {
  const std::string near = std::string(1000, 'x') + " " + std::string(100, 'y');
  EXPECT_EQ(format_plain("a", near),
            (std::vector<std::string>{"a : " + std::string(1000, 'x') + " ", "a : " + std::string(100, 'y')}));
  const std::string far = std::string(900, 'x') + " " + std::string(200, 'y');
  EXPECT_EQ(format_plain("a", far).front().size(), limits::plain_datagram_bytes_max);
}

TEST(FormatPlain, LosesNothing) {
  base::SeededRandom random(4);
  for (int round = 0; round < 300; ++round) {
    const std::string text = random_text(random, 3000);
    std::string together;
    for (const std::string& datagram : format_plain("Ann Lee", text)) {
      ASSERT_LE(datagram.size(), limits::plain_datagram_bytes_max);
      ASSERT_TRUE(base::is_utf8(base::as_bytes(datagram)));
      ASSERT_TRUE(datagram.starts_with("Ann Lee : "));
      together += datagram.substr(10);
    }
    ASSERT_EQ(together, text);
  }
}

}  // namespace
}  // namespace confab::wire

// SPDX-License-Identifier: MIT
#include "term/keys.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "term/bindings.h"

namespace confab::term {
namespace {

using namespace std::chrono_literals;

constexpr base::Instant start{};

/// The names of the keys that `bytes` are, separated by spaces; a paste is `paste[…]`.
std::string names(const std::vector<Key>& keys) {
  std::string text;
  for (const Key& key : keys) {
    if (!text.empty()) text += ' ';
    text += key.kind == Key::Kind::paste ? "paste[" + key.text + "]" : to_string(key);
  }
  return text;
}

std::string decode(std::string_view bytes) {
  KeyDecoder decoder;
  std::vector<Key> keys = decoder.feed(bytes, start);
  for (Key& key : decoder.wake(start + 1s)) keys.push_back(std::move(key));
  return names(keys);
}

TEST(KeyDecoder, Characters) {
  EXPECT_EQ(decode("aZ 1~"), "a Z space 1 ~");
  EXPECT_EQ(decode("é中😀"), "é 中 😀");
  EXPECT_EQ(decode("e\u0301"), "e \u0301") << "code points, whatever they join to";
}

TEST(KeyDecoder, InvalidUtf8IsDropped) {
  EXPECT_EQ(decode("a\x80"
                   "b\xFF"
                   "c\xC0\xAF"
                   "d"),
            "a b c d");
  EXPECT_EQ(decode("\xE4\xB8"
                   "a"),
            "a")
      << "what cuts a character off is a key";
  EXPECT_EQ(decode("\xED\xA0\x80!"), "!") << "a surrogate";
  EXPECT_EQ(decode("\xF4\x90\x80\x80!"), "!") << "above U+10FFFF";
  EXPECT_EQ(decode("\xC2\x9B!"), "!") << "a C1 control";
}

TEST(KeyDecoder, FocusIsTold) {
  KeyDecoder decoder;
  const std::vector<Key> keys = decoder.feed("\x1B[O\x1B[Ia\x1BOI", start);
  ASSERT_EQ(keys.size(), 4);
  EXPECT_EQ(keys[0].kind, Key::Kind::focus_out);
  EXPECT_EQ(keys[1].kind, Key::Kind::focus_in);
  EXPECT_EQ(keys[2].text, "a");
  EXPECT_EQ(keys[3].kind, Key::Kind::unknown) << "the keypad's tab";
}

TEST(KeyDecoder, Controls) {
  EXPECT_EQ(decode("\r\n\t\x7F\b"), "enter enter tab backspace backspace");
  EXPECT_EQ(decode("\x01\x03\x1A"), "ctrl-a ctrl-c ctrl-z");
  EXPECT_EQ(decode(std::string_view("\0\x1C\x1D\x1E\x1F", 5)), "ctrl-space ctrl-\\ ctrl-] ctrl-^ ctrl-_");
}

TEST(KeyDecoder, AltIsAnEscapeBefore) {
  EXPECT_EQ(decode("\x1B"
                   "b\x1B\x7F\x1B\r\x1B\xC3\xA9"),
            "alt-b alt-backspace alt-enter alt-é");
  EXPECT_EQ(decode("\x1B\x01"), "ctrl-alt-a");
}

TEST(KeyDecoder, XtermAndVt) {
  EXPECT_EQ(decode("\x1B[A\x1B[B\x1B[C\x1B[D\x1B[H\x1B[F"), "up down right left home end");
  EXPECT_EQ(decode("\x1BOA\x1BOH\x1BOP\x1BOM"), "up home f1 enter");
  EXPECT_EQ(decode("\x1B[1~\x1B[2~\x1B[3~\x1B[4~\x1B[5~\x1B[6~"), "home insert delete end page-up page-down");
  EXPECT_EQ(decode("\x1B[11~\x1B[15~\x1B[17~\x1B[24~"), "f1 f5 f6 f12");
  EXPECT_EQ(decode("\x1B[Z"), "back-tab");
}

TEST(KeyDecoder, Modifiers) {
  EXPECT_EQ(decode("\x1B[1;2A\x1B[1;3A\x1B[1;5D\x1B[1;6C\x1B[1;8C\x1B[3;5~"),
            "shift-up alt-up ctrl-left ctrl-shift-right ctrl-alt-shift-right ctrl-delete");
  EXPECT_EQ(decode("\x1B[1;9A"), "alt-up") << "Meta";
}

TEST(KeyDecoder, RxvtAndTheLinuxConsole) {
  EXPECT_EQ(decode("\x1B[7~\x1B[8~\x1B[3$\x1B[3^\x1B[3@"), "home end shift-delete ctrl-delete ctrl-shift-delete");
  EXPECT_EQ(decode("\x1B[a\x1BOd\x1B\x1B[A\x1B\x1BOA"), "shift-up ctrl-left alt-up alt-up");
  EXPECT_EQ(decode("\x1B[[Ax"), "unknown x");
}

TEST(KeyDecoder, KeysAsNumbers) {
  EXPECT_EQ(decode("\x1B[13;2u\x1B[97;5u\x1B[127;3u\x1B[9;2u\x1B[13:2;5u\x1B[233u"),
            "shift-enter ctrl-a alt-backspace back-tab ctrl-enter é");
  EXPECT_EQ(decode("\x1B[27;2;13~\x1B[27;5;105~"), "shift-enter ctrl-i");
  EXPECT_EQ(decode("\x1B[1114112u\x1B[55296u\x1B[99999999999u\x1B[1u"), "unknown unknown unknown unknown");
}

TEST(KeyDecoder, WhatNobodyPressedIsUnknown) {
  EXPECT_EQ(decode("\x1B[?2004;1$y\x1B[<0;3;4M\x1B[1;2;3;4~\x1B[99~a"), "unknown unknown unknown unknown a");
}

TEST(KeyDecoder, ASequenceThatIsCutOffIsDropped) {
  EXPECT_EQ(decode("\x1B[1;\x1B[A"), "up");
  EXPECT_EQ(decode("\x1B[1;\ra"), "enter a");
  EXPECT_EQ(decode("\x1BO\xC3\xA9"), "é");
}

TEST(KeyDecoder, ALoneEscapeWaitsForItsDeadline) {
  KeyDecoder decoder;
  EXPECT_EQ(decoder.next_deadline(), base::never);
  EXPECT_EQ(names(decoder.feed("\x1B", start)), "");
  EXPECT_EQ(decoder.next_deadline(), start + 50ms);
  EXPECT_EQ(names(decoder.wake(start + 49ms)), "");
  EXPECT_EQ(names(decoder.wake(start + 50ms)), "escape");
  EXPECT_EQ(decoder.next_deadline(), base::never);

  EXPECT_EQ(names(decoder.feed("\x1B", start + 1s)), "");
  EXPECT_EQ(names(decoder.feed("[A", start + 1s + 49ms)), "up") << "it was the beginning of an arrow";
  EXPECT_EQ(names(decoder.feed("\x1B", start + 2s)), "");
  EXPECT_EQ(names(decoder.feed("b", start + 3s)), "escape b") << "nobody woke it in between";
}

TEST(KeyDecoder, WhatElseEndsInADeadline) {
  EXPECT_EQ(decode("\x1B["), "alt-[");
  EXPECT_EQ(decode("\x1BO"), "alt-O");
  EXPECT_EQ(decode("\x1B\x1B"), "alt-escape");
  EXPECT_EQ(decode("\x1B\x1B\x1B"), "escape alt-escape");
  KeyDecoder decoder;
  decoder.feed("\x1B[1;", start);
  EXPECT_EQ(decoder.next_deadline(), base::never) << "a terminal completes what is no key by itself";
  EXPECT_EQ(names(decoder.feed("5D", start + 9s)), "ctrl-left");
}

TEST(KeyDecoder, BracketedPaste) {
  EXPECT_EQ(decode("a\x1B[200~one\rtwo\x1B[31m\x03\x1B[201~b"), "a paste[one\rtwo\x1B[31m\x03] b");
  EXPECT_EQ(decode("\x1B[200~\x1B[201\x1B[20\x1B\x1B[201~"), "paste[\x1B[201\x1B[20\x1B]");
  EXPECT_EQ(decode("\x1B[200~\x1B[201~"), "paste[]");
}

TEST(KeyDecoder, APasteIsBounded) {
  KeyDecoder decoder;
  decoder.feed("\x1B[200~", start);
  const std::string part(KeyDecoder::paste_bytes_max - 1, 'a');
  EXPECT_TRUE(decoder.feed(part, start).empty());
  const std::vector<Key> keys = decoder.feed("bcd\x1B[201~x", start);
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].text, part + "b");
  EXPECT_EQ(keys[1].text, "x");
}

TEST(KeyDecoder, AnEndlessSequenceIsBoundedAndDoesNotSpill) {
  EXPECT_EQ(decode("\x1B[" + std::string(100'000, '1') + "~a"), "unknown a");
}

/// What terminals send, and bytes that make trouble.
std::string random_input(base::Random& random) {
  static constexpr std::string_view pieces[] = {"\x1B", "[",    "O",         "1",         ";", "5",   "D",
                                                "~",    "200~", "\x1B[200~", "\x1B[201~", "a", "é",   "中",
                                                "\xE4", "\x80", "\r",        "\x01",      "$", "\x7F"};
  std::string bytes;
  for (std::uint64_t i = random.below(40); i > 0; --i) bytes += pieces[random.below(std::size(pieces))];
  return bytes;
}

TEST(KeyDecoder, ItDoesNotMatterWhereTheInputIsSplit) {
  base::SeededRandom random(7);
  for (int round = 0; round < 2'000; ++round) {
    const std::string bytes = random_input(random);
    KeyDecoder whole;
    KeyDecoder split;
    std::vector<Key> keys;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t size = 1 + random.below(5);
      for (Key& key : split.feed(std::string_view(bytes).substr(at, size), start)) keys.push_back(std::move(key));
      at += size;
    }
    ASSERT_EQ(names(whole.feed(bytes, start)), names(keys)) << testing::PrintToString(bytes);
    ASSERT_EQ(names(whole.wake(start + 1s)), names(split.wake(start + 1s))) << testing::PrintToString(bytes);
  }
}

}  // namespace
}  // namespace confab::term

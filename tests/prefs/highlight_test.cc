// SPDX-License-Identifier: MIT
#include "prefs/highlight.h"

#include <gtest/gtest.h>

namespace confab::prefs {
namespace {

/// What is found, each in brackets.
std::string marked(const Highlights& highlights, std::string text) {
  auto found = highlights.find(text);
  for (auto range = found.rbegin(); range != found.rend(); ++range) {
    text.insert(range->end, "]");
    text.insert(range->begin, "[");
  }
  return text;
}

std::string for_ada(const std::string& text) { return marked(Highlights("Ada", {"on fire", "c++", "build"}), text); }

TEST(Highlights, AWordIsFoundWholeWhateverItsCase) {
  EXPECT_EQ(for_ada("Ada: tea?"), "[Ada]: tea?");
  EXPECT_EQ(for_ada("(ADA) and @ada, ada"), "([ADA]) and @[ada], [ada]");
  EXPECT_EQ(for_ada("Adam, Grenada, ada_x, ada2"), "Adam, Grenada, ada_x, ada2");
  EXPECT_EQ(for_ada("ＡＤＡ!"), "[ＡＤＡ]!") << "width is no difference";
  EXPECT_EQ(for_ada("nothing here"), "nothing here");
  EXPECT_EQ(for_ada(""), "");
}

TEST(Highlights, PhrasesAndSignsToo) {
  EXPECT_EQ(for_ada("The house is On Fire!"), "The house is [On Fire]!");
  EXPECT_EQ(for_ada("on firefly"), "on firefly");
  EXPECT_EQ(for_ada("C++, c++x"), "[C++], c++x");
}

TEST(Highlights, WhatAPersonCallsACharacterIsNotSplit) {
  EXPECT_EQ(for_ada("Ada\u0301 is another"), "Ada\u0301 is another");
  EXPECT_EQ(marked(Highlights("Zoë", {}), "zoe\u0308 ZOË zoe"), "[zoe\u0308] [ZOË] zoe");
  EXPECT_EQ(marked(Highlights("straße", {}), "STRASSE"), "[STRASSE]");
  EXPECT_EQ(marked(Highlights("s", {}), "ß"), "ß") << "half of what it folds to";
}

TEST(Highlights, TheLongestCounts) {
  EXPECT_EQ(marked(Highlights("Ada", {"Ada Lovelace"}), "ada lovelace and ada"), "[ada lovelace] and [ada]");
}

TEST(Highlights, NobodyMentionsWithoutAName) { EXPECT_EQ(marked(Highlights("", {""}), "some text"), "some text"); }

TEST(Highlights, OwnMessagesAndTheIgnoredAreNoMentions) {
  const Highlights highlights("Ada", {});
  Message message;
  message.text = "ada!";
  message.name = "Bob";
  message.verified = true;
  EXPECT_TRUE(highlights.mentions(message, {}));
  EXPECT_FALSE(highlights.mentions(message, {"BOB"}));
  message.own = true;
  EXPECT_FALSE(highlights.mentions(message, {}));
  message.own = false;
  message.name = "ada";
  EXPECT_FALSE(highlights.mentions(message, {})) << "typed on another device";
  message.verified = false;
  EXPECT_TRUE(highlights.mentions(message, {})) << "somebody who only calls himself so";
}

}  // namespace
}  // namespace confab::prefs

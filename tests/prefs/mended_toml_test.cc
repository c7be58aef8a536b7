// SPDX-License-Identifier: MIT
#include "prefs/mended_toml.h"

#include <sstream>

#include <gtest/gtest.h>

namespace confab::prefs {
namespace {

/// The lines that were complained about, and what was kept: "2 | { a = 1 }".
std::string mended(std::string_view text) {
  const MendedToml result = parse_mended(text);
  std::ostringstream out;
  for (const TomlProblem& each : result.problems) out << each.place.line << ' ';
  out << "| " << toml::json_formatter(result.table, toml::format_flags::none);
  std::string line = out.str();
  std::erase_if(line, [](char c) { return c == '\n' || c == ' '; });
  return line;
}

TEST(MendedToml, AWholeFileIsLeftAsItIs) { EXPECT_EQ(mended("a = 1\n[b]\nc = 2"), R"(|{"a":1,"b":{"c":2}})"); }

TEST(MendedToml, ALineThatIsNoneIsLeftOut) {
  EXPECT_EQ(mended("a = 1\nb = = 2\nc = 3\n"), R"(2|{"a":1,"c":3})");
  EXPECT_EQ(mended("a = all\nb = 2\nc = \"x\nd = 4"), R"(13|{"b":2,"d":4})");
  EXPECT_EQ(mended("a = 1\na = 2\n"), R"(2|{"a":1})");
  EXPECT_EQ(mended("l = [\n  1,\n]\na = 1\na = 2\n"), R"(5|{"a":1,"l":[1]})");
}

TEST(MendedToml, AHeaderThatIsNoneTakesItsSectionWithIt) {
  EXPECT_EQ(mended("[a]\nx = 1\n[b\ny = 2\n\n[c]\nz = 3\n"), R"(3|{"a":{"x":1},"c":{"z":3}})");
  EXPECT_EQ(mended("[a]\nx = 1\n[a]\nx = 2\n"), R"(3|{"a":{"x":1}})");
}

TEST(MendedToml, NoSettingMovesIntoTheSectionAbove) {
  EXPECT_EQ(mended("[a]\nx = 1\nb]\ny = 2\n[c]\nz = 3\n"), R"(3|{"a":{"x":1},"c":{"z":3}})");
  EXPECT_EQ(mended("[[a]]\nx = 1\n\u00A0[[a]]\ny = 2"), R"(3|{"a":[{"x":1}]})");
  EXPECT_EQ(mended("[a]\nx = \"\"\"u\n[b]\ny = 2"), R"(2|{"a":{},"b":{"y":2}})") << "no end of line at the end";
  EXPECT_EQ(mended("[a]\nx = [\n \"=\",\n \"v\"\n[b]\ny = 2\n"), R"(2|{"a":{},"b":{"y":2}})");
}

TEST(MendedToml, AValueThatDoesNotEndIsLeftOutAndNoOther) {
  EXPECT_EQ(mended("l = [\"a\",\nb = 2\n[c]\nd = 4\n"), R"(1|{"b":2,"c":{"d":4}})");
  EXPECT_EQ(mended("l = [\n \"a\",\n \"b\"\nb = 2\nc = 3\n"), R"(1|{"b":2,"c":3})");
  EXPECT_EQ(mended("a = 1\nt = \"\"\"\nb = 2\n"), R"(2|{"a":1,"b":2})");
}

TEST(MendedToml, WhatIsNoTomlAtAllIsOneProblem) {
  std::string prose;
  for (int i = 0; i < 30; ++i) prose += "a word, and another\n";
  EXPECT_EQ(mended("a = 1\n" + prose), "2|{}");
  const std::string_view bytes("\xff\x00\x1b[2J\n\xfe", 8);
  for (const TomlProblem& each : parse_mended(bytes).problems) EXPECT_EQ(each.text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace confab::prefs

// SPDX-License-Identifier: MIT
#include "screen/link_finder.h"

#include <string>

#include <gtest/gtest.h>

namespace confab::screen {
namespace {

/// The links, one a row.
std::string links(std::string_view text) {
  std::string found;
  for (const prefs::TextRange range : find_links(text)) {
    found += std::string(text.substr(range.begin, range.end - range.begin)) + "\n";
  }
  return found;
}

TEST(LinkFinder, FindsAddressesInSentences) {
  EXPECT_EQ(links("see https://example.org/a?b=c#d."), "https://example.org/a?b=c#d\n");
  EXPECT_EQ(links("http://a.org, HTTPS://b.org; confab://host:2209/dev!"),
            "http://a.org\nHTTPS://b.org\nconfab://host:2209/dev\n");
  EXPECT_EQ(links("<https://a.org> \"https://b.org\" 'https://c.org'"),
            "https://a.org\nhttps://b.org\nhttps://c.org\n");
  EXPECT_EQ(links("https://日本.example/語"), "https://日本.example/語\n");
}

TEST(LinkFinder, BracketsBelongToWhoOpensThem) {
  EXPECT_EQ(links("(https://a.org/x)"), "https://a.org/x\n");
  EXPECT_EQ(links("https://a.org/Go_(game)"), "https://a.org/Go_(game)\n");
  EXPECT_EQ(links("(see https://a.org/Go_(game).)"), "https://a.org/Go_(game)\n");
  EXPECT_EQ(links("[x](https://a.org)"), "https://a.org\n");
  EXPECT_EQ(links("http://[::1]:80/"), "http://[::1]:80/\n");
}

TEST(LinkFinder, LeavesOtherThingsAlone) {
  EXPECT_EQ(links("ftp://a.org xhttp://a.org https:// https://. http:/a ://a"), "");
  EXPECT_EQ(links("ftp://a.org and http://b.org"), "http://b.org\n");
  EXPECT_EQ(links(""), "");
}

TEST(LinkFinder, AFloodCostsOnePass) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "http://";
  EXPECT_EQ(find_links(text).size(), 1u);
  EXPECT_EQ(links("http://a" + std::string(16'000, ')')), "http://a\n");
}

}  // namespace
}  // namespace confab::screen

// SPDX-License-Identifier: MIT
#include "tui/completion.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace confab::tui {
namespace {

using Candidates = std::vector<std::string>;

struct CompletionScript : ::testing::Test {
  CompletionScript() {
    for (const char* name : {"Ada", "Adam", "Zoë", "Ada Lovelace"}) names.add(name);
  }
  /// The candidates at the end of this line.
  Candidates offered(std::string_view line) {
    const auto completions =
        complete(line, line.size(), {.names = &names, .rooms = [this] { return rooms; }, .settings = settings});
    from = completions.from;
    return completions.candidates;
  }

  NameIndex names;
  std::vector<std::string> rooms{"dev", "deploy", "lobby"};
  std::vector<std::string> settings{"notifications.bell", "theme"};
  std::size_t from = 0;
};

TEST_F(CompletionScript, ACommandAtTheStart) {
  EXPECT_EQ(offered("/jo"), (Candidates{"/join "}));
  EXPECT_EQ(offered("/RE"), (Candidates{"/react ", "/redact ", "/reply ", "/retry"}));
  EXPECT_EQ(offered("//jo"), Candidates{}) << "that is text";
  EXPECT_EQ(offered("say /jo"), Candidates{});
}

TEST_F(CompletionScript, ANameIsAddressedAtTheStartAndNamedElsewhere) {
  EXPECT_EQ(offered("ada"), (Candidates{"Ada: ", "Ada Lovelace: ", "Adam: "}));
  EXPECT_EQ(offered("ask ada"), (Candidates{"Ada ", "Ada Lovelace ", "Adam "}));
  EXPECT_EQ(from, 4U);
  EXPECT_EQ(offered("@zo"), (Candidates{"@Zoë "}));
  EXPECT_EQ(offered(""), Candidates{});
  EXPECT_EQ(offered("two "), Candidates{});
}

TEST_F(CompletionScript, WhoSpokeLastComesFirst) {
  names.spoke("Ada Lovelace");
  names.spoke("Adam");
  EXPECT_EQ(offered("ad"), (Candidates{"Adam: ", "Ada Lovelace: ", "Ada: "}));
  names.spoke("Ada Lovelace");
  EXPECT_EQ(offered("ad"), (Candidates{"Ada Lovelace: ", "Adam: ", "Ada: "}));
  names.remove("ADA LOVELACE");
  EXPECT_EQ(offered("ad"), (Candidates{"Adam: ", "Ada: "}));
}

TEST_F(CompletionScript, WhatTheCommandTakes) {
  EXPECT_EQ(offered("/join de"), (Candidates{"dev ", "deploy "}));
  EXPECT_EQ(offered("/j #L"), (Candidates{"#lobby "}));
  EXPECT_EQ(offered("/msg ad").front(), "Ada ");
  EXPECT_EQ(offered("/reply ad").front(), "Ada: ");
  EXPECT_EQ(offered("/set th"), (Candidates{"theme "}));
  EXPECT_EQ(offered("/set  not"), (Candidates{"notifications.bell "}));
  EXPECT_EQ(offered("/me greets zo"), (Candidates{"Zoë "}));
  EXPECT_EQ(offered("/join dev ad").front(), "Ada ") << "only the first word is the room";
  EXPECT_EQ(offered("/whois ").size(), 4U);
}

TEST_F(CompletionScript, RoomsAndEmojiAnywhere) {
  EXPECT_EQ(offered("see #de"), (Candidates{"#dev ", "#deploy "}));
  EXPECT_EQ(offered("well :thumbs_u"), (Candidates{"👍"}));
  EXPECT_EQ(offered("/react :tad"), (Candidates{"🎉"}));
  EXPECT_EQ(offered("well :t"), Candidates{}) << "one letter is any emoji";
}

TEST_F(CompletionScript, OfTenThousandMembersTheFewThatFit) {
  for (int i = 0; i < 10'000; ++i) names.add(fmt::format("member{:05}", i));
  for (int i = 0; i < 10'000; i += 2) names.spoke(fmt::format("member{:05}", i));
  EXPECT_EQ(offered("member0000"),
            (Candidates{"member00008: ", "member00006: ", "member00004: ", "member00002: ", "member00000: ",
                        "member00001: ", "member00003: ", "member00005: ", "member00007: ", "member00009: "}));
  EXPECT_EQ(offered("member").size(), candidates_max);
}

}  // namespace
}  // namespace confab::tui

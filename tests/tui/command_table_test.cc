// SPDX-License-Identifier: MIT
#include "tui/command_table.h"

#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace confab::tui {
namespace {

std::string error_of(std::string_view line) {
  const auto call = parse_command(line);
  return call ? "" : call.error();
}

TEST(CommandTable, EveryWordMeansOneCommand) {
  std::set<std::string> words;
  for (const CommandRow& row : command_table()) {
    EXPECT_TRUE(words.insert(std::string(row.name)).second) << row.name;
    std::istringstream aliases{std::string(row.aliases)};
    for (std::string alias; aliases >> alias;) EXPECT_TRUE(words.insert(alias).second) << alias;
    EXPECT_EQ(row_of(row.verb).name, row.name);
    EXPECT_FALSE(row.help.empty());
  }
  for (const char* word : {"join",    "j",      "part",  "leave",  "nick",  "msg",    "query",    "me",   "topic",
                           "names",   "who",    "whois", "away",   "back",  "ignore", "unignore", "list", "search",
                           "history", "reply",  "edit",  "redact", "react", "retry",  "discard",  "mark", "set",
                           "exec",    "status", "clear", "help",   "quit",  "q",      "exit"}) {
    EXPECT_TRUE(words.contains(word)) << word;
  }
}

TEST(CommandTable, ACommandIsItsWordWhateverItsCase) {
  EXPECT_EQ(parse_command("/join dev"), (CommandCall{Verb::join, "dev"}));
  EXPECT_EQ(parse_command("/J   Dev  "), (CommandCall{Verb::join, "Dev"}));
  EXPECT_EQ(parse_command("/EXIT"), (CommandCall{Verb::quit, ""}));
  EXPECT_EQ(parse_command("/who"), (CommandCall{Verb::names, ""}));
  EXPECT_EQ(parse_command("/me\nwaves\nand goes"), (CommandCall{Verb::me, "waves\nand goes"}));
}

TEST(CommandTable, TextIsTextWordForWord) {
  EXPECT_EQ(parse_command("  hello "), (CommandCall{Verb::say, "  hello "}));
  EXPECT_EQ(parse_command("//quit "), (CommandCall{Verb::say, "/quit "}));
}

TEST(CommandTable, AnUnknownWordIsAnErrorThatNamesTheNearest) {
  EXPECT_EQ(error_of("/jion dev"),
            "there is no command /jion; nothing was sent (did you mean /join?; //jion dev sends it as text)");
  EXPECT_NE(error_of("/hist").find("did you mean /history?"), std::string::npos);
  EXPECT_NE(error_of("/xyzzy").find("/help lists them"), std::string::npos);
  EXPECT_NE(error_of("/"), "");
  EXPECT_NE(error_of("/ x"), "");
  EXPECT_NE(error_of("/usr/bin/env"), "");
}

TEST(CommandTable, WhatIsMissingIsToldWithTheUsage) {
  EXPECT_EQ(error_of("/join"), "usage: /join ROOM");
  EXPECT_EQ(error_of("/me \n "), "usage: /me TEXT");
  EXPECT_EQ(error_of("/reply"), "usage: /reply [NAME:] TEXT");
  EXPECT_EQ(error_of("/part"), "");
}

TEST(CommandTable, WhoIsAnsweredStandsBeforeAColon) {
  EXPECT_EQ(split_address("Ada Lovelace: yes: it is").name, "Ada Lovelace");
  EXPECT_EQ(split_address("Ada Lovelace: yes: it is").text, "yes: it is");
  EXPECT_EQ(split_address("yes").name, "");
  EXPECT_EQ(split_address(":+1:").text, ":+1:");
  EXPECT_EQ(split_address("at 10:30").name, "");
}

TEST(CommandTable, AHelpLineShowsTheUsage) {
  EXPECT_EQ(help_line(row_of(Verb::join)), "/join ROOM              enter a room and talk in it (/j)");
  EXPECT_TRUE(help_line(row_of(Verb::quit)).ends_with("leave (/q /exit)"));
  EXPECT_TRUE(help_line(row_of(Verb::me)).ends_with("say what you do"));
}

}  // namespace
}  // namespace confab::tui

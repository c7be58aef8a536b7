// SPDX-License-Identifier: MIT
#include "tui/printer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fake_client.h"

namespace confab::tui {
namespace {

TEST(Printer, ScriptsGetNameAndText) {
  EXPECT_EQ(to_script_lines(message("Hilmi", "Hii"), "lobby"), "Hilmi : Hii\n");
  EXPECT_EQ(to_script_lines(message("Hilmi", "Hii", "dev"), "lobby"), "#dev Hilmi : Hii\n");
  EXPECT_EQ(to_script_lines(message("Hilmi", "one\n\ntwo"), "lobby"), "Hilmi : one\nHilmi : \nHilmi : two\n");
  Message action = message("Hilmi", "waves");
  action.kind = Kind::action;
  EXPECT_EQ(to_script_lines(action, "lobby"), "* Hilmi waves\n");
  EXPECT_EQ(to_script_lines(Joined{"lobby", 1, 0, "Hilmi", true, 0}, "lobby"), "");
}

TEST(Printer, PeopleSeeWhoIsNotVerifiedAndWhoComesAndGoes) {
  Message plain = message("Hilmi", "Hii");
  plain.verified = false;
  EXPECT_EQ(to_human_lines(plain, "lobby", false), "~Hilmi : Hii\n");
  EXPECT_EQ(to_human_lines(Joined{"lobby", 1, 0, "Ryo", true, 0}, "lobby", false), "* Ryo joined\n");
  EXPECT_EQ(to_human_lines(Left{"dev", 1, 0, "Ryo", false, Left::Reason::lost, 0}, "lobby", false),
            "#dev * ~Ryo was lost\n");
  EXPECT_EQ(to_human_lines(Unknown{"lobby", 1, 0, "Ryo", 0}, "lobby", false),
            "* something of Ryo that this version cannot show\n");
  EXPECT_EQ(to_human_lines(Gone{"lobby", 1, 999, 0}, "lobby", false), "(events 1 to 999 are no longer kept)\n");
}

TEST(Printer, PeopleSeeWhatBecomesOfARoomAndItsMessages) {
  const std::string target = "00112233445566778899aabbccddeeff";
  EXPECT_EQ(to_human_lines(TopicChanged{"lobby", 1, 0, "Ada", "tea", true, 0}, "lobby", false),
            "* Ada set the topic: tea\n");
  EXPECT_EQ(to_human_lines(TopicChanged{"lobby", 1, 0, "Ada", "", true, 0}, "lobby", false),
            "* Ada took the topic away\n");
  EXPECT_EQ(to_human_lines(Edited{"dev", 1, 0, "Ada", target, "Hi\nBob : yes", false, 0}, "lobby", false),
            "#dev * ~Ada edited: Hi Bob : yes\n")
      << "no line of its own for what looks like somebody else's";
  EXPECT_EQ(to_human_lines(Redacted{"lobby", 1, 0, "Ada", target, "", true, 0}, "lobby", false),
            "* Ada took back a message\n");
  EXPECT_EQ(to_human_lines(Redacted{"lobby", 1, 0, "Ada", target, "typo", true, 0}, "lobby", true),
            "\x1b[2m* Ada took back a message: typo\x1b[0m\n");
  EXPECT_EQ(to_human_lines(Reacted{"lobby", 1, 0, "Ada", target, "👍", false, true, 0}, "lobby", false), "");
  EXPECT_EQ(to_human_lines(Invited{"@ada : bob", "bob", 3}, "lobby", false), "* bob has written to you: /join @bob\n");
}

TEST(Printer, ScriptsSeeMessagesAlone) {
  EXPECT_EQ(to_script_lines(TopicChanged{"lobby", 1, 0, "Ada", "tea", true, 0}, "lobby"), "");
  EXPECT_EQ(to_script_lines(Invited{"@ada : bob", "bob", 3}, "lobby"), "");
  EXPECT_EQ(to_script_lines(message("bob", "Hii", "@ada : bob"), "lobby"), "@ada : bob bob : Hii\n");
}

TEST(Printer, RoomsShowTheirTopic) {
  EXPECT_EQ(to_columns({"dev", 2, 7, "tea"}), "#dev\t2 here\t7 events\ttea\n");
  EXPECT_EQ(to_columns({"dev", 2, 7}), "#dev\t2 here\t7 events\n");
  EXPECT_EQ(to_human_line(RoomInfo{"dev", 2, 7, "tea"}), "* #dev  2 here  tea\n");
  EXPECT_EQ(to_human_line(RoomInfo{"@ada : bob", 2, 7}), "* @ada : bob  2 here\n");
  EXPECT_EQ(nlohmann::json::parse(to_json_line(RoomInfo{"dev", 2, 7, "tea"}))["topic"], "tea");
  EXPECT_FALSE(nlohmann::json::parse(to_json_line(RoomInfo{"dev", 2, 7})).contains("topic"));
}

TEST(Printer, JsonHasTheContractsKeys) {
  const auto json = nlohmann::json::parse(to_json_line(message("Hil\"mi", "a\nb")));
  EXPECT_EQ(json["type"], "message");
  EXPECT_EQ(json["room"], "lobby");
  EXPECT_EQ(json["seq"], 5);
  EXPECT_EQ(json["time"], "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(json["name"], "Hil\"mi");
  EXPECT_EQ(json["text"], "a\nb");
  EXPECT_EQ(json["id"], "00112233445566778899aabbccddeeff");
  EXPECT_EQ(json["verified"], true);
}

TEST(Printer, EveryEventIsOneJsonLineOrNone) {
  const std::vector<std::pair<Event, std::string>> expected{
      {Joined{"lobby", 1, 0, "R", true, 0}, "join"},
      {Left{"lobby", 1, 0, "R", true, Left::Reason::quit, 0}, "leave"},
      {TopicChanged{"lobby", 1, 0, "R", "tea", true, 0}, "topic"},
      {Edited{"lobby", 1, 0, "R", "01", "Hi", true, 0}, "edit"},
      {Redacted{"lobby", 1, 0, "R", "01", "", true, 0}, "redaction"},
      {Reacted{"lobby", 1, 0, "R", "01", "👍", false, true, 0}, "reaction"},
      {Invited{"@ada : bob", "bob", 3}, "invite"},
      {MarkerMoved{"lobby", 3}, ""},
      {Unknown{"lobby", 1, 0, "R", 0}, "unknown"},
      {Gone{"lobby", 1, 999, 0}, "gone"},
      {Skipped{"lobby", 1, 999, 0}, "skipped"},
      {status(Status::State::stored), "status"},
      {link(Link::State::online), "link"},
      {Refused{1, "no"}, "error"},
      {PresenceChanged{"lobby", "R", Presence::away, ""}, "presence"},
      {Typing{"lobby", "R", true}, "typing"},
      {Opened{1, "lobby", 1, 1}, ""},
      {Ended{1, "lobby"}, ""}};
  for (const auto& [event, type] : expected) {
    const std::string line = to_json_line(event);
    if (type.empty()) {
      EXPECT_EQ(line, "");
      continue;
    }
    EXPECT_EQ(nlohmann::json::parse(line)["type"], type);
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  }
}

TEST(Printer, WhatIsSaidToAMessageNamesIt) {
  const auto edit = nlohmann::json::parse(to_json_line(Edited{"lobby", 7, 0, "Ada", "01", "a\nb", true, 0}));
  EXPECT_EQ(edit["seq"], 7);
  EXPECT_EQ(edit["target"], "01");
  EXPECT_EQ(edit["text"], "a\nb");
  EXPECT_EQ(edit["verified"], true);
  const auto redaction = nlohmann::json::parse(to_json_line(Redacted{"lobby", 7, 0, "Ada", "01", "typo", true, 0}));
  EXPECT_EQ(redaction["target"], "01");
  EXPECT_EQ(redaction["reason"], "typo");
  const auto reaction = nlohmann::json::parse(to_json_line(Reacted{"lobby", 7, 0, "Ada", "01", "👍", true, true, 0}));
  EXPECT_EQ(reaction["target"], "01");
  EXPECT_EQ(reaction["text"], "👍");
  EXPECT_EQ(reaction["withdrawn"], true);
}

TEST(Printer, AGapSaysFromWhereToWhere) {
  EXPECT_EQ(to_json_line(Gone{"lobby", 1, 999, 0}), R"({"type":"gone","room":"lobby","first":1,"last":999})"
                                                    "\n");
}

TEST(Printer, AStatusSaysWhereOrWhy) {
  EXPECT_EQ(nlohmann::json::parse(to_json_line(status(Status::State::stored)))["seq"], 9);
  EXPECT_EQ(nlohmann::json::parse(to_json_line(status(Status::State::refused, "full")))["reason"], "full");
}

TEST(Printer, TimesBeforeTheEpochAndFarAwayAreTimes) {
  EXPECT_EQ(format_time(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace confab::tui

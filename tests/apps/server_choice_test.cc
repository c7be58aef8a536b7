// SPDX-License-Identifier: MIT
#include "server_choice.h"

#include <gtest/gtest.h>

namespace confab::apps {
namespace {

/// "HOST:PORT NAME ROOM ROOM;" of each server.
std::string chosen(std::vector<const char*> arguments, const prefs::Settings& settings) {
  arguments.insert(arguments.begin(), "confab");
  const auto options = parse_client_options(static_cast<int>(arguments.size()), arguments.data());
  std::string all;
  for (const ScreenServerOptions& each : choose_servers(*options, settings)) {
    all += each.link.target() + " " + (each.name.empty() ? "-" : each.name);
    for (const std::string& room : each.rooms) all += " " + room;
    all += ";";
  }
  return all;
}

prefs::Settings two_servers() {
  prefs::Settings settings;
  settings.servers = {{.link = "confab://one.example/dev", .name = "Ada", .rooms = {}},
                      {.link = "two.example", .name = "", .rooms = {"tea", "cups"}},
                      {.link = "three.example", .name = "", .rooms = {}, .autoconnect = false}};
  return settings;
}
const prefs::Settings two = two_servers();

TEST(ServerChoice, ThoseOfTheSettingsThatConnectOnTheirOwn) {
  EXPECT_EQ(chosen({}, two), "one.example:2209 Ada dev;two.example:2209 - tea cups;");
  EXPECT_EQ(chosen({}, {}), "127.0.0.1:2209 - lobby;");
  EXPECT_EQ(chosen({"--name", "Zoe", "--room", "x"}, {}), "127.0.0.1:2209 Zoe x;");
}

TEST(ServerChoice, AnAddressLeavesThemOut) {
  EXPECT_EQ(chosen({"four.example", "--name", "Zoe"}, two), "four.example:2209 Zoe lobby;");
}

TEST(ServerChoice, WhatTheCommandLineSaysGoesFirst) {
  EXPECT_EQ(chosen({"--name", "Zoe"}, two), "one.example:2209 Zoe dev;two.example:2209 Zoe tea cups;");
  EXPECT_EQ(chosen({"--room", "x", "--room", "y"}, two), "one.example:2209 Ada x y;two.example:2209 - tea cups;");
}

}  // namespace
}  // namespace confab::apps

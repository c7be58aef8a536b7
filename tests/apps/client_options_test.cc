// SPDX-License-Identifier: MIT
#include "client_options.h"

#include <gtest/gtest.h>

namespace confab::apps {
namespace {

using Command = ClientSettings::Command;

std::expected<ClientSettings, Exit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "confab");
  return parse_client_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST(ClientOptions, DefaultsAreTheContracts) {
  const auto settings = parse({});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->command, Command::chat);
  EXPECT_EQ(settings->server.target(), "127.0.0.1:2209");
  EXPECT_EQ(settings->rooms, (std::vector<std::string>{"lobby"}));
  EXPECT_EQ(settings->name, "");
}

TEST(ClientOptions, AnAddressMayStandAloneOrBehindServer) {
  EXPECT_EQ(parse({"chat.example:99"})->server.target(), "chat.example:99");
  EXPECT_EQ(parse({"--server", "[::1]"})->server.target(), "[::1]:2209");
  EXPECT_EQ(parse({"a", "--server", "b"}).error().code, 2);
  EXPECT_EQ(parse({"confab://host/dev"})->rooms, (std::vector<std::string>{"dev"}));
}

TEST(ClientOptions, RoomsAreCanonicalAndInOrder) {
  EXPECT_EQ(parse({"--room", "#Dev", "--room", "lobby", "--room", "dev"})->rooms,
            (std::vector<std::string>{"dev", "lobby"}));
  EXPECT_EQ(parse({"--room", "no room"}).error().code, 2);
}

TEST(ClientOptions, OptionsStandBeforeOrBehindTheSubcommand) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{{"send", "--room", "dev", "hello", "world"},
                                                                     {"--room", "dev", "send", "hello", "world"},
                                                                     {"send", "hello", "world", "--room", "dev"}}) {
    const auto settings = parse(arguments);
    ASSERT_TRUE(settings) << settings.error().err;
    EXPECT_EQ(settings->command, Command::send);
    EXPECT_EQ(settings->rooms.front(), "dev");
    EXPECT_EQ(settings->words, (std::vector<std::string>{"hello", "world"}));
  }
}

TEST(ClientOptions, WhereToBegin) {
  EXPECT_EQ(parse({"tail"})->start, std::nullopt);
  EXPECT_EQ(parse({"tail", "--since", "all"})->start->seq, 1U);
  EXPECT_EQ(parse({"history", "--since", "17"})->start->seq, 17U);
  EXPECT_EQ(parse({"history", "-n", "5"})->start->newest, 5U);
  for (const char* bad : {"0", "-1", "x", "1x", "99999999999999999999", ""}) {
    EXPECT_EQ(parse({"history", "--since", bad}).has_value(), std::string_view(bad).empty()) << bad;
  }
  EXPECT_EQ(parse({"history", "--since", "1", "-n", "1"}).error().code, 2);
}

TEST(ClientOptions, AMessagesIdIsOfTheCallersChoice) {
  const auto settings = parse({"send", "--id", "00112233445566778899AABBCCDDEEFF", "hello"});
  ASSERT_TRUE(settings) << settings.error().err;
  EXPECT_EQ(settings->id->to_string(), "00112233445566778899aabbccddeeff");
  EXPECT_EQ(parse({"send", "hello"})->id, std::nullopt);
  EXPECT_EQ(parse({"status"})->command, Command::status);
}

TEST(ClientOptions, TheSettingsFileCanBeNamedAndLookedThrough) {
  const auto settings = parse({"--check-config", "--config", "mine.toml"});
  ASSERT_TRUE(settings) << settings.error().err;
  EXPECT_TRUE(settings->check_config);
  EXPECT_EQ(settings->config, "mine.toml");
  EXPECT_FALSE(parse({})->check_config);
}

TEST(ClientOptions, BadUsageIsTwoAndOneLineThatSaysWhat) {
  for (const auto& arguments :
       std::vector<std::vector<const char*>>{{"--nonsense"},
                                             {"confab://"},
                                             {"host:0"},
                                             {"--name", "\x1b[2J"},
                                             {"search"},
                                             {"--check-config", "history"},
                                             {"--plain", "history"},
                                             {"--plain", "status"},
                                             {"send", "--id", "12", "hello"},
                                             {"send", "--id", "0011223344556677 899aabbccddeeff", "x"},
                                             {"--plain", "send", "--id", "00112233445566778899aabbccddeeff", "hello"},
                                             {"a", "b"}}) {
    const auto settings = parse(arguments);
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().code, 2);
    EXPECT_EQ(settings.error().err.rfind("confab: ", 0), 0U) << settings.error().err;
    EXPECT_EQ(settings.error().err.find('\x1b'), std::string::npos) << "what is echoed is clean";
  }
}

TEST(ClientOptions, HelpAndVersionGoToStdout) {
  EXPECT_EQ(parse({"--help"}).error().code, 0);
  EXPECT_NE(parse({"--help"}).error().out.find("--accept-new"), std::string::npos);
  EXPECT_EQ(parse({"--version"}).error().out.rfind("confab ", 0), 0U);
  EXPECT_NE(parse({"send", "--help"}).error().out.find("TEXT"), std::string::npos);
}

}  // namespace
}  // namespace confab::apps

// SPDX-License-Identifier: MIT
#include "server_options.h"

#include <cstdlib>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace confab::apps {
namespace {

std::expected<ServerSettings, Exit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "confabd");
  return parse_server_options(static_cast<int>(arguments.size()), arguments.data());
}

/// A settings file that is gone when the test is over.
struct SettingsFile {
  explicit SettingsFile(const std::string& text) { std::ofstream(path) << text; }
  ~SettingsFile() { std::remove(path.c_str()); }
  std::string path = ::testing::TempDir() + "confabd-" + std::to_string(::getpid()) + ".toml";
};

TEST(ServerOptions, DefaultsAreTheContracts) {
  const auto settings = parse({});
  ASSERT_TRUE(settings);
  ASSERT_EQ(settings->listen.size(), 1U);
  EXPECT_EQ(settings->listen[0].to_string(), "127.0.0.1:2209");
  EXPECT_FALSE(settings->quiet);
  EXPECT_TRUE(settings->takes_plain());
}

TEST(ServerOptions, PlainIsOffByItselfBeyondLoopback) {
  EXPECT_FALSE(parse({"--listen", "127.0.0.1:1", "--listen", "0.0.0.0:1"})->takes_plain());
  EXPECT_TRUE(parse({"--listen", "0.0.0.0:1", "--plain", "on"})->takes_plain());
  EXPECT_FALSE(parse({"--plain", "off"})->takes_plain());
  EXPECT_TRUE(parse({"--listen", "[::1]:1"})->takes_plain());
}

TEST(ServerOptions, CommandLineBeforeEnvironmentBeforeFile) {
  const SettingsFile file(
      "listen = [\"127.0.0.1:3\", \"[::1]:3\"]\nquiet = true\nlog_level = \"error\"\nplain = \"off\"\n");
  ::setenv("CONFABD_LOG_LEVEL", "debug", 1);
  ::setenv("CONFABD_PLAIN", "on", 1);
  const auto settings = parse({"--config", file.path.c_str(), "--plain", "auto", "--quiet=false"});
  ::unsetenv("CONFABD_LOG_LEVEL");
  ::unsetenv("CONFABD_PLAIN");
  ASSERT_TRUE(settings) << settings.error().err;
  EXPECT_EQ(settings->listen.size(), 2U);
  EXPECT_EQ(settings->plain, ServerSettings::Plain::automatic);
  EXPECT_EQ(settings->log_level, base::LogLevel::debug);
  EXPECT_FALSE(settings->quiet);
}

TEST(ServerOptions, AFlagOfTheEnvironmentMayBeWrittenAsPeopleDo) {
  for (const auto& [word, quiet] : std::vector<std::pair<const char*, bool>>{
           {"1", true}, {"true", true}, {"yes", true}, {"0", false}, {"off", false}}) {
    ::setenv("CONFABD_QUIET", word, 1);
    const auto settings = parse({});
    EXPECT_TRUE(settings.has_value() && settings->quiet == quiet) << word;
  }
  ::setenv("CONFABD_QUIET", "perhaps", 1);
  EXPECT_EQ(parse({}).error().code, 2);
  ::unsetenv("CONFABD_QUIET");
}

TEST(ServerOptions, AWrongSettingIsNamedWithFileAndLine) {
  EXPECT_EQ(read_settings("f", "quiet = true\nnonsense = 1\n").error(), "f:2: there is no setting \"nonsense\"");
  EXPECT_EQ(read_settings("f", "\n\nquiet = [1, 2]\n").error(), "f:3: \"quiet\" has a value of the wrong kind");
  EXPECT_EQ(read_settings("f", "quiet = \n").error().rfind("f:1: ", 0), 0U);
  EXPECT_EQ(read_settings("f", "listen = \"a\"\nquiet = false\n").value(),
            (std::vector<std::string>{"--listen=a", "--quiet=false"}));
}

TEST(ServerOptions, AWrongValueInTheFileNamesTheFile) {
  const SettingsFile file("log_level = \"loud\"\n");
  const auto settings = parse({"--config", file.path.c_str()});
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, 2);
  EXPECT_NE(settings.error().err.find(file.path), std::string::npos) << settings.error().err;
}

server::RetentionRule rule(int days, std::uint64_t count) {
  return {.age_max = std::chrono::days(days), .count_max = count};
}

TEST(ServerOptions, EverythingIsKeptUnlessTold) {
  EXPECT_EQ(parse({})->retention.all, rule(0, 0));
  const auto settings = parse({"--keep-days", "30", "--keep-count=10000"});
  ASSERT_TRUE(settings) << settings.error().err;
  EXPECT_EQ(settings->retention.all, rule(30, 10000));
  EXPECT_TRUE(settings->retention.rooms.empty());
}

TEST(ServerOptions, ARoomMayHaveARuleOfItsOwn) {
  const auto settings = parse(
      {"--keep", "Lobby=30d", "--keep", "#tea=5", "--keep", "news=7d,100", "--keep", "x=9,1d", "--keep", "y=all"});
  ASSERT_TRUE(settings) << settings.error().err;
  EXPECT_EQ(
      settings->retention.rooms,
      (std::map<std::string, server::RetentionRule>{
          {"lobby", rule(30, 0)}, {"tea", rule(0, 5)}, {"news", rule(7, 100)}, {"x", rule(1, 9)}, {"y", rule(0, 0)}}));
}

TEST(ServerOptions, RulesComeFromTheEnvironmentAndTheFileToo) {
  const SettingsFile file("keep_days = 30\nkeep_count = 5\nkeep = [\"lobby=7d,100\", \"tea=all\"]\n");
  ::setenv("CONFABD_KEEP_COUNT", "9", 1);
  auto settings = parse({"--config", file.path.c_str()});
  ::unsetenv("CONFABD_KEEP_COUNT");
  ASSERT_TRUE(settings) << settings.error().err;
  EXPECT_EQ(settings->retention.all, rule(30, 9));
  EXPECT_EQ(settings->retention.rooms.size(), 2U);

  ::setenv("CONFABD_KEEP", "lobby=7d,100;tea=all", 1);
  settings = parse({});
  ::unsetenv("CONFABD_KEEP");
  ASSERT_TRUE(settings) << settings.error().err;
  EXPECT_EQ(settings->retention.rooms.at("lobby"), rule(7, 100));
  EXPECT_EQ(settings->retention.rooms.at("tea"), rule(0, 0));
}

TEST(ServerOptions, AWrongRuleIsShownWithARightOne) {
  EXPECT_EQ(parse({"--keep-days", "soon"}).error().err,
            "confabd: --keep-days soon: not a number of days up to 36500\n");
  EXPECT_EQ(parse({"--keep-count=-1"}).error().err,
            "confabd: --keep-count -1: not a number of events up to 1000000000000\n");
  EXPECT_EQ(parse({"--keep", "lobby=1d", "--keep", "#LOBBY=2d"}).error().err,
            "confabd: --keep #LOBBY=2d: #lobby has a rule already\n");
  for (const char* word : {"lobby", "lobby=", "=30d", "lobby=30days", "lobby=1,2", "lobby=1d,2d", "lobby=0",
                           "lobby=1d,", "lobby=1d,2,3", "a room=1d", "lobby=99999999d"}) {
    const auto settings = parse({"--keep", word});
    ASSERT_FALSE(settings) << word;
    EXPECT_EQ(settings.error().err,
              fmt::format("confabd: --keep {}: not a room and its rule like lobby=30d, lobby=10000, lobby=30d,10000 or "
                          "lobby=all\n",
                          word));
    EXPECT_EQ(settings.error().code, 2);
  }
}

TEST(ServerOptions, BadUsageIsTwo) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{{"--listen", "localhost"},
                                                                     {"--listen", "1.2.3.4:99999"},
                                                                     {"--plain", "maybe"},
                                                                     {"--workers", "9"},
                                                                     {"--workers", "0"},
                                                                     {"--workers", "many"},
                                                                     {"--config", "/nonexistent"},
                                                                     {"stray"}}) {
    const auto settings = parse(arguments);
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().code, 2);
    EXPECT_EQ(settings.error().err.rfind("confabd: ", 0), 0U) << settings.error().err;
  }
}

TEST(ServerOptions, HelpAndVersionGoToStdout) {
  EXPECT_NE(parse({"--help"}).error().out.find("--listen"), std::string::npos);
  EXPECT_EQ(parse({"--version"}).error().out.rfind("confabd ", 0), 0U);
}

}  // namespace
}  // namespace confab::apps

// SPDX-License-Identifier: MIT
#include "server_options.h"

#include <cstdlib>
#include <fstream>

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

TEST(ServerOptions, BadUsageIsTwo) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{{"--listen", "localhost"},
                                                                     {"--listen", "1.2.3.4:99999"},
                                                                     {"--plain", "maybe"},
                                                                     {"--workers", "7"},
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

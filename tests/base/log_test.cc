// SPDX-License-Identifier: MIT
#include "base/log.h"

#include <regex>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace confab::base {
namespace {

// What `speak` says to a log, as it comes out on stderr.
template <typename Speak>
std::string written(LogLevel threshold, LogFormat format, Speak speak) {
  testing::internal::CaptureStderr();
  speak(*make_stderr_log(threshold, format));
  return testing::internal::GetCapturedStderr();
}

TEST(Log, WritesTimeLevelCategoryAndLine) {
  const std::string line =
      written(LogLevel::info, LogFormat::text, [](Log& log) { log.info("server", "ready {}", 7); });
  const std::regex form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info server ready 7\n)");
  EXPECT_TRUE(std::regex_match(line, form)) << line;
}

TEST(Log, ThresholdSilencesWhatIsBelow) {
  const auto speak = [](Log& log) {
    log.debug("a", "d");
    log.info("a", "i");
    log.warning("a", "w");
    log.error("a", "e");
  };
  const auto lines = [&](LogLevel threshold) {
    const std::string text = written(threshold, LogFormat::text, speak);
    return std::ranges::count(text, '\n');
  };
  EXPECT_EQ(lines(LogLevel::debug), 4);
  EXPECT_EQ(lines(LogLevel::warning), 2);
  EXPECT_EQ(lines(LogLevel::off), 0);
}

TEST(Log, HostileLineStaysOneHarmlessLine) {
  const std::string line =
      written(LogLevel::info, LogFormat::text, [](Log& log) { log.info("a", "name {}", "\x1B[2J\nfake error line"); });
  EXPECT_TRUE(line.ends_with(" info a name \uFFFD[2J\uFFFDfake error line\n")) << line;
}

TEST(Log, JsonIsOneObjectALineWhateverItSays) {
  const std::string line = written(LogLevel::info, LogFormat::json, [](Log& log) {
    log.error("net", "{}", "quote \" backslash \\ brace {} percent %v escape \x1B byte \xFF");
  });
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  const nlohmann::json object = nlohmann::json::parse(line);
  EXPECT_EQ(object["level"], "error");
  EXPECT_EQ(object["category"], "net");
  EXPECT_EQ(object["message"], "quote \" backslash \\ brace {} percent %v escape \uFFFD byte \uFFFD");
  EXPECT_TRUE(std::regex_match(object["time"].get<std::string>(), std::regex(R"(\d{4}-.*T.*\.\d{3}Z)")));
}

TEST(Log, LevelsHaveNames) {
  for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error, LogLevel::off}) {
    EXPECT_EQ(parse_log_level(to_string(level)), level);
  }
  EXPECT_FALSE(parse_log_level("Info"));
  EXPECT_FALSE(parse_log_level(""));
}

TEST(NullLog, SaysNothing) {
  testing::internal::CaptureStderr();
  NullLog log;
  log.error("a", "b");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace confab::base

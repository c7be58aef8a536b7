// SPDX-License-Identifier: MIT
// Where the program says what it does: level, category, one line. Message bodies never go here.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace confab::base {

enum class LogLevel { debug, info, warning, error, off };
enum class LogFormat { text, json };

std::optional<LogLevel> parse_log_level(std::string_view text);
std::string_view to_string(LogLevel level);

/// Takes lines from any thread.
class Log {
 public:
  virtual ~Log() = default;

  template <typename... Args>
  void debug(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
    say(LogLevel::debug, category, format, std::forward<Args>(args)...);
  }
  template <typename... Args>
  void info(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
    say(LogLevel::info, category, format, std::forward<Args>(args)...);
  }
  template <typename... Args>
  void warning(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
    say(LogLevel::warning, category, format, std::forward<Args>(args)...);
  }
  template <typename... Args>
  void error(std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
    say(LogLevel::error, category, format, std::forward<Args>(args)...);
  }

 protected:
  explicit Log(LogLevel threshold) : threshold_(threshold) {}
  virtual void write(LogLevel level, std::string_view category, std::string_view line) = 0;

 private:
  template <typename... Args>
  void say(LogLevel level, std::string_view category, fmt::format_string<Args...> format, Args&&... args) {
    if (level >= threshold_) write(level, category, fmt::format(format, std::forward<Args>(args)...));
  }

  LogLevel threshold_;
};

/// Says nothing: for tests and simulations.
class NullLog final : public Log {
 public:
  NullLog() : Log(LogLevel::off) {}

 private:
  void write(LogLevel, std::string_view, std::string_view) override {}
};

/// Lines on stderr, by spdlog: `2026-01-31T12:00:00.000Z info server ready …`, or one JSON object a line. Control
/// characters in a line are replaced, so that a hostile name cannot reach the operator's terminal.
std::unique_ptr<Log> make_stderr_log(LogLevel threshold, LogFormat format);

}  // namespace confab::base

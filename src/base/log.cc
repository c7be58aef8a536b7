// SPDX-License-Identifier: MIT
#include "base/log.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.h"

namespace confab::base {

namespace {

constexpr std::array<std::pair<std::string_view, LogLevel>, 5> level_names{{
    {"debug", LogLevel::debug},
    {"info", LogLevel::info},
    {"warning", LogLevel::warning},
    {"error", LogLevel::error},
    {"off", LogLevel::off},
}};

class SpdlogLog final : public Log {
 public:
  SpdlogLog(LogLevel threshold, LogFormat format)
      : Log(threshold), format_(format), logger_("confab", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    // spdlog supplies the time stamp, the lock and the flush; level, category and escaping are ours in both formats.
    const std::string stamp = "%Y-%m-%dT%H:%M:%S.%eZ";
    logger_.set_pattern(format == LogFormat::json ? R"({"time":")" + stamp + R"(",%v})" : stamp + " %v",
                        spdlog::pattern_time_type::utc);
    logger_.flush_on(spdlog::level::info);
  }

 private:
  void write(LogLevel level, std::string_view category, std::string_view line) override {
    const std::string clean = clean_line(line);
    if (format_ == LogFormat::json) {
      logger_.info(R"("level":"{}","category":"{}","message":{})", to_string(level), category,
                   nlohmann::json(clean).dump());
    } else {
      logger_.info("{} {} {}", to_string(level), category, clean);
    }
  }

  LogFormat format_;
  spdlog::logger logger_;
};

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
  for (const auto& [name, level] : level_names) {
    if (name == text) return level;
  }
  return std::nullopt;
}

std::string_view to_string(LogLevel level) { return level_names[static_cast<std::size_t>(level)].first; }

std::unique_ptr<Log> make_stderr_log(LogLevel threshold, LogFormat format) {
  return std::make_unique<SpdlogLog>(threshold, format);
}

}  // namespace confab::base

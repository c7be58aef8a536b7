// SPDX-License-Identifier: MIT
#include "retention_options.h"

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "wire/names.h"

namespace confab::apps {

namespace {

/// A hundred years: whoever means for ever says 0.
constexpr std::uint64_t days_max = 36'500;
constexpr std::uint64_t count_max = 1'000'000'000'000;

/// Decimal digits and nothing else, up to `max`.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t max) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > max) return std::nullopt;
  return number;
}

/// Adds the limit that `text` says to `rule`; false where it says none, or one that is there already.
bool add_limit(std::string_view text, server::RetentionRule& rule) {
  const bool is_days = text.ends_with('d');
  if (is_days) text.remove_suffix(1);
  const auto number = parse_number(text, is_days ? days_max : count_max);
  if (!number || *number == 0) return false;
  if (is_days) return std::exchange(rule.age_max, std::chrono::days(*number)).count() == 0;
  return std::exchange(rule.count_max, *number) == 0;
}

std::optional<server::RetentionRule> parse_rule(std::string_view text) {
  server::RetentionRule rule;
  if (text == "all") return rule;
  const std::size_t comma = text.find(',');
  if (!add_limit(text.substr(0, comma), rule)) return std::nullopt;
  if (comma != std::string_view::npos && !add_limit(text.substr(comma + 1), rule)) return std::nullopt;
  return rule;
}

}  // namespace

std::expected<server::RetentionOptions, std::string> parse_retention(const RetentionWords& words) {
  server::RetentionOptions options;
  const auto days = parse_number(words.days.empty() ? "0" : words.days, days_max);
  if (!days) {
    return std::unexpected(
        fmt::format("--keep-days {}: not a number of days up to {}", base::clean_line(words.days), days_max));
  }
  options.all.age_max = std::chrono::days(*days);
  const auto count = parse_number(words.count.empty() ? "0" : words.count, count_max);
  if (!count) {
    return std::unexpected(
        fmt::format("--keep-count {}: not a number of events up to {}", base::clean_line(words.count), count_max));
  }
  options.all.count_max = *count;

  for (const std::string& word : words.rooms) {
    const std::size_t equals = word.find('=');
    const auto room = wire::canonical_room(std::string_view(word).substr(0, equals));
    const auto rule =
        equals == std::string::npos ? std::nullopt : parse_rule(std::string_view(word).substr(equals + 1));
    if (!room || !rule) {
      return std::unexpected(
          fmt::format("--keep {}: not a room and its rule like lobby=30d, lobby=10000, lobby=30d,10000 or lobby=all",
                      base::clean_line(word)));
    }
    if (!options.rooms.emplace(*room, *rule).second) {
      return std::unexpected(fmt::format("--keep {}: #{} has a rule already", base::clean_line(word), *room));
    }
  }
  return options;
}

}  // namespace confab::apps

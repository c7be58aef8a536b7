// SPDX-License-Identifier: MIT
// The lines that were submitted, for Up, Down and Ctrl-R.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace confab::term {

/// Invariants: at most `entries_max` entries, none empty, no two neighbours equal. 0 is the oldest. Not thread-safe.
class History {
 public:
  /// A year of a quiet person, and 16 MiB at the very most.
  static constexpr std::size_t entries_max = 1'000;

  /// Drops the oldest where there is no more room. An empty line and one that repeats the last are not kept.
  void add(std::string_view line);

  std::size_t size() const { return entries_.size(); }
  const std::string& at(std::size_t index) const { return entries_[index]; }

  /// The newest entry with an index below `before` that contains `part`.
  std::optional<std::size_t> find_before(std::string_view part, std::size_t before) const;

  /// file = *( entry LF ), oldest first; in an entry `\n` is a line feed and `\\` a backslash.
  std::string save() const;
  /// Reads any bytes: what is too long for a message is left out, what would be unsafe on a screen is replaced.
  static History load(std::string_view file);

 private:
  std::deque<std::string> entries_;
};

}  // namespace confab::term

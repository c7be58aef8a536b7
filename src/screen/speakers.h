// SPDX-License-Identifier: MIT
// Who has said something lately: their coming and going is worth a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace confab::screen {

/// By the log's own times. Not thread-safe.
class Speakers {
 public:
  static constexpr std::int64_t lately_ms = 30 * 60 * 1000;
  /// More people than that do not talk in half an hour; programs that do are not worth remembering.
  static constexpr std::size_t names_max = 10'000;

  void spoke(const std::string& name, std::int64_t time_ms);
  bool spoke_lately(const std::string& name, std::int64_t now_ms) const;

 private:
  std::map<std::string, std::int64_t> last_ms_;
};

}  // namespace confab::screen

// SPDX-License-Identifier: MIT
#include "screen/speakers.h"

#include <algorithm>

namespace confab::screen {

namespace {

/// Whatever times a server tells: no difference overflows.
bool is_lately(std::int64_t then_ms, std::int64_t now_ms) {
  return then_ms >= now_ms || static_cast<std::uint64_t>(now_ms) - static_cast<std::uint64_t>(then_ms) <=
                                  static_cast<std::uint64_t>(Speakers::lately_ms);
}

}  // namespace

void Speakers::spoke(const std::string& name, std::int64_t time_ms) {
  if (last_ms_.size() >= names_max) {
    std::erase_if(last_ms_, [&](const auto& speaker) { return !is_lately(speaker.second, time_ms); });
    if (last_ms_.size() >= names_max) last_ms_.clear();
  }
  last_ms_[name] = time_ms;
}

bool Speakers::spoke_lately(const std::string& name, std::int64_t now_ms) const {
  const auto found = last_ms_.find(name);
  return found != last_ms_.end() && is_lately(found->second, now_ms);
}

}  // namespace confab::screen

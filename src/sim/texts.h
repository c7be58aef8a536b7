// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace confab::sim {

/// About `bytes` long, like no other message of the run, with line feeds and characters of two bytes.
inline std::string make_text(const std::string& label, std::uint64_t number, std::size_t bytes) {
  static constexpr std::string_view filler = "Grüße aus dem Garten, es regnet.\n";
  std::string text = fmt::format("{} {}", label, number);
  while (text.size() + filler.size() < bytes) text.append(" ").append(filler);
  return text + ".";
}

}  // namespace confab::sim

// SPDX-License-Identifier: MIT
// Which part of a room's log an event is, and the line that it makes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "confab/types.h"
#include "screen/entry.h"

namespace confab::screen {

/// Events first to last of a room's log; {0, 0}: a line of the plain protocol, which has no log.
struct LogRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  bool operator==(const LogRange&) const = default;
};

/// nullopt for what is not of a log, and for numbers that no log reaches.
std::optional<LogRange> log_range(const Event& event);

/// The event as a line; nullopt where it makes none, but changes another (see message_change.h). Its key, and what
/// depends on the lines before it, is the caller's.
std::optional<Entry> entry_from(const Event& event);

/// One's own line before the server has seen it.
Entry entry_of_own(const std::string& id, const Content& content, const std::string& name, std::int64_t now_ms);

}  // namespace confab::screen

// SPDX-License-Identifier: MIT
// A copy of the database while a server writes to it.
#pragma once

#include <expected>
#include <filesystem>

#include "log/store.h"

namespace confab::log {

/// Copies the database `file` to `target`, which must not exist: the copy is of one moment, one file that needs no
/// other, and on the disk when this returns. After an error or a crash there is no `target`; at most `target`.part is
/// left, which the next attempt writes over. Neither waits for a writer nor makes one wait: it has a connection of its
/// own and reads what was there when it began. (Meanwhile the server's write-ahead log cannot be folded in, and grows.)
std::expected<void, StoreError> back_up(const std::filesystem::path& file, const std::filesystem::path& target);

}  // namespace confab::log

// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <string>
#include <type_traits>

#include "log/sqlite_handle.h"

namespace confab::runtime {

/// Runs `work` and turns what SQLite threw into a sentence for people.
template <typename Work>
std::expected<std::invoke_result_t<Work>, std::string> guarded(Work work) {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const log::SqliteFailure& failure) {
    return std::unexpected(failure.error.text);
  }
}

}  // namespace confab::runtime

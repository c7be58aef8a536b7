// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "base/time.h"

namespace confab::io {

/// The only place where the program looks at a clock. The timeline's origin is the steady clock's own.
inline base::Now read_clocks() {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return {.instant = base::Instant(std::chrono::steady_clock::now().time_since_epoch()),
          .wall = {std::chrono::duration_cast<std::chrono::milliseconds>(wall).count()}};
}

}  // namespace confab::io

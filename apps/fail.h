// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <string_view>

#include <fmt/format.h>

namespace confab::apps {

/// Says why on stderr; answers the exit code.
inline int fail(int exit_code, std::string_view why) {
  fmt::print(stderr, "confab: {}\n", why);
  return exit_code;
}

}  // namespace confab::apps

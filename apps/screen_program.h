// SPDX-License-Identifier: MIT
// `confab` in a terminal: the full screen, joined to servers, the terminal and what is kept on disk.
#pragma once

#include "client_options.h"
#include "runtime/profile.h"

namespace confab::apps {

/// Answers the exit code. Throws std::system_error where the system has no descriptors for the loop.
int run_screen(const ClientSettings& settings, runtime::Profile profile);

}  // namespace confab::apps

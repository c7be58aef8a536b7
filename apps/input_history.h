// SPDX-License-Identifier: MIT
// What was typed at a prompt, kept across runs: one file for the full screen and for line mode.
#pragma once

#include <expected>
#include <span>
#include <string>

#include "runtime/profile.h"
#include "term/history.h"

namespace confab::apps {

/// Empty where there is none, or where it cannot be read.
term::History load_history(const runtime::Profile& profile);

/// Adds this run's lines to what other runs have written meanwhile. A file that cannot be read is not written over.
std::expected<void, std::string> keep_history(const runtime::Profile& profile, std::span<const std::string> typed);

}  // namespace confab::apps

// SPDX-License-Identifier: MIT
// What confabd does with a data directory beside serving it: `confabd backup` and `confabd check`.
#pragma once

#include <optional>

namespace confab::apps {

/// Carries out the subcommand that the command line names, and answers the exit code: 0 done or nothing found, 1 failed
/// or something found, 2 usage. nullopt where it names none.
std::optional<int> run_data_command(int argc, const char* const* argv);

}  // namespace confab::apps

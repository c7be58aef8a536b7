// SPDX-License-Identifier: MIT
// Any bytes as config.toml: every problem is one line that is safe to show, and what was taken can be set again.
#undef NDEBUG
#include <cassert>

#include "base/bytes.h"
#include "base/text.h"
#include "screen/settings.h"

using namespace confab;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  screen::ParsedSettings parsed = screen::parse_settings(base::as_text({data, size}), "config.toml");
  for (const screen::SettingsProblem& problem : parsed.problems) {
    assert(base::clean_line(problem.text) == problem.text);
    assert(problem.line > 0);
  }
  for (const screen::SettingInfo& each : screen::settings_list(parsed.settings)) {
    assert(screen::settings_get(parsed.settings, each.key) == each.value);
  }
  return 0;
}

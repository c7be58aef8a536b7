// SPDX-License-Identifier: MIT
// Any bytes as config.toml: every problem is one line that is safe to show, and what was taken can be set again.
#undef NDEBUG
#include <cassert>

#include "base/bytes.h"
#include "base/text.h"
#include "prefs/settings.h"

using namespace confab;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  prefs::ParsedSettings parsed = prefs::parse_settings(base::as_text({data, size}), "config.toml");
  for (const prefs::SettingsProblem& problem : parsed.problems) {
    assert(base::clean_line(problem.text) == problem.text);
    assert(problem.line > 0);
  }
  for (const prefs::SettingInfo& each : prefs::settings_list(parsed.settings)) {
    assert(prefs::settings_get(parsed.settings, each.key) == each.value);
    prefs::Settings other;
    assert(prefs::settings_set(other, each.key, each.value));
    assert(prefs::settings_get(other, each.key) == each.value);
  }
  return 0;
}

// SPDX-License-Identifier: MIT
// Any clean text as a line that was typed, completed and run, and as a message that may mention me.
#undef NDEBUG
#include <cassert>

#include "base/bytes.h"
#include "base/text.h"
#include "prefs/highlight.h"
#include "prefs/hooks.h"
#include "prefs/settings.h"
#include "term/graphemes.h"
#include "tui/command_table.h"
#include "tui/completion.h"

using namespace confab;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = base::clean_text(base::as_text({data, size}));
  const auto call = tui::parse_command(text);
  if (!call) assert(base::clean_text(call.error()) == call.error());

  tui::NameIndex names;
  for (const char* name : {"Ada", "Ada Lovelace", "Zoë"}) names.spoke(name);
  const std::vector<std::string> words{"dev", "lobby"};
  const auto offered =
      tui::complete(text, text.size(), {.names = &names, .rooms = [&words] { return words; }, .settings = words});
  assert(offered.from <= text.size() && offered.candidates.size() <= tui::candidates_max);

  std::size_t end = 0;
  for (const prefs::TextRange& range : prefs::Highlights("Ada", {"s", "on fire", "👩"}).find(text)) {
    assert(range.begin >= end && range.end > range.begin && range.end <= text.size());
    assert(term::boundary_from(text, range.begin) == range.begin && term::boundary_from(text, range.end) == range.end);
    end = range.end;
  }

  prefs::parse_fifo_line(text);
  prefs::Hooks().exec(text, "dev");
  prefs::Settings settings;
  const std::size_t blank = std::min(text.find(' '), text.size());
  prefs::settings_set(settings, text.substr(0, blank), text.substr(blank));
  return 0;
}

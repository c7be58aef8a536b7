// SPDX-License-Identifier: MIT
// Any bytes from a terminal: the keys do not depend on where the bytes were split, and whatever they do, the line being
// typed stays clean text with its cursor between two characters.
#undef NDEBUG
#include <cassert>

#include "base/text.h"
#include "tui/graphemes.h"
#include "tui/keys.h"
#include "tui/line_editor.h"
#include "tui/prompt_view.h"

using namespace confab;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = base::as_text({data, size});
  const base::Instant now{};
  const std::vector<tui::Key> keys = tui::KeyDecoder().feed(bytes, now);
  tui::KeyDecoder decoder;
  std::vector<tui::Key> split = decoder.feed(bytes.substr(0, size / 2), now);
  for (tui::Key& key : decoder.feed(bytes.substr(size / 2), now)) split.push_back(std::move(key));
  assert(keys == split);

  tui::LineEditor editor;
  tui::PromptView view({.columns = 7, .rows = 3});
  for (const tui::Key& key : keys) {
    assert(key.kind != tui::Key::Kind::character || base::is_utf8(base::as_bytes(key.text)));
    editor.handle(key);
    assert(base::clean_text(editor.text()) == editor.text());
    assert(editor.text().size() <= tui::TextBuffer::bytes_max);
    assert(tui::boundary_from(editor.text(), editor.cursor()) == editor.cursor());
    view.show(editor.prompt("> "), editor.text(), editor.cursor());
  }
  return 0;
}

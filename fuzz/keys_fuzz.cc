// SPDX-License-Identifier: MIT
// Any bytes from a terminal: the keys do not depend on where the bytes were split, and whatever they do, the line being
// typed stays clean text with its cursor between two characters.
#undef NDEBUG
#include <cassert>

#include "base/text.h"
#include "term/graphemes.h"
#include "term/keys.h"
#include "term/line_editor.h"
#include "tui/prompt_view.h"

using namespace confab;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = base::as_text({data, size});
  const base::Instant now{};
  const std::vector<term::Key> keys = term::KeyDecoder().feed(bytes, now);
  term::KeyDecoder decoder;
  std::vector<term::Key> split = decoder.feed(bytes.substr(0, size / 2), now);
  for (term::Key& key : decoder.feed(bytes.substr(size / 2), now)) split.push_back(std::move(key));
  assert(keys == split);

  term::LineEditor editor;
  tui::PromptView view({.columns = 7, .rows = 3});
  for (const term::Key& key : keys) {
    assert(key.kind != term::Key::Kind::character || base::is_utf8(base::as_bytes(key.text)));
    editor.handle(key);
    assert(base::clean_text(editor.text()) == editor.text());
    assert(editor.text().size() <= term::TextBuffer::bytes_max);
    assert(term::boundary_from(editor.text(), editor.cursor()) == editor.cursor());
    view.show(editor.prompt("> "), editor.text(), editor.cursor());
  }
  return 0;
}

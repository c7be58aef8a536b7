// SPDX-License-Identifier: MIT
// What the cleaners let through is UTF-8 without control characters, whatever came in.
#undef NDEBUG
#include <algorithm>
#include <cassert>

#include "base/text.h"

using namespace confab;

namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

void check_clean(const std::string& text, bool line_feeds) {
  assert(base::is_utf8(base::as_bytes(text)));
  assert(std::ranges::none_of(text, [&](char c) { return is_control(c) && !(line_feeds && c == '\n'); }));
  for (int c1 = 0x80; c1 < 0xA0; ++c1) {
    assert(!text.contains(std::string{'\xC2', static_cast<char>(c1)}));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = base::as_text({data, size});
  const std::string line = base::clean_line(text);
  check_clean(line, false);
  assert(base::clean_line(line) == line);
  const std::string lines = base::clean_text(text);
  check_clean(lines, true);
  assert(base::clean_text(lines) == lines);

  const std::string normal = base::normalize(line);
  assert(base::normalize(normal) == normal);
  assert(base::is_utf8(base::as_bytes(base::fold_case(line))));
  assert(base::is_utf8(base::as_bytes(base::plain_spaces(line))));

  const std::string_view prefix = base::prefix_within(line, size / 2);
  assert(prefix.size() <= size / 2 && line.starts_with(prefix) && base::is_utf8(base::as_bytes(prefix)));
  assert(base::count_characters(prefix) <= base::count_characters(line));
  return 0;
}

// SPDX-License-Identifier: MIT
// A plain line that was read and written again says the same, to the same people.
#undef NDEBUG
#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "wire/limits.h"
#include "wire/names.h"
#include "wire/plain.h"

using namespace confab;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView datagram(data, size);
  const bool is_text = wire::classify(datagram) == wire::DatagramKind::text;
  assert(!is_text || base::is_utf8(datagram));
  const wire::PlainLine line = wire::parse_plain(datagram);
  assert(base::clean_text(line.text) == line.text);

  const std::string name = wire::canonical_name(line.name).value_or("Ann Lee");
  std::string together;
  for (const std::string& written : wire::format_plain(name, line.text)) {
    assert(written.size() <= wire::limits::plain_datagram_bytes_max);
    assert(wire::classify(base::as_bytes(written)) == wire::DatagramKind::text);
    const wire::PlainLine read = wire::parse_plain(base::as_bytes(written));
    assert(read.name == name);
    together += read.text;
  }
  std::string without_line_feeds = line.text;
  std::erase(without_line_feeds, '\n');
  assert(together == without_line_feeds);
  return 0;
}

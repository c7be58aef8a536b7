// SPDX-License-Identifier: MIT
// Whatever parse_link takes, it writes in a form that it takes again for the same.
#undef NDEBUG
#include <cassert>

#include "base/text.h"
#include "wire/link.h"

using namespace confab;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto link = wire::parse_link(base::as_text({data, size}));
  if (!link) {
    assert(!link.error().empty() && base::clean_line(link.error()) == link.error());
    return 0;
  }
  assert(!link->host.empty() && link->port != 0);
  assert(wire::parse_link(link->to_string()) == *link);
  assert(wire::parse_link(link->target())->target() == link->target());
  return 0;
}

// SPDX-License-Identifier: MIT
// What the kernel is not likely to say: a change is seen in what was cut off no sooner than in the whole.
#undef NDEBUG
#include <cassert>

#include "io/network_watch.h"

using namespace confab;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView messages(data, size);
  const bool whole = io::tells_of_network_change(messages);
  assert(whole || !io::tells_of_network_change(messages.first(size / 2)));
  return 0;
}

// SPDX-License-Identifier: MIT
// A name that was taken is safe to show, fits the plain protocol and is taken again unchanged; a direct room has its
// two people, whoever names them first.
#undef NDEBUG
#include <cassert>

#include "base/text.h"
#include "wire/limits.h"
#include "wire/names.h"
#include "wire/plain.h"

using namespace confab;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = base::as_text({data, size});
  if (const auto name = wire::canonical_name(text)) {
    assert(!name->empty() && base::clean_line(*name) == *name);
    assert(base::count_characters(*name) <= wire::limits::name_characters_max);
    assert(wire::canonical_name(*name) == *name);
    assert(wire::parse_plain(base::as_bytes(*name + " : x")).name == *name);
  }
  if (const auto room = wire::canonical_room(text)) {
    assert(!room->empty() && base::clean_line(*room) == *room);
    if (wire::is_direct(*room)) {
      const std::string first = room->substr(1, room->find(" : ") - 1);
      const auto second = wire::direct_peer(*room, first);
      assert(second && wire::direct_peer(*room, *second) == first);
      assert(wire::direct_room(*second, first) == *room);
    } else {
      assert(base::count_characters(*room) <= wire::limits::room_characters_max);
    }
    assert(wire::canonical_room(*room) == *room && wire::canonical_room('#' + *room) == *room);
  }
  return 0;
}

// SPDX-License-Identifier: MIT
#include "screen/entry.h"

#include <algorithm>

namespace confab::screen {

namespace {

/// What the tables that find an entry by its key and by its id need for it.
constexpr std::size_t index_bytes = 160;

}  // namespace

std::size_t Reaction::count() const {
  return static_cast<std::size_t>(std::ranges::count(by, false, &ReactionOf::withdrawn));
}

std::string shown_name(const std::string& name, bool verified) { return verified ? name : '~' + name; }

std::size_t bytes_of(const Entry& entry) {
  std::size_t bytes = sizeof(Entry) + index_bytes;
  for (const std::string* text : {&entry.name, &entry.text, &entry.id, &entry.reply_to, &entry.reason}) {
    bytes += text->capacity();
  }
  for (const Reaction& reaction : entry.reactions) bytes += sizeof(Reaction) + reaction.by.size() * sizeof(ReactionOf);
  return bytes;
}

}  // namespace confab::screen

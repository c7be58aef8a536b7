// SPDX-License-Identifier: MIT
// What a line says, in its styles: the text beside the name, the name itself, what is quoted above and what stands
// below.
#pragma once

#include <optional>
#include <string>

#include "screen/entry.h"
#include "screen/entry_layout.h"
#include "screen/room_buffer.h"
#include "screen/styled_text.h"

namespace confab::screen {

struct NameText {
  std::string text;
  term::Style style;
};

/// What stands in the names' column: the name, or the sign that there is for what nobody wrote.
NameText name_of(const Entry& entry, const LayoutOptions& options);

/// With its marks: edited, not stored yet, refused.
void append_text(StyledText& text, const Entry& entry, const LayoutOptions& options);

/// `┌ name: start of it`; empty for what is no reply.
std::string quote_of(const RoomBuffer& buffer, const Entry& entry, std::size_t columns);

/// `👍 2 🎉 1`; empty: nobody reacted.
std::string reactions_of(const Entry& entry);

}  // namespace confab::screen

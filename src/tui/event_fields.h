// SPDX-License-Identifier: MIT
// What events of several kinds have in common.
#pragma once

#include <cstdint>
#include <string_view>

#include "confab/types.h"

namespace confab::tui {

/// The request that it answers or came by; 0: none.
RequestId request_of(const Event& event);
/// The join or read that an event of a room's log came by; 0 for all else.
RequestId reader_of(const Event& event);
/// Its place in the log; 0: it has none.
std::uint64_t seq_of(const Event& event);
/// Whose doing an event of a room is; empty where it is nobody's.
std::string_view author_of(const Event& event);

}  // namespace confab::tui

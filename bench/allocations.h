// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace confab::bench {

/// Calls of malloc, calloc, realloc and aligned_alloc in this process so far, whoever made them (operator new does,
/// and so do the C libraries). The executable that links allocations.cc puts itself in front of the C library's.
std::uint64_t allocation_count();

}  // namespace confab::bench

// SPDX-License-Identifier: MIT
// Application error codes of CONNECTION_CLOSE and RESET_STREAM (RFC 9000, section 20.2), as either side sends them.
#pragma once

#include <cstdint>

namespace confab::wire::close_codes {

inline constexpr std::uint64_t quit = 0;            ///< said goodbye: no grace, others see the leave at once
inline constexpr std::uint64_t protocol_error = 1;  ///< the peer's bytes are no confab/1
inline constexpr std::uint64_t shutting_down = 2;   ///< the server goes; come back in a while
inline constexpr std::uint64_t store_failed = 3;    ///< a log could not be read
inline constexpr std::uint64_t going_on = 4;        ///< the client begins another connection: no goodbye

}  // namespace confab::wire::close_codes

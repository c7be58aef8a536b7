// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "io/loop.h"

namespace confab::io {

/// At least one address, in the order in which they are best tried (RFC 6724); or one line for people.
using Resolved = std::expected<std::vector<base::Address>, std::string>;

/// Numeric addresses (`192.0.2.1`, `fe80::1%eth0`, without brackets) at once; for names it waits for the system's
/// resolver, which can take as long as that is set up to try.
Resolved resolve(const std::string& host, std::uint16_t port);

/// The same on a thread of its own, again and again until it is found; `handler` is told each time in a turn of the
/// loop, or never if the loop is gone by then.
void keep_resolving(const Loop& loop, std::string host, std::uint16_t port,
                    std::function<void(Resolved, base::Now)> handler);

}  // namespace confab::io

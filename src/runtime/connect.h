// SPDX-License-Identifier: MIT
// From a link to the ways that lead there.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "base/address.h"
#include "io/loop.h"
#include "wire/link.h"

namespace confab::runtime {

/// The server's addresses, best first.
std::expected<std::vector<base::Address>, std::string> resolve(const wire::Link& server);

using Resolved = std::function<void(std::expected<std::vector<base::Address>, std::string> addresses)>;

/// For those who can wait for a network: an IP address at once, a name on a thread of its own, again and again until it
/// is found. `resolved` is called on the loop's thread with the addresses, and with why not each time it failed; never
/// if the loop is gone by then.
void keep_resolving(io::Loop& loop, const wire::Link& server, Resolved resolved);

/// The name that an authority must vouch for; empty where the link has an IP address.
std::string server_name(const wire::Link& server);

/// Opens one socket for each family among `addresses` and answers a path to each address that has one.
std::expected<std::vector<base::Path>, std::string> open_sockets(io::Loop& loop,
                                                                 const std::vector<base::Address>& addresses);

}  // namespace confab::runtime

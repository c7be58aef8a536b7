// SPDX-License-Identifier: MIT
#include "runtime/connect.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "io/resolve.h"

namespace confab::runtime {

std::expected<std::vector<base::Address>, std::string> resolve(const wire::Link& server) {
  return io::resolve(server.host, server.port);
}

void keep_resolving(io::Loop& loop, const wire::Link& server, Resolved resolved) {
  if (server_name(server).empty()) return resolved(resolve(server));
  io::keep_resolving(loop, server.host, server.port,
                     [resolved = std::move(resolved)](io::Resolved found, base::Now) { resolved(std::move(found)); });
}

std::string server_name(const wire::Link& server) {
  const bool is_v6 = server.host.find(':') != std::string::npos;
  const bool is_v4 = base::Address::parse(fmt::format("{}:0", server.host)).has_value();
  return is_v4 || is_v6 ? std::string() : server.host;
}

std::expected<std::vector<base::Path>, std::string> open_sockets(io::Loop& loop,
                                                                 const std::vector<base::Address>& addresses) {
  std::map<base::Address::Family, base::Address> locals;
  std::vector<base::Path> paths;
  std::string why;
  for (const base::Address& remote : addresses) {
    auto local = locals.find(remote.family);
    if (local == locals.end()) {
      base::Address any;
      any.family = remote.family;
      const auto bound = loop.open_socket(any, {.local_per_datagram = false});
      if (!bound) {
        why = bound.error().text;  // a machine without IPv6, say; the other family may do
        continue;
      }
      local = locals.emplace(remote.family, *bound).first;
    }
    paths.push_back({local->second, remote});
  }
  if (paths.empty()) return std::unexpected(why);
  return paths;
}

}  // namespace confab::runtime

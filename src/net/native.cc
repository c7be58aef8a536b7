// SPDX-License-Identifier: MIT
#include "net/native.h"

#include <limits>

namespace confab::net {

base::Instant from_native(ngtcp2_tstamp timestamp) {
  using Count = base::Duration::rep;
  if (timestamp > static_cast<ngtcp2_tstamp>(std::numeric_limits<Count>::max())) return base::never;
  return base::Instant(base::Duration(static_cast<Count>(timestamp)));
}

ngtcp2_cid make_cid(base::ByteView bytes) {
  ngtcp2_cid id;
  ngtcp2_cid_init(&id, bytes.data(), bytes.size());
  return id;
}

base::Path from_native(const ngtcp2_path& path) {
  return {.local = base::Address::from_sockaddr(path.local.addr),
          .remote = base::Address::from_sockaddr(path.remote.addr)};
}

void NativePath::set(const base::Path& path) {
  path_ = path;
  sockaddr_storage local;
  sockaddr_storage remote;
  const socklen_t local_size = path.local.to_sockaddr(local);
  const socklen_t remote_size = path.remote.to_sockaddr(remote);
  ngtcp2_path_storage_init(&storage_, reinterpret_cast<const sockaddr*>(&local), local_size,
                           reinterpret_cast<const sockaddr*>(&remote), remote_size, nullptr);
}

}  // namespace confab::net

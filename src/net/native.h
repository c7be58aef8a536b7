// SPDX-License-Identifier: MIT
// Instants, addresses and paths as ngtcp2 writes them.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/time.h"

namespace confab::net {

/// ngtcp2 counts nanoseconds from any origin, as an Instant does; instants before the origin do not occur.
inline ngtcp2_tstamp to_native(base::Instant instant) {
  return static_cast<ngtcp2_tstamp>(instant.time_since_epoch().count());
}

inline ngtcp2_duration to_native(base::Duration duration) { return static_cast<ngtcp2_duration>(duration.count()); }

/// UINT64_MAX, which is ngtcp2's "no timer", becomes `never`.
base::Instant from_native(ngtcp2_tstamp timestamp);

inline base::ByteView view_of(const ngtcp2_cid& id) { return {id.data, id.datalen}; }
ngtcp2_cid make_cid(base::ByteView bytes);

base::Path from_native(const ngtcp2_path& path);

/// A path in both forms, so that none is converted twice.
class NativePath {
 public:
  NativePath() { ngtcp2_path_storage_zero(&storage_); }
  explicit NativePath(const base::Path& path) : NativePath() { set(path); }
  // The storage points into itself.
  NativePath(const NativePath&) = delete;
  NativePath& operator=(const NativePath&) = delete;

  void set(const base::Path& path);
  const base::Path& path() const { return path_; }
  const ngtcp2_path* get() const { return &storage_.path; }

 private:
  base::Path path_;
  ngtcp2_path_storage storage_;
};

/// Where ngtcp2 writes the path and marks of a packet.
struct PacketRoute {
  PacketRoute() { ngtcp2_path_storage_zero(&storage); }
  PacketRoute(const PacketRoute&) = delete;
  PacketRoute& operator=(const PacketRoute&) = delete;

  ngtcp2_path_storage storage;
  ngtcp2_pkt_info info{};
};

}  // namespace confab::net

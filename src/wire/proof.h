// SPDX-License-Identifier: MIT
// What a client signs to prove its key: bytes that no other connection has, under a label that no other protocol uses.
#pragma once

#include <array>
#include <string_view>

#include "base/bytes.h"

namespace confab::wire {

/// "confab/1 client", a zero byte, and the 32 bytes of the TLS exporter (label "EXPORTER-confab-client", empty
/// context).
inline base::Bytes proof_of_key(const std::array<std::uint8_t, 32>& exporter_secret) {
  constexpr std::string_view label{"confab/1 client\0", 16};
  base::Bytes proof(label.begin(), label.end());
  proof.insert(proof.end(), exporter_secret.begin(), exporter_secret.end());
  return proof;
}

}  // namespace confab::wire

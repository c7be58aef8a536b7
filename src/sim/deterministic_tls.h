// SPDX-License-Identifier: MIT
// GnuTLS without chance. The executable that links deterministic_tls.cc defines gnutls_rnd itself; libgnutls calls that
// function through its PLT, so every key, nonce and hello of the process comes from the seed. It is an object of its
// own, linked by the simulator and its tests and by nothing that anybody runs for real.
#pragma once

#include <cstdint>

#include "sim/clock.h"

namespace confab::sim {

/// From here on GnuTLS draws from this seed and reads this clock, while the object lives. One at a time.
class DeterministicTls {
 public:
  DeterministicTls(std::uint64_t seed, const Clock& clock);
  ~DeterministicTls();
  DeterministicTls(const DeterministicTls&) = delete;
  DeterministicTls& operator=(const DeterministicTls&) = delete;
};

}  // namespace confab::sim

// SPDX-License-Identifier: MIT
#include "sim/deterministic_tls.h"

#include <cassert>
#include <ctime>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "base/random.h"

namespace confab::sim {

namespace {

// Outside of a run (tests that make a key) chance comes from a seed, too: nothing in this process is ever secret.
base::SeededRandom tls_random(0);
const Clock* tls_clock = nullptr;

std::time_t read_clock(std::time_t* out) {
  const base::WallTime wall = tls_clock != nullptr ? tls_clock->now().wall : Clock::wall_start;
  const auto seconds = static_cast<std::time_t>(wall.unix_ms / 1000);
  if (out != nullptr) *out = seconds;
  return seconds;
}

}  // namespace

DeterministicTls::DeterministicTls(std::uint64_t seed, const Clock& clock) {
  assert(tls_clock == nullptr);
  tls_random = base::SeededRandom(seed);
  tls_clock = &clock;
  gnutls_global_set_time_function(read_clock);
}

DeterministicTls::~DeterministicTls() { tls_clock = nullptr; }

}  // namespace confab::sim

/// In place of libgnutls's own. All of its levels (nonce, random, key) are one stream here.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
extern "C" int gnutls_rnd(gnutls_rnd_level_t, void* data, std::size_t size) {
  confab::sim::tls_random.fill({static_cast<std::uint8_t*>(data), size});
  return 0;
}

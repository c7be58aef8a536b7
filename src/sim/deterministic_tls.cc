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

base::WallTime wall_time() { return tls_clock != nullptr ? tls_clock->now().wall : Clock::wall_start; }

std::time_t read_clock(std::time_t* out) {
  const auto seconds = static_cast<std::time_t>(wall_time().unix_ms / 1000);
  if (out != nullptr) *out = seconds;
  return seconds;
}

void read_fine_clock(std::timespec* out) {
  const std::int64_t ms = wall_time().unix_ms;
  *out = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1'000'000};
}

}  // namespace

}  // namespace confab::sim

/// What GnuTLS's own tests set the clock with that the ages of tickets come from: exported, and in none of its headers.
extern "C" void _gnutls_global_set_gettime_function(void (*function)(std::timespec*));  // NOLINT

namespace confab::sim {

DeterministicTls::DeterministicTls(std::uint64_t seed, const Clock& clock) {
  assert(tls_clock == nullptr);
  tls_random = base::SeededRandom(seed);
  tls_clock = &clock;
  gnutls_global_set_time_function(read_clock);
  _gnutls_global_set_gettime_function(read_fine_clock);
}

DeterministicTls::~DeterministicTls() { tls_clock = nullptr; }

}  // namespace confab::sim

/// In place of libgnutls's own. All of its levels (nonce, random, key) are one stream here.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name)
extern "C" int gnutls_rnd(gnutls_rnd_level_t, void* data, std::size_t size) {
  confab::sim::tls_random.fill({static_cast<std::uint8_t*>(data), size});
  return 0;
}

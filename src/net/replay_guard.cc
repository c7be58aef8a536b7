// SPDX-License-Identifier: MIT
#include "net/replay_guard.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace confab::net {

namespace {

/// GnuTLS puts the start of its window, 12 octets, in front of the flight's HMAC (the binder of its ticket), and adds
/// the window to the time. It begins a new window when the old one is over, and then refuses the early data of all
/// tickets that are older than that: once a day, a client's first attempt can come to nothing.
constexpr std::size_t window_prefix_bytes = 12;

int add_flight(void* flights, std::time_t expires, const gnutls_datum_t* key, const gnutls_datum_t*) {
  const base::ByteView flight = base::ByteView(key->data, key->size).subspan(window_prefix_bytes);
  const std::chrono::seconds now = std::chrono::seconds(expires) - FlightLog::retention;
  return static_cast<FlightLog*>(flights)->admit(flight, now) ? 0 : GNUTLS_E_DB_ENTRY_EXISTS;
}

}  // namespace

bool FlightLog::admit(base::ByteView flight, std::chrono::seconds now) {
  const std::lock_guard lock(mutex_);
  if (now - younger_since_ > retention) {
    elder_ = std::exchange(younger_, {});
    younger_since_ = now;
  }
  Flight key;
  std::copy_n(flight.begin(), key.size(), key.begin());
  if (elder_.contains(key) || younger_.contains(key) || younger_.size() >= flights_max) return false;
  younger_.insert(key);
  return true;
}

ReplayGuard::ReplayGuard(FlightLog& flights) : handle_(make_handle<Handle>(gnutls_anti_replay_init)) {
  gnutls_anti_replay_set_window(handle_.get(),
                                static_cast<unsigned>(FlightLog::retention / std::chrono::milliseconds(1)));
  gnutls_anti_replay_set_add_function(handle_.get(), add_flight);
  gnutls_anti_replay_set_ptr(handle_.get(), &flights);
}

}  // namespace confab::net

// SPDX-License-Identifier: MIT
// All workers of a server as one machine: each gets the datagrams that are its, and they take their turns one after the
// other, but those that a test keeps waiting.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <set>
#include <vector>

#include "server/server.h"
#include "wire/steering.h"

namespace confab::server::testing {

/// Of every server in these tests: one, or what the environment says, so that all of them can be run with several.
inline std::size_t usual_worker_count() {
  const char* const said = std::getenv("CONFAB_TEST_WORKERS");
  return said == nullptr ? 1 : static_cast<std::size_t>(std::atoi(said));
}

class Workers final : public base::Machine {
 public:
  explicit Workers(Server& server) : server_(server) {}

  /// Where a client's first packet goes: members at neighbouring ports have different workers.
  std::size_t worker_of(const base::Address& client) const { return client.port % server_.worker_count(); }

  /// Takes no turns until released.
  void hold(std::size_t worker) { held_.insert(worker); }
  void release() { held_.clear(); }

  void receive(const base::Datagram& datagram, base::Now now) override {
    const std::size_t said = wire::steered_worker(datagram.bytes).value_or(worker_of(datagram.path.remote));
    const std::size_t worker = said < server_.worker_count() ? said : worker_of(datagram.path.remote);
    if (!held_.contains(worker)) server_.worker(worker).receive(datagram, now);
  }
  void unreachable(const base::Path&, base::Now) override {}
  void wake(base::Now now) override {
    for_each([now](base::Machine& worker) {
      if (worker.next_deadline() <= now.instant) worker.wake(now);
    });
  }
  void transmit(base::DatagramSink& sink, base::Now now) override {
    for_each([&](base::Machine& worker) { worker.transmit(sink, now); });
  }
  base::Instant next_deadline() const override {
    base::Instant next = base::never;
    for_each([&next](base::Machine& worker) { next = std::min(next, worker.next_deadline()); });
    return next;
  }

 private:
  template <typename Use>
  void for_each(Use use) const {
    for (std::size_t worker = 0; worker < server_.worker_count(); ++worker) {
      if (!held_.contains(worker)) use(server_.worker(worker));
    }
  }

  Server& server_;
  std::set<std::size_t> held_;
};

}  // namespace confab::server::testing

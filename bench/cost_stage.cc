// SPDX-License-Identifier: MIT
#include "cost_stage.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace confab::bench {

namespace {

constexpr std::uint64_t seed = 1;
constexpr base::Duration joining_time = std::chrono::seconds(20);

const base::Address server_address = base::Address::v4(127, 0, 0, 1, 2209);

std::vector<server::WorkerParts> one_worker(const net::ServerKey& key, log::AsyncReader& reader, base::Random& random,
                                            base::Log& log) {
  std::vector<server::WorkerParts> workers;
  workers.push_back({std::make_unique<net::Endpoint>(server::endpoint_options(key), random, log), &reader});
  return workers;
}

}  // namespace

Stage::Stage(std::size_t members, std::vector<std::string> rooms)
    : tls_(seed, clock_),
      random_(seed),
      key_(net::ServerKey::generate()),
      store_(memory_),
      reader_(memory_),
      server_({}, one_worker(key_, reader_, random_, log_), store_, {}, random_, log_),
      members_(members, std::move(rooms), random_, log_),
      to_members_(&meter_) {
  members_.connect(server_address, clock_.now());
  run(joining_time);
  if (!members_.has_joined()) throw std::runtime_error("not all members got in");
}

void Stage::run(base::Duration time) {
  const base::Instant until = clock_.instant() + time;
  for (base::Instant next = next_moment(); next <= until; next = next_moment()) {
    clock_.advance(std::max(next, clock_.instant()));
    turn();
  }
  clock_.advance(until);
  if (members_.failed()) throw std::runtime_error("a member was refused or lost its connection");
}

base::Instant Stage::next_moment() {
  return std::min(
      {to_members_.next_arrival(), to_server_.next_arrival(), server_.next_deadline(), members_.next_deadline()});
}

/// One turn of each one's loop.
void Stage::turn() {
  const base::Now now = clock_.now();
  to_members_.set_now(now.instant);
  to_server_.set_now(now.instant);
  to_members_.deliver(members_, nullptr, now);
  if (members_.next_deadline() <= now.instant) members_.wake(now);
  members_.transmit(to_server_, now);
  if (to_server_.next_arrival() > now.instant && server_.next_deadline() > now.instant) return;
  to_server_.deliver(server_, &meter_, now);
  const Meter::Watch watch(meter_);
  if (server_.next_deadline() <= now.instant) server_.wake(now);
  server_.transmit(to_members_, now);
}

}  // namespace confab::bench

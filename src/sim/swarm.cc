// SPDX-License-Identifier: MIT
#include "sim/swarm.h"

#include <algorithm>
#include <chrono>

#include "sim/dice.h"
#include "sim/seed.h"

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

/// Memory transports repair nothing: beneath them these would be one fault, the loss of the connection.
constexpr Fault of_real_networks[] = {Fault::loss, Fault::corruption, Fault::duplication, Fault::reordering,
                                      Fault::overflow};

/// A coin for the run and one for this direction.
bool falls(const Swarm& swarm, Fault fault, Dice& dice) { return swarm.has(fault) && dice.coin(); }

void add_outages(LinkOptions& link, Dice& dice, base::Duration work) {
  for (std::uint64_t count = dice.between(1U, 3U); count > 0; --count) {
    const base::Instant from = Clock::start + dice.between(0s, work);
    // Some outlast the idle timeout of 30 s: the client must connect anew.
    link.outages.push_back({from, from + dice.between(100ms, dice.one_in(4) ? 45s : 5s)});
    ++link.cuts_one_way;
  }
}

}  // namespace

Swarm::Swarm(std::uint64_t seed, Tier tier) {
  for (std::size_t i = 0; i < fault_count; ++i) present_[i] = Dice(derive_seed(seed, "swarm", i)).coin();
  if (tier == Tier::quic) return;
  for (const Fault fault : of_real_networks) present_[static_cast<std::size_t>(fault)] = false;
}

/// The severest of its faults still let a handshake through now and then.
LinkOptions make_link(const Swarm& swarm, std::uint64_t seed, std::string_view purpose, std::uint64_t index,
                      base::Duration work) {
  const auto dice_for = [&](std::string_view what) {
    return Dice(derive_seed(derive_seed(seed, purpose, index), what));
  };
  LinkOptions link;
  link.delay = dice_for("delay").between(200us, 150ms);
  // Jitter reorders what stands close together.
  if (Dice dice = dice_for("jitter"); falls(swarm, Fault::reordering, dice)) link.jitter = dice.between(1ms, 40ms);
  if (Dice dice = dice_for("loss"); falls(swarm, Fault::loss, dice)) link.loss_permille = dice.between(5U, 200U);
  if (Dice dice = dice_for("corruption"); falls(swarm, Fault::corruption, dice)) {
    link.corrupt_permille = dice.between(1U, 50U);
  }
  if (Dice dice = dice_for("duplication"); falls(swarm, Fault::duplication, dice)) {
    link.duplicate_permille = dice.between(5U, 150U);
  }
  if (Dice dice = dice_for("reordering"); falls(swarm, Fault::reordering, dice)) {
    link.reorder_permille = dice.between(5U, 200U);
    link.reorder_hold = dice.between(5ms, 200ms);
  }
  if (Dice dice = dice_for("bottleneck"); falls(swarm, Fault::overflow, dice)) {
    link.bottleneck_bytes_per_s = dice.between(20'000U, 500'000U);
    link.bottleneck_queue_bytes = dice.between(8'000U, 128'000U);
  }
  if (Dice dice = dice_for("outages"); falls(swarm, Fault::cut_one_way, dice)) add_outages(link, dice, work);
  link.faults_until = Clock::start + work;
  return link;
}

}  // namespace confab::sim

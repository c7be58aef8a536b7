// SPDX-License-Identifier: MIT
#include "sim/network.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/seed.h"

namespace confab::sim {

namespace {

constexpr std::uint64_t permille_whole = 1000;

}  // namespace

void Delay::pass(Packet packet, base::Instant, Packets& out) {
  const auto span = static_cast<std::uint64_t>(jitter_.count());
  packet.delay += base_ + base::Duration(static_cast<base::Duration::rep>(random_.below(span + 1)));
  out.push_back(std::move(packet));
}

bool ChanceHop::strikes(Fault fault) {
  const bool does = random_.chance(permille_, permille_whole);
  if (does) counts_.add(fault);
  return does;
}

void Loss::pass(Packet packet, base::Instant, Packets& out) {
  if (!strikes(Fault::loss)) out.push_back(std::move(packet));
}

void Duplicate::pass(Packet packet, base::Instant, Packets& out) {
  if (strikes(Fault::duplication)) out.push_back(packet);
  out.push_back(std::move(packet));
}

void Reorder::pass(Packet packet, base::Instant, Packets& out) {
  if (strikes(Fault::reordering)) packet.delay += hold_;
  out.push_back(std::move(packet));
}

void Corrupt::pass(Packet packet, base::Instant, Packets& out) {
  if (!packet.bytes.empty() && strikes(Fault::corruption)) {
    const std::size_t at = random_.below(packet.bytes.size());
    packet.bytes[at] ^= static_cast<std::uint8_t>(1 + random_.below(255));  // never zero: that would be no fault
  }
  out.push_back(std::move(packet));
}

void Bottleneck::pass(Packet packet, base::Instant at, Packets& out) {
  const base::Instant begin = std::max(at, busy_until_);
  if (begin - at > time_for(queue_bytes_)) {
    counts_.add(Fault::overflow);
    return;
  }
  busy_until_ = begin + time_for(packet.bytes.size());
  packet.delay += busy_until_ - at;
  out.push_back(std::move(packet));
}

base::Duration Bottleneck::time_for(std::uint64_t bytes) const {
  return base::Duration(static_cast<base::Duration::rep>(bytes * 1'000'000'000 / bytes_per_s_));
}

void Partition::pass(Packet packet, base::Instant at, Packets& out) {
  if (std::ranges::any_of(outages_, [at](const Outage& each) { return each.from <= at && at < each.until; })) {
    counts_.add(Fault::cut_datagram);
    return;
  }
  out.push_back(std::move(packet));
}

Line::Line(const LinkOptions& options, std::uint64_t seed, FaultTally& counts) {
  const auto add = [this](std::unique_ptr<Hop> hop, base::Instant until) {
    places_.push_back({std::move(hop), until});
  };
  const base::Instant until = options.faults_until;
  if (!options.outages.empty()) add(std::make_unique<Partition>(options.outages, counts), until);
  if (options.bottleneck_bytes_per_s > 0) {
    add(std::make_unique<Bottleneck>(options.bottleneck_bytes_per_s, options.bottleneck_queue_bytes, counts),
        base::never);
  }
  if (options.loss_permille > 0) {
    add(std::make_unique<Loss>(options.loss_permille, derive_seed(seed, "loss"), counts), until);
  }
  if (options.corrupt_permille > 0) {
    add(std::make_unique<Corrupt>(options.corrupt_permille, derive_seed(seed, "corrupt"), counts), until);
  }
  if (options.duplicate_permille > 0) {
    add(std::make_unique<Duplicate>(options.duplicate_permille, derive_seed(seed, "duplicate"), counts), until);
  }
  if (options.reorder_permille > 0) {
    add(std::make_unique<Reorder>(options.reorder_permille, options.reorder_hold, derive_seed(seed, "reorder"), counts),
        until);
  }
  add(std::make_unique<Delay>(options.delay, options.jitter, derive_seed(seed, "delay")), base::never);
}

Packets Line::send(Packet packet, base::Instant at) {
  Packets here;
  here.push_back(std::move(packet));
  for (const Place& place : places_) {
    if (at >= place.until) continue;
    Packets there;
    for (Packet& each : here) place.hop->pass(std::move(each), at, there);
    here = std::move(there);
  }
  return here;
}

}  // namespace confab::sim

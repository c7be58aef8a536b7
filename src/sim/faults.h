// SPDX-License-Identifier: MIT
// Everything that can go wrong in a run, by name, and how often it did.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::sim {

enum class Fault : std::uint8_t {
  loss,  ///< of a datagram, and so on to overflow
  corruption,
  duplication,
  reordering,
  overflow,      ///< of the queue before a bottleneck
  cut_datagram,  ///< dropped by a partition
  cut_one_way,   ///< a line is cut in one direction
  cut_client,    ///< both directions of one client's line
  cut_all,       ///< all lines at once
  rebind,        ///< a NAT gives a client another address
  server_crash,
  server_drain,   ///< it stops as it should and comes again
  unsynced_loss,  ///< a batch that no sync had made safe goes with a crash
  torn_group,     ///< a part of what one sync was to make safe, made it
  late_sync,      ///< a batch was safe when the server crashed, and nobody was told
  disk_full,      ///< a failed sync, and so on to sync_error
  write_error,
  sync_error,
  slow_sync,      ///< longer than a second
  clock_forward,  ///< the server's wall clock jumps
  clock_backward,
  client_kill,  ///< and it comes again
  client_power_cut,
  client_quit,    ///< says goodbye and comes again
  sleep,          ///< of a client's whole machine
  slow_reader,    ///< a client takes nothing for a while
  second_device,  ///< a client with the name and key of another
};
inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::second_device) + 1;

std::string_view to_string(Fault fault);

/// How often what happened.
class FaultTally {
 public:
  void add(Fault fault, std::uint64_t times = 1) { counts_[static_cast<std::size_t>(fault)] += times; }
  std::uint64_t operator[](Fault fault) const { return counts_[static_cast<std::size_t>(fault)]; }
  FaultTally& operator+=(const FaultTally& other) {
    for (std::size_t i = 0; i < fault_count; ++i) counts_[i] += other.counts_[i];
    return *this;
  }

 private:
  std::array<std::uint64_t, fault_count> counts_{};
};

}  // namespace confab::sim

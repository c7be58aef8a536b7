// SPDX-License-Identifier: MIT
#include "sim/faults.h"

namespace confab::sim {

std::string_view to_string(Fault fault) {
  static constexpr std::array<std::string_view, fault_count> names = {"datagrams lost",
                                                                      "datagrams corrupted",
                                                                      "datagrams duplicated",
                                                                      "datagrams held up",
                                                                      "dropped by a full queue",
                                                                      "dropped by a cut",
                                                                      "cuts, one way",
                                                                      "cuts of a client",
                                                                      "cuts of all",
                                                                      "changes of address",
                                                                      "server crashes",
                                                                      "server drained",
                                                                      "batches lost unsynced",
                                                                      "groups torn",
                                                                      "batches safe, not told",
                                                                      "syncs failed, disk full",
                                                                      "syncs failed, write",
                                                                      "syncs failed, fsync",
                                                                      "syncs beyond a second",
                                                                      "clock jumps forward",
                                                                      "clock jumps backward",
                                                                      "clients killed",
                                                                      "clients cut from power",
                                                                      "clients quit",
                                                                      "clients asleep",
                                                                      "slow readers",
                                                                      "second devices"};
  return names[static_cast<std::size_t>(fault)];
}

}  // namespace confab::sim

// SPDX-License-Identifier: MIT
// What one seed stands for, written down before anything runs: who takes part, on what network, and who does what when.
// Each fault is present or absent by the toss of a coin, for the run and again for each client (swarm testing, Groce et
// al. 2012): a run with everything at once hides what only shows when something is missing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "confab/types.h"
#include "sim/network.h"
#include "sim/sim_store.h"

namespace confab::sim {

struct ClientPlan {
  std::string name;
  LinkOptions up;    ///< client to server
  LinkOptions down;  ///< server to client
};

/// One thing that one client does. `client` counts through Plan::clients, then Plan::plain_names.
struct Step {
  enum class Kind {
    join,
    part,
    send,
    send_too_long,  ///< more than limits::message_bytes_max: to be refused
    read,           ///< the room from its beginning to its end
    rebind          ///< its NAT gives it another port
  };
  base::Duration at{};  ///< since the start
  std::size_t client = 0;
  Kind kind = Kind::send;
  std::string room;
  Start start;                 ///< join, read
  std::size_t text_bytes = 0;  ///< send: about
};

struct Plan {
  std::uint64_t seed = 0;
  std::vector<ClientPlan> clients;
  std::vector<std::string> plain_names;
  std::vector<std::string> rooms;  ///< the lobby first
  std::vector<Step> steps;         ///< in the order of their time
  base::Duration work{};           ///< then the last step is done and the faults end
  StoreOptions store;

  /// How long after that everything must have come to rest: an idle timeout, the longest backoff, and a handshake on a
  /// narrow line with everything to catch up.
  static constexpr base::Duration rest_max = std::chrono::seconds(90);

  static Plan make(std::uint64_t seed);
  /// For people, a line a client.
  std::string to_string() const;
};

}  // namespace confab::sim

// SPDX-License-Identifier: MIT
// What one seed stands for, written down before anything runs: who takes part, on what network, who does what when, and
// what goes wrong when.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "confab/types.h"
#include "sim/faults.h"
#include "sim/network.h"
#include "sim/sim_store.h"

namespace confab::sim {

enum class Tier {
  quic,  ///< real QUIC and TLS, few clients, every fault of the network
  fast   ///< memory transports (sim/memory_transport.h), many clients, long histories
};

std::string_view to_string(Tier tier);

struct ClientPlan {
  std::string label;  ///< like no other's
  std::string name;   ///< another device of the same person has it, too
  LinkOptions up;     ///< client to server
  LinkOptions down;   ///< server to client
};

/// One thing that one client does. `client` counts through Plan::clients, then Plan::plain_names.
struct Step {
  enum class Kind {
    join,
    part,
    send,
    send_too_long,  ///< more than limits::message_bytes_max: to be refused
    set_topic,
    edit,  ///< the message it sent last, as are the next two
    take_back,
    react,
    mark,  ///< the room as read, as far as it was heard
    read   ///< the room to its end
  };
  base::Duration at{};  ///< since the start
  std::size_t client = 0;
  Kind kind = Kind::send;
  std::string room;
  Start start;                 ///< join, read
  std::size_t text_bytes = 0;  ///< send: about

  std::string to_string() const;
};

/// Something that goes wrong at one moment, beside what the lines do by themselves.
struct Mishap {
  base::Duration at{};  ///< since the start
  Fault fault = Fault::server_crash;
  base::Duration lasts{};      ///< a crash: until it comes again; a clock's jump: by so much
  std::size_t client = 0;      ///< where it befalls one
  std::uint32_t permille = 0;  ///< syncs: so many of a thousand
  bool amid_writes = false;    ///< a crash: waits for a moment at which it hurts

  base::Duration end() const { return at + lasts; }
};

struct Plan {
  std::uint64_t seed = 0;
  Tier tier = Tier::quic;
  std::size_t workers = 1;  ///< the server's threads
  std::vector<ClientPlan> clients;
  std::vector<std::string> plain_names;
  std::vector<std::string> rooms;  ///< the lobby first
  std::vector<Step> steps;         ///< in the order of their time
  std::vector<Mishap> mishaps;     ///< likewise
  base::Duration work{};           ///< then the last step is done and the lines' faults end
  StoreOptions store;

  /// How long after that everything must have come to rest: an idle timeout, the longest backoff, and a handshake on a
  /// narrow line with everything to catch up.
  static constexpr base::Duration rest_max = std::chrono::seconds(90);

  static Plan make(std::uint64_t seed, Tier tier = Tier::quic);
  /// When all faults have ended and all who were away are back.
  base::Duration calm() const;
  /// The server stops, or its disk fails, at least once.
  bool troubles_server() const;
  std::string describe(const Mishap& mishap) const;
  /// For people, a line a client and a line a mishap.
  std::string to_string() const;
};

}  // namespace confab::sim

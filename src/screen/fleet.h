// SPDX-License-Identifier: MIT
// The clients of several servers and the screen they share, as one machine: whoever drives it need not know that there
// are several.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "base/machine.h"
#include "client/client.h"
#include "screen/full_screen.h"

namespace confab::screen {

/// One client, and the local addresses of its sockets, which no other has.
struct FleetMember {
  client::Client* client = nullptr;
  std::vector<base::Address> locals;
};

/// All must outlive it, and stand in the screen's order. After transmit() the screen's output is complete for the turn.
/// Not thread-safe.
///
/// A client that transmits first keeps what it is to send, and a disk takes its time, all the more while another
/// program has it. So what a person pressed is painted before, and shown by `show`, which is to take the output.
class Fleet final : public base::Machine {
 public:
  using Show = std::function<void()>;
  Fleet(std::vector<FleetMember> members, FullScreen& screen, Show show)
      : members_(std::move(members)), screen_(screen), show_(std::move(show)) {}

  void receive(const base::Datagram& datagram, base::Now now) override;
  void unreachable(const base::Path& path, base::Now now) override;
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;

  /// Puts the screen up, before the first turn: its first input may be there already.
  void start(base::Now now);
  void network_changed(base::Now now);
  /// The sockets are opened once the loop that drives this stands; before the first turn.
  void set_locals(std::size_t member, std::vector<base::Address> locals) {
    members_[member].locals = std::move(locals);
  }

 private:
  client::Client* at(const base::Path& path) const;
  void pump(base::Now now);

  std::vector<FleetMember> members_;
  FullScreen& screen_;
  Show show_;
  bool started_ = false;
  bool said_goodbye_ = false;
};

}  // namespace confab::screen

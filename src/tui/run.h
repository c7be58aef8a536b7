// SPDX-License-Identifier: MIT
// A client and a conversation joined into one machine, so that whoever drives it need not know either.
#pragma once

#include "base/machine.h"
#include "client/client.h"
#include "tui/conversation.h"

namespace confab::tui {

/// Both must outlive it. After transmit() the conversation's output is complete for the turn.
class Run final : public base::Machine {
 public:
  Run(client::Client& client, Conversation& conversation) : client_(client), conversation_(conversation) {}

  void receive(const base::Datagram& datagram, base::Now now) override { client_.receive(datagram, now); }
  void unreachable(const base::Path& path, base::Now now) override { client_.unreachable(path, now); }
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;

 private:
  void pump(base::Now now);

  client::Client& client_;
  Conversation& conversation_;
  bool started_ = false;
  bool said_goodbye_ = false;
};

}  // namespace confab::tui

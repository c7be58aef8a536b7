// SPDX-License-Identifier: MIT
// Carries a command to the chat and the chat's effects to where they belong: events and claims into the journal,
// presence as hints to those it concerns. Sessions and plain members both speak through it.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "chat/chat.h"
#include "server/journal.h"
#include "server/switchboard.h"

namespace confab::server {

class Executor {
 public:
  Executor(chat::Chat& chat, Journal& journal, Switchboard& shards) : chat_(chat), journal_(journal), shards_(shards) {}

  /// A refusal and names are in the answer; everything else of it has been seen to. `tag` comes back with the stored
  /// event, whose commit waits for company where `haste` allows.
  chat::Effects execute(const chat::Command& command, base::Now now, std::uint64_t tag = 0,
                        Haste haste = Haste::at_once);
  /// So much waits for the disk that senders who cannot be held back are not heard.
  bool has_backlog() const { return journal_.bytes() >= Journal::bytes_max / 8; }
  /// Graces that have run out.
  void wake(base::Now now);

  /// Hands a hint to the sessions in `room` but `asker`'s own, where the room is small enough for hints.
  void fan_out(const std::string& room, wire::pb::Hint hint, chat::SessionId asker);

 private:
  struct Errand {
    chat::SessionId asker = 0;   ///< is spared the hints that it caused
    chat::SessionId author = 0;  ///< is told when its message is stored
    std::uint64_t tag = 0;
    Haste haste = Haste::at_once;
  };
  void carry_out(const chat::Effects& effects, const Errand& errand, base::Now now);

  chat::Chat& chat_;
  Journal& journal_;
  Switchboard& shards_;
};

}  // namespace confab::server

// SPDX-License-Identifier: MIT
// A message that was reported as stored is in the store, there, from that moment on; a refused one never is; each is in
// there at most once; those of one client stand in the order in which it typed them; and in the end each is in the
// store but for the refused ones, and those that a client's power cut took before they went anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "confab/types.h"
#include "sim/archive.h"
#include "sim/complaints.h"

namespace confab::sim {

/// The messages of all clients of confab/1. Not thread-safe. `archive` and `complaints` must outlive it.
class MessageCheck {
 public:
  MessageCheck(Archive& archive, Complaints& complaints) : archive_(archive), complaints_(complaints) {}

  /// `client`'s label; `name` is what it is called.
  void sent(const std::string& client, const std::string& name, const std::string& id, const std::string& room,
            const std::string& text);
  /// Of a topic: who has left the room may be refused it, even if an attempt whose answer was lost was stored.
  void sent_if_member(const std::string& client, const std::string& name, const std::string& id,
                      const std::string& room, const std::string& text);
  /// Of a message that the server must refuse.
  void sent_in_vain(const std::string& client, const std::string& name, const std::string& id, const std::string& room,
                    const std::string& text);
  /// At the moment at which the client is told.
  void told(const Status& status);
  /// The client is gone. Of its messages, those in `kept` will go on; what it was to be told it will not be.
  void stopped(const std::string& client, const std::set<std::string>& kept);
  /// A message of one of `plain_names` is PlainCheck's business.
  void stored(const std::string& room, base::Seq seq, const Account& message, bool is_plain);

  void finish();

  std::size_t count() const { return fates_.size(); }
  /// So many did this client send.
  std::uint64_t count(const std::string& client) const;

 private:
  struct Fate {
    std::string client;
    std::string name;
    std::string room;
    std::string text;
    std::uint64_t number = 0;    // in the order in which the client typed
    bool in_vain = false;        // must be refused
    bool if_member = false;      // may be
    bool told = false;           // by the client that runs now
    bool may_be_untold = false;  // a client stopped between
    bool may_be_lost = false;    // nobody has it any more, unless it is on its way
    std::optional<Status> final = {};
    base::Seq place = 0;  // in the archive
  };

  void check_stored(const Fate& fate, const Status& status);
  void check_fate(const std::string& id, const Fate& fate);

  Archive& archive_;
  Complaints& complaints_;
  std::map<std::string, Fate> fates_;                                    // by id
  std::map<std::string, std::uint64_t> counts_;                          // by client
  std::map<std::pair<std::string, std::string>, std::uint64_t> newest_;  // number, by client and room
};

}  // namespace confab::sim

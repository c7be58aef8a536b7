// SPDX-License-Identifier: MIT
// A client of confab/1 on a machine of its own, which may be killed, lose its power, sleep, and not read for a while.
// What survives: the key, the outbox as far as its store promises, and, as in a program that keeps history, how far
// each room has been heard.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "client/memory_outbox_store.h"
#include "client/quic_client.h"
#include "net/identity.h"
#include "sim/computer.h"
#include "sim/message_check.h"
#include "sim/participant.h"
#include "sim/presence_check.h"
#include "sim/reader_check.h"
#include "sim/transport_tap.h"

namespace confab::sim {

/// What all participants of a run share; it must outlive them.
struct Stage {
  base::Path to_server;
  wire::Fingerprint server_key;
  Archive& archive;
  MessageCheck& messages;
  PresenceCheck& presence;
  Complaints& complaints;
  /// Makes a client's transport.
  std::function<std::unique_ptr<net::Transport>(base::Random& random)> transport;
};

struct Person {
  std::size_t number = 0;  ///< in Plan::clients
  std::string label;
  std::string name;
  const net::UserKey& key;
};

class QuicParticipant final : public Participant {
 public:
  QuicParticipant(Person person, std::uint64_t seed, const Stage& stage);

  base::Machine& machine() override { return computer_; }
  const std::string& label() const override { return person_.label; }
  void act(const Step& step) override;
  void listen() override;
  bool is_settled() override;
  void finish(bool faultless) override;
  std::uint64_t heard_count() const override;

  bool is_running() const { return client_ != nullptr; }
  bool is_asleep() const { return asleep_; }
  /// Between two turns.
  void start();
  void kill();
  void lose_power();
  /// Says goodbye; kill() it a turn later.
  void quit();
  void fall_asleep();
  void wake_up();
  void set_slow(bool slow) { tap_->hold(slow); }

 private:
  void do_step(const Step& step);
  void join(const std::string& room, Start start);
  void part(const std::string& room);
  void read(const Step& step);
  void send(const Step& step);
  void post(const Step& step, Content::What what);
  void mark(const std::string& room);
  void watch(RequestId request, const std::string& room, Start start);
  ReaderCheck* reader(RequestId request, const char* what);
  bool is_joined(RequestId request) const;

  void on(const Message& event) { on_log_event(event); }
  void on(const Joined& event) { on_log_event(event); }
  void on(const Left& event) { on_log_event(event); }
  void on(const Unknown& event) { on_log_event(event); }
  void on(const TopicChanged& event) { on_log_event(event); }
  void on(const Edited& event) { on_log_event(event); }
  void on(const Redacted& event) { on_log_event(event); }
  void on(const Reacted& event) { on_log_event(event); }
  void on(const Status& event) { stage_.messages.told(event); }
  void on(const Link& event);
  void on(const Opened& event);
  void on(const Ended& event);
  void on(const Refused& event);
  void on(const Warning& event);
  void on(const Gone& event);
  void on(const Skipped& event);
  void on(const Members&) {}
  void on(const Rooms&) {}
  void on(const PresenceChanged&) {}
  void on(const Typing&) {}
  void on(const MarkerMoved& event);
  void on(const Invited&) {}
  template <typename LogEvent>
  void on_log_event(const LogEvent& event) {
    ReaderCheck* check = reader(event.request, "event");
    if (check == nullptr) return;
    check->heard(event.room, event.seq, Account::of(event));
    if (is_joined(event.request)) stage_.presence.hears(person_.number, event.room);
  }

  Person person_;
  const Stage& stage_;
  base::SeededRandom random_;
  client::MemoryOutboxStore outbox_;
  Computer computer_;
  TransportTap* tap_ = nullptr;  // the client's
  std::unique_ptr<client::QuicClient> client_;
  bool asleep_ = false;
  std::vector<Step> missed_;  // while it was off or asleep: the person does them afterwards
  std::map<RequestId, ReaderCheck> readers_;
  std::map<std::string, RequestId> joined_;  // the join that is in force, by room
  std::map<std::string, Start> left_at_;     // where to go on in the rooms, while the client is not running
  std::uint64_t heard_before_ = 0;           // by readers of clients that are gone
  std::uint64_t messages_sent_ = 0;
  std::map<std::string, std::string> newest_sent_;  // id of the message it sent last, by room
};

}  // namespace confab::sim

// SPDX-License-Identifier: MIT
// Who takes part in a run: a client machine, the node it runs on, and the checks on all that it is told.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "client/plain_client.h"
#include "client/quic_client.h"
#include "net/identity.h"
#include "sim/checkers.h"
#include "sim/plan.h"

namespace confab::sim {

/// Does the steps of a plan. The references must outlive it.
class Participant {
 public:
  virtual ~Participant() = default;

  virtual base::Machine& machine() = 0;
  virtual const std::string& name() const = 0;
  virtual void act(const Step& step) = 0;
  /// Takes what the client has to tell; each turn.
  virtual void listen() = 0;
  /// Nothing more is to come.
  virtual bool is_settled() = 0;
  /// Complains of what is missing.
  virtual void finish() = 0;
  /// Events and lines heard.
  virtual std::uint64_t heard_count() const = 0;
};

/// A client of confab/1, with a key of its own.
class QuicParticipant final : public Participant {
 public:
  QuicParticipant(const std::string& name, std::uint64_t seed, const base::Path& path, const wire::Fingerprint& server,
                  Archive& archive, MessageCheck& messages, Complaints& complaints, base::Log& log);

  base::Machine& machine() override { return client_; }
  const std::string& name() const override { return name_; }
  void act(const Step& step) override;
  void listen() override;
  bool is_settled() override;
  void finish() override;
  std::uint64_t heard_count() const override;

 private:
  void join(const Step& step);
  void part(const std::string& room);
  void read(const Step& step);
  void send(const Step& step);
  void watch(RequestId request, const Step& step);
  ReaderCheck* reader(RequestId request, const char* what);

  void on(const Message& event) { on_log_event(event); }
  void on(const Joined& event) { on_log_event(event); }
  void on(const Left& event) { on_log_event(event); }
  void on(const Unknown& event) { on_log_event(event); }
  void on(const Gone& event);
  void on(const Skipped&) {}
  void on(const Status& event) { messages_.told(event); }
  void on(const Link& event);
  void on(const Opened& event);
  void on(const Ended& event);
  void on(const Refused& event);
  void on(const Warning& event);
  void on(const Members&) {}
  void on(const Rooms&) {}
  void on(const PresenceChanged&) {}
  void on(const Typing&) {}
  template <typename LogEvent>
  void on_log_event(const LogEvent& event) {
    if (ReaderCheck* check = reader(event.request, "event")) check->heard(event.room, event.seq, Account::of(event));
  }

  std::string name_;
  base::SeededRandom random_;
  net::UserKey key_ = net::UserKey::generate();
  client::QuicClient client_;
  Archive& archive_;
  MessageCheck& messages_;
  Complaints& complaints_;
  std::map<RequestId, ReaderCheck> readers_;
  std::map<std::string, RequestId> joined_;  // the join that is in force, by room
  std::uint64_t messages_sent_ = 0;
};

/// A client of the toy's protocol.
class PlainParticipant final : public Participant {
 public:
  PlainParticipant(const std::string& name, std::uint64_t seed, const base::Path& path, Archive& archive,
                   Complaints& complaints);

  base::Machine& machine() override { return client_; }
  const std::string& name() const override { return check_.name(); }
  void act(const Step& step) override;
  void listen() override;
  bool is_settled() override { return client_.unsettled() == 0; }
  void finish() override { check_.finish(); }
  std::uint64_t heard_count() const override { return check_.heard_count(); }

 private:
  base::SeededRandom random_;
  client::PlainClient client_;
  PlainCheck check_;
  Complaints& complaints_;
  std::uint64_t messages_sent_ = 0;
};

}  // namespace confab::sim

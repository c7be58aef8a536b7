// SPDX-License-Identifier: MIT
// The part of the server that decides: sessions and their requests, who is where, what is stored, the rooms' logs.
// There is one, whatever the number of workers: the store gives the numbers in one sequence of transactions, so all
// rooms have one home. What costs N times as much as a message, its deliveries, is the shards'.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/doorbell.h"
#include "base/log.h"
#include "base/machine.h"
#include "base/random.h"
#include "chat/chat.h"
#include "log/async_store.h"
#include "server/dispatcher.h"
#include "server/executor.h"
#include "server/journal.h"
#include "server/messages.h"
#include "server/notices.h"
#include "server/plain_gateway.h"
#include "server/retention.h"
#include "server/room_logs.h"
#include "server/session.h"
#include "server/switchboard.h"

namespace confab::server {

struct ServerOptions {
  bool plain = true;                                     ///< takes the toy's datagrams
  std::size_t log_memory_bytes_max = 256 * 1024 * 1024;  ///< newest events of all rooms; older ones are in the store
  std::string agent;                                     ///< program and version, told to clients
  RetentionOptions retention = {};
  /// Called for each message of the lobby once it is stored, in order; may be empty.
  std::function<void(std::string_view name, std::string_view text)> on_lobby_line;
  /// Called once, when after drain() everything accepted is stored and every goodbye is written; may be empty.
  std::function<void()> on_drained;
};

/// What the store held when the server started.
struct StoredState {
  std::vector<log::RoomSummary> rooms;
  std::vector<log::NameClaim> claims;
  std::vector<log::StoredMember> members;
  std::vector<log::ReadMarker> markers;

  static std::expected<StoredState, log::StoreError> load(log::Store& store);
};

/// Counters since the start.
struct ServerStats {
  std::uint64_t datagrams_dropped = 0;  ///< neither QUIC nor a line that was taken
  std::uint64_t events_stored = 0;
  std::uint64_t store_failures = 0;
  std::size_t connections = 0;
  std::size_t log_bytes = 0;      ///< of rooms' logs, in memory now
  std::size_t journal_bytes = 0;  ///< on their way into the store now
  bool has_unanswered = false;    ///< something waits for the store
};

/// Not thread-safe: the first worker's.
class Hub {
 public:
  /// `lines`: one a worker, in their order. All references must outlive it.
  Hub(ServerOptions options, std::vector<Switchboard::Line> lines, log::AsyncStore& store, const StoredState& stored,
      base::Random& random, base::Log& log);

  /// Takes what the shards have told.
  void hear(base::Now now);
  /// When all input of the turn is there: takes the store's answers, reads requests, and orders what comes of it.
  void settle(base::Now now);
  /// Wakes the shards that were ordered something.
  void end_turn(base::Now now);
  void wake(base::Now now);
  /// Plain members' datagrams.
  void transmit(base::DatagramSink& sink) { plain_.transmit(sink); }
  base::Instant next_deadline() const;

  /// Takes no more messages, waits for the store (10 s at most), then says goodbye to everybody.
  void drain(base::Now now);

  /// All but what the shards count.
  ServerStats stats() const;

 private:
  void take_store_answers(base::Now now);
  void watch_store(const log::AppendResult& result);
  void on_trim(const log::TrimAnswer& answer, base::Now now);
  void settle(const Settled& settled, base::Now now);
  void show_in_lobby(const Settled& settled, base::Seq seq);
  void answer_author(const Settled& settled, base::Now now);

  void on(const net::events::EarlyReady& event, base::Now now);
  void on(const net::events::Connected& event, base::Now now);
  void on(const net::events::StreamData& event, base::Now now);
  void on(const net::events::StreamReset& event, base::Now now);
  void on(const net::events::DatagramReceived& event, base::Now now);
  void on(const net::events::PathChanged& event, base::Now now);
  void on(const net::events::Closed& event, base::Now now);
  void on(const news::PlainDatagram& event, base::Now now);
  void on(const news::RepliesTaken& event, base::Now now);
  void on(const news::ReaderGone& event, base::Now now);

  Session* find(net::ConnectionHandle connection);
  bool must_wait(const Session& session) const;
  void read_requests(Session& session, base::Now now);
  void go_on_draining(base::Now now);
  base::Instant drain_deadline() const;

  ServerOptions options_;
  std::vector<Channel*> channels_;
  log::AsyncStore& store_;
  base::Log& log_;
  Switchboard shards_;
  chat::Chat chat_;
  Journal journal_;
  RoomLogs logs_;
  Retention retention_;
  Executor executor_;
  Notices::Sessions sessions_;
  Notices notices_;
  Dispatcher dispatcher_;
  PlainGateway plain_;
  std::set<chat::SessionId> waiting_;     // sessions whose requests are read no further for now
  std::set<chat::SessionId> unfinished_;  // sessions that have had their share of this turn and go on in the next
  std::uint64_t events_stored_ = 0;
  std::uint64_t store_failures_ = 0;
  std::uint64_t store_failures_in_a_row_ = 0;
  bool trims_fail_ = false;
  bool draining_ = false;
  base::Instant drain_until_ = base::never;  // set when draining
  base::Instant goodbye_at_ = base::never;   // set when draining and nothing waits for the store any more
  bool said_goodbye_ = false;
  base::Instant farewell_until_ = base::never;  // set when it is said
  bool unsettled_ = false;                      // something was heard since settle()
};

}  // namespace confab::server

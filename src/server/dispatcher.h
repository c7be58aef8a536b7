// SPDX-License-Identifier: MIT
// Requests of the control stream: one row a request in the table of dispatcher.cc, one function a row.
#pragma once

#include <string>

#include "base/log.h"
#include "base/time.h"
#include "chat/chat.h"
#include "net/identity.h"
#include "net/transport.h"
#include "server/executor.h"
#include "server/notices.h"
#include "server/room_logs.h"
#include "server/session.h"
#include "server/switchboard.h"

namespace confab::server {

class Dispatcher {
 public:
  Dispatcher(std::string agent, chat::Chat& chat, Executor& executor, RoomLogs& logs, Switchboard& shards,
             Notices& notices, base::Log& log)
      : agent_(std::move(agent)),
        chat_(chat),
        executor_(executor),
        logs_(logs),
        shards_(shards),
        notices_(notices),
        log_(log) {}

  /// Carries out one request and answers it; a message is answered later, when the store has it.
  void dispatch(Session& session, const wire::pb::Request& request, base::Now now);
  void reply(Session& session, std::uint64_t tag, wire::pb::Reply reply);
  void refuse(Session& session, std::uint64_t tag, const chat::Refusal& refusal);

  /// The handshake is done: who joined in early data is there from now on.
  void carry_out_early_joins(Session& session, base::Now now);

  /// Ends the session's connection; nothing more of what it has sent is read.
  void close(Session& session, std::uint64_t code, std::string reason);

  /// No more messages are taken from now on.
  void drain() { draining_ = true; }

 private:
  struct Row;
  static const Row rows[];

  void on_hello(Session& session, const wire::pb::Request& request, base::Now now);
  void on_join(Session& session, const wire::pb::Request& request, base::Now now);
  void on_part(Session& session, const wire::pb::Request& request, base::Now now);
  void on_send(Session& session, const wire::pb::Request& request, base::Now now);
  void on_read(Session& session, const wire::pb::Request& request, base::Now now);
  void on_get_members(Session& session, const wire::pb::Request& request, base::Now now);
  void on_get_rooms(Session& session, const wire::pb::Request& request, base::Now now);
  void on_mark_read(Session& session, const wire::pb::Request& request, base::Now now);
  void on_set_presence(Session& session, const wire::pb::Request& request, base::Now now);
  void on_stop(Session& session, const wire::pb::Request& request, base::Now now);

  void open(Session& session, OpenRequest request);
  void open_joined(Session& session, const wire::pb::Request& request, const std::string& room);
  std::optional<std::string> accessible(Session& session, std::uint64_t tag, const std::string& name);
  std::optional<std::string> find_room(Session& session, std::uint64_t tag, const std::string& name);

  std::string agent_;
  chat::Chat& chat_;
  Executor& executor_;
  RoomLogs& logs_;
  Switchboard& shards_;
  Notices& notices_;
  base::Log& log_;
  bool draining_ = false;
};

}  // namespace confab::server

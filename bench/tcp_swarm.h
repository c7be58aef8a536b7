// SPDX-License-Identifier: MIT
// Members of an encrypted peer, each with a TLS connection of its own, all in one process.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "crowd.h"
#include "dialect.h"
#include "io/fd.h"
#include "running_order.h"
#include "tls_link.h"

namespace confab::bench {

/// Message i is sent by member i modulo the number of members; every member should have it once, by hearing it or by
/// having said it. The peers promise an order by sender, not one for all: disorder is a message that a member hears
/// after a later one of the same sender. Not thread-safe; `dialect` must outlive it.
class TcpSwarm final : public Crowd {
 public:
  /// Throws std::system_error where the system has nothing to wait with.
  TcpSwarm(std::size_t members, const base::Address& server, const Dialect& dialect);

  /// Connects everybody and has them join, some at a time.
  std::expected<void, std::string> join(base::Duration time_max);

  void begin(const Workload& workload, base::Instant now) override;
  bool has_sent_all(base::Instant now) const override { return schedule_.is_over(now); }
  bool is_done(base::Instant now) const override;
  const Tally& tally() const override { return tally_; }

  /// Sends what is due, waits until something comes or is due, and takes in what has come.
  void turn();
  /// What has gone wrong for good, in one line for people; empty while nothing has.
  const std::string& failure() const { return failure_; }

 private:
  struct Member {
    TlsLink link;
    std::size_t number = 0;
    bool has_greeted = false;
    bool has_joined = false;
    std::string unread = {};              // the beginning of what has not come to its end
    RunningOrder order = RunningOrder();  // of indices
  };

  void connect_more();
  void send_due(base::Instant now);
  void send(Member& member, std::string_view bytes);
  void take_in(base::Duration wait_max);
  void advance(Member& member);
  void read(Member& member, std::string_view bytes);
  void read_all(Member& member, std::string_view& input);
  void act_on(Member& member, Dialect::Heard& heard);
  void hear(Member& member, std::string_view text);
  void fail(const Member& member, std::string_view why);

  base::Address server_;
  const Dialect& dialect_;
  std::size_t member_count_;
  TlsContext context_;
  io::Fd poll_;
  std::vector<Member> members_;
  std::size_t greeted_ = 0;
  std::size_t joined_ = 0;
  std::string buffer_;
  std::string failure_;
  base::Instant now_;            // when what is being read was received
  base::Instant last_progress_;  // last delivery, or the workload's beginning

  Schedule schedule_;
  Tally tally_;
  std::map<std::uint64_t, std::size_t> flights_;  // members that have it, by index, of messages under way
};

}  // namespace confab::bench

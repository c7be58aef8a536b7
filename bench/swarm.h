// SPDX-License-Identifier: MIT
// Members of one room of a Confab server, all in this process: one connection each, over a few sockets. They speak
// confab/1 themselves and do nothing with what they hear but check it, so that the swarm keeps up with the server.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "base/machine.h"
#include "base/random.h"
#include "client/backoff.h"
#include "crowd.h"
#include "ledger.h"
#include "net/endpoint.h"
#include "running_order.h"
#include "wire/framing.h"

namespace confab::bench {

struct SwarmOptions {
  base::Address server;
  std::string room = "lobby";
  std::size_t members = 0;
  std::size_t joining_max = 200;                                     ///< handshakes and joins under way at any time
  base::Duration joining_patience = std::chrono::seconds(60);        ///< for all of them, and
  base::Duration joining_time_each = std::chrono::milliseconds(10);  ///< for each of them
  base::Duration patience = std::chrono::seconds(5);                 ///< without a delivery, at a workload's end
  bool comes_back = false;  ///< a member that loses its connection is no failure: it comes back
  bool sleeper = false;     ///< member 0 takes nothing of the room, once joined, until wake_sleeper()
};

/// Message i is sent by member i modulo the number of members. Every member, its author included, must hear every
/// message once, under the seq that all others hear it under. Not thread-safe; `random` and `log` must outlive it.
///
/// It is told the time of a turn, and reads the clock for what that is too coarse for: a turn may take a burst of a
/// thousand datagrams, and the last of them was heard later than the first.
class Swarm final : public base::Machine, public Crowd {
 public:
  Swarm(SwarmOptions options, base::Random& random, base::Log& log);

  /// The sockets that the members' connections are spread over. Before the first turn.
  void set_locals(std::vector<base::Address> locals) { locals_ = std::move(locals); }

  bool has_joined() const { return joined_ == members_.size(); }
  /// What has gone wrong for good, in one line for people; empty while nothing has.
  const std::string& failure() const { return failure_; }

  void begin(const Workload& workload, base::Instant now) override;
  bool has_sent_all(base::Instant now) const override { return schedule_.is_over(now); }
  bool is_done(base::Instant now) const override;
  const Tally& tally() const override { return tally_; }

  /// All but the sleeper have heard all that was sent.
  bool has_told_the_waking() const { return tally_.deliveries - sleeper_heard_ == tally_.messages * waking(); }
  void wake_sleeper();

  /// Everybody drops its connection and connects anew, at once, with the ticket that the server gave: reads on where it
  /// was, and says again, under its id, what no answer has come to.
  void come_back(base::Now now);

  void receive(const base::Datagram& datagram, base::Now now) override;
  void unreachable(const base::Path& path, base::Now now) override;
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override;

 private:
  struct Member {
    net::ConnectionHandle connection = 0;
    wire::FrameReader control;
    wire::FrameReader room;
    bool has_header = false;  // of the room's stream: it has joined
    bool was_here = false;    // and has joined before
    RunningOrder order;       // of seqs
    base::Bytes ticket;       // for the next handshake
    client::Backoff backoff;  // of its attempts to come back
  };
  /// A message whose author has not been told that it is stored.
  struct Unanswered {
    base::MessageId id;
    std::string text;
  };

  std::size_t waking() const { return members_.size() - (asleep_ ? 1 : 0); }
  base::Instant give_up_at() const;
  base::Duration time_to_join() const;
  void connect_more(base::Now now);
  void connect(std::size_t number, base::Now now);
  static void forget_connection(Member& member);
  void join(const Member& member);
  void send(std::uint64_t index, const Unanswered& message);
  void send_again(std::size_t number);
  void send_due(base::Now now);
  void request(const Member& member, const wire::pb::Request& request);

  void pump();
  void on(Member& member, net::events::Connected& event);
  void on(Member& member, net::events::StreamData& event);
  void on(Member& member, net::events::Resumption& event) { member.ticket = std::move(event.bytes); }
  void on(Member& member, net::events::Closed& event);
  template <typename Other>
  void on(Member&, Other&) {}  // nothing that a member which only listens would act on

  void read_control(Member& member, base::ByteView bytes);
  void read_room(Member& member, base::ByteView bytes);
  void read_header(Member& member, base::ByteView frame);
  void hear(Member& member, base::ByteView frame);
  void fail(std::string why);

  SwarmOptions options_;
  base::Random& random_;
  net::UserKey key_;  // of all members: one key may own many names
  net::Endpoint endpoint_;
  std::vector<base::Address> locals_;
  std::vector<Member> members_;
  std::unordered_map<net::ConnectionHandle, std::size_t> numbers_;  // of members; looked up, never walked
  std::size_t connecting_ = 0;                                      // members that have begun to
  std::size_t joined_ = 0;
  base::Instant join_by_ = base::never;
  std::string failure_;
  std::set<std::pair<base::Instant, std::size_t>> returning_;  // members that are to connect anew, and when
  std::map<std::uint64_t, Unanswered> unanswered_;             // by index
  bool asleep_ = false;
  net::StreamId sleepers_stream_ = 0;
  std::size_t withheld_bytes_ = 0;  // of its stream's credit
  std::uint64_t sleeper_heard_ = 0;

  Ledger ledger_;
  Schedule schedule_;
  Tally tally_;
  base::Instant now_;            // of the last call
  base::Instant last_progress_;  // last delivery, or the workload's beginning
};

}  // namespace confab::bench

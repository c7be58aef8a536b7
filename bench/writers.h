// SPDX-License-Identifier: MIT
// Visitors that send without being in the room, and wait for nothing but to be told that it is stored; and others that
// read the room's beginning, again and again.
#pragma once

#include <deque>
#include <vector>

#include "histogram.h"
#include "visitors.h"

namespace confab::bench {

/// How many are at work, for how long.
struct WritingPlan {
  std::size_t writers = 0;
  std::size_t in_flight = 1;  ///< messages of each writer that are not answered yet
  std::size_t readers = 0;
  base::Duration length = std::chrono::seconds(3);
};

struct WritingTally {
  std::uint64_t accepted = 0;
  Histogram acceptance;           ///< from sending to Accepted
  Histogram reading;              ///< from Read to the end of what was asked for
  std::uint64_t misnumbered = 0;  ///< Accepted under a seq that another message has, or before an earlier one's
};

class Writers final : public Visitors {
 public:
  static constexpr std::size_t writers_max = 64;
  static constexpr std::size_t readers_max = 4;
  /// What a reader asks for at a time, from the log's beginning.
  static constexpr std::uint64_t events_per_read = 1000;

  Writers(const base::Address& server, base::Random& random, base::Log& log)
      : Visitors(server, writers_max + readers_max, random, log), places_(writers_max + readers_max) {}

  void begin(const WritingPlan& plan, base::Instant now);
  /// The time is over, and everything is answered.
  bool is_done() const { return now() >= end_ && under_way_ == 0; }
  const WritingTally& tally() const { return tally_; }

 private:
  /// One visitor's questions that wait for an answer, the oldest first: they are answered in order.
  struct Place {
    std::deque<base::Instant> asked_at;
    base::Seq newest = 0;  // of its messages
  };

  void act() override;
  base::Instant next_act() const override { return now() < end_ ? end_ : base::never; }
  void on_reply(std::size_t visitor, const wire::pb::Reply& reply) override;
  void on_frame(std::size_t, net::StreamId, base::ByteView) override {}
  void on_end(std::size_t visitor, net::StreamId stream) override;

  void send(std::size_t writer);
  void read(std::size_t reader);
  void ask(std::size_t visitor, wire::pb::Request& question);
  base::Duration answered(std::size_t visitor);
  bool take_seq(Place& place, base::Seq seq);

  WritingPlan plan_;
  base::Instant end_;
  std::vector<Place> places_;
  std::vector<bool> taken_seqs_;
  std::uint64_t tag_ = 0;
  std::size_t under_way_ = 0;
  WritingTally tally_;
};

}  // namespace confab::bench

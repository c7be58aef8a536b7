// SPDX-License-Identifier: MIT
// Visitors who are all in the same two rooms, where one of them says something at a steady pace; and one who has,
// beside that, a room's whole history to read.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "histogram.h"
#include "running_order.h"
#include "visitors.h"
#include "workload.h"

namespace confab::bench {

struct LiveTally {
  /// Latency of what is said live, from its intended time: at the others and at the one with the burden, in the room
  /// whose history is read and in the other.
  struct AtHearer {
    Histogram here;
    Histogram elsewhere;
  };
  AtHearer others;
  AtHearer burdened;
  std::uint64_t expected = 0;
  std::uint64_t heard = 0;
  std::uint64_t disordered = 0;      ///< events of a room at another place than the next
  std::uint64_t history_bytes = 0;   ///< that have been read meanwhile
  std::uint64_t histories_read = 0;  ///< from the first event to the last
};

class Listeners final : public Visitors {
 public:
  /// The one who reads. The last one speaks.
  static constexpr std::size_t burdened = 0;

  using Visitors::Visitors;

  /// So many messages of so many bytes, for somebody to read.
  void fill(std::uint64_t messages, std::size_t bytes);
  bool is_filled() const { return stored_ == to_store_; }

  void join();
  bool have_joined() const { return joined_ == 2 * count(); }

  /// Speaks for so long; with the burden, the history is read from its beginning to its end, again and again.
  void begin(const Workload& workload, bool with_burden, base::Instant now);
  /// Everything is sent, and everybody has heard it.
  bool is_done() const { return schedule_.is_over(now()) && tally_.heard == tally_.expected; }
  const LiveTally& tally() const { return tally_; }

 private:
  /// A stream of a room's log: a member's place in it, or a history that is being read.
  struct Reader {
    bool is_here = false;
    bool is_history = false;
    RunningOrder order;
  };
  using StreamKey = std::pair<std::size_t, net::StreamId>;

  void act() override;
  base::Instant next_act() const override { return schedule_.next_deadline(now()); }
  void on_reply(std::size_t visitor, const wire::pb::Reply& reply) override;
  void on_frame(std::size_t visitor, net::StreamId stream, base::ByteView frame) override;
  void on_end(std::size_t visitor, net::StreamId stream) override;

  void store_more();
  void speak(const Stamp& stamp);
  void send(std::size_t visitor, const char* room, std::string text);
  void read_history();
  void open(std::size_t visitor, net::StreamId stream, base::ByteView header);
  void hear(std::size_t visitor, Reader& reader, base::ByteView frame);

  std::string filling_;
  std::uint64_t to_store_ = 0;
  std::uint64_t storing_ = 0;
  std::uint64_t stored_ = 0;
  std::size_t joined_ = 0;
  std::map<StreamKey, Reader> readers_;
  std::uint64_t tag_ = 0;
  std::uint64_t history_tag_ = 0;  // of the Read under way; 0: none
  bool with_burden_ = false;
  Schedule schedule_;
  LiveTally tally_;
};

}  // namespace confab::bench

// SPDX-License-Identifier: MIT
// How many packets were lost. ngtcp2 1.11 tells of a lost packet in its qlog alone (draft-ietf-quic-qlog-main-schema;
// what a stream counts as lost leaves out all that a probe timeout has repaired, which in a chat is nearly everything),
// one JSON object a call, of which we look at
//
//   {…"name":"transport:packet_sent","data":{…"header":{"packet_type":"1RTT","packet_number":N}…}}
//   {…"name":"recovery:packet_lost","data":{"header":{"packet_type":"1RTT","packet_number":N}}}
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace confab::net {

/// Of one connection. Packets that are declared lost and turn up later stay counted.
class LossCounter {
 public:
  /// One record of the qlog; what is none of the two above is passed over.
  void read(std::string_view record);

  /// The packet that was sent last was made to be lost: a probe of the path's MTU.
  void ignore_last() { ignored_.push_back(last_sent_); }

  std::uint64_t packets_lost() const { return packets_lost_; }

 private:
  std::uint64_t last_sent_ = 0;
  std::uint64_t packets_lost_ = 0;
  std::vector<std::uint64_t> ignored_;  // numbers; few: ngtcp2 tries four sizes, three times each
};

}  // namespace confab::net

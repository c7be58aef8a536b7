// SPDX-License-Identifier: MIT
// The toy's own clients, on the same port: an address that sends text becomes a member of the lobby until it has been
// silent for limits::plain_silence_max; it gets the lobby's lines as datagrams, but not its own. Nothing proves who it
// is, so its events bear ORIGIN_PLAIN, and beyond loopback it is sent no more than it earned by sending (a forged
// source address would make the server flood a stranger).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/machine.h"
#include "server/executor.h"
#include "wire/plain.h"

namespace confab::server {

/// Not thread-safe.
class PlainGateway {
 public:
  PlainGateway(Executor& executor, base::Random& random) : executor_(executor), random_(random) {}

  /// A text datagram.
  void receive(const base::Datagram& datagram, base::Now now);
  /// An event of the lobby, stored; `author` is the session that made it.
  void deliver(const wire::pb::Event& event, chat::SessionId author);
  /// A line of this session could not be stored.
  void refuse(chat::SessionId author, std::string_view why);
  /// Whether this id is a plain member's: these ids have the highest bit set, connection handles have not.
  static bool owns(chat::SessionId session) { return (session & first_id) != 0; }

  void transmit(base::DatagramSink& sink);
  void wake(base::Now now);
  base::Instant next_deadline() const;

  std::uint64_t datagrams_refused() const { return datagrams_refused_; }
  /// No more lines are taken from now on.
  void drain() { draining_ = true; }

 private:
  struct Member {
    base::Path path;
    std::string name;             // as it stood in the last datagram, unchecked
    chat::SessionId session = 0;  // 0: its name was refused
    base::Instant silent_at;
    std::size_t earned_bytes = 0;
  };
  struct Outgoing {
    base::Path path;
    std::shared_ptr<const std::string> line;
  };
  using Members = std::unordered_map<base::Address, Member, base::AddressHash>;

  static constexpr chat::SessionId first_id = chat::SessionId{1} << 63;
  /// Lines that wait for the socket. The toy's protocol promises nothing: the oldest is dropped.
  static constexpr std::size_t outgoing_max = 65'536;

  Member* find_or_add(const base::Path& path, base::Now now);
  bool introduce(Member& member, const std::string& name, base::Now now);
  void tell(Member& member, std::string_view text);
  void queue(Member& member, std::shared_ptr<const std::string> line);
  void end(Member& member, base::Now now);

  Executor& executor_;
  base::Random& random_;
  Members members_;
  // Whose silence ends when, and whose session is whose: the order in which everything walks, so that a run repeats.
  std::set<std::pair<base::Instant, base::Address>> silences_;
  std::map<chat::SessionId, base::Address> sessions_;
  std::deque<Outgoing> outgoing_;
  chat::SessionId next_session_ = first_id;
  std::uint64_t datagrams_refused_ = 0;
  bool draining_ = false;
};

}  // namespace confab::server

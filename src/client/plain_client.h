// SPDX-License-Identifier: MIT
// The client for the toy's protocol: it speaks to the toy's own server, and to any confabd that takes plain datagrams.
// There are no rooms, no history and no acknowledgement; what the protocol does not have is refused in words.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/random.h"
#include "client/client.h"

namespace confab::client {

struct PlainClientOptions {
  std::string name;
};

class PlainClient final : public Client {
 public:
  /// `random` must outlive it.
  PlainClient(PlainClientOptions options, base::Random& random) : options_(std::move(options)), random_(random) {}

  void set_paths(std::vector<base::Path> paths) override { path_ = paths.front(); }
  RequestId join(const std::string& room, Start start) override;
  RequestId part(const std::string& room) override;
  std::string send(const std::string& room, Kind kind, const std::string& text) override;
  std::string post(const std::string& room, Content content) override;
  /// The plain protocol has no ids: twice sent is twice said.
  void send_as(const base::MessageId& id, const std::string& room, Content content) override;
  bool discard(const std::string&) override { return false; }  // whatever was typed is as good as sent
  void withdraw(const std::string&) override { outgoing_.clear(); }
  RequestId read(const ReadOptions& options) override;
  RequestId read_before(const std::string& room, std::uint64_t seq, std::uint32_t count) override;
  void mark_read(const std::string&, std::uint64_t) override {}  // there is nobody to tell
  RequestId get_members(const std::string& room) override;
  RequestId get_rooms() override;
  RequestId get_direct_rooms() override;
  RequestId set_presence(Presence presence, const std::string& away_text) override;
  void set_typing(const std::string& room, bool active) override;
  void network_changed(base::Now) override {}  // a datagram goes the new way by itself
  void retry(const std::string& name) override;
  void quit() override {}
  std::size_t unsettled() const override { return outgoing_.size(); }
  /// They are datagrams already, and gone with the turn.
  std::vector<StoredEntry> unsettled_in(const std::string&) const override { return {}; }
  bool keeps_unsettled() const override { return false; }
  std::optional<LinkInfo> link_info(base::Now) const override { return std::nullopt; }
  std::optional<Event> poll_event() override;

  void receive(const base::Datagram& datagram, base::Now now) override;
  void unreachable(const base::Path& path, base::Now now) override;
  void wake(base::Now now) override;
  void transmit(base::DatagramSink& sink, base::Now now) override;
  base::Instant next_deadline() const override { return base::never; }

 private:
  RequestId refuse(const char* what);

  PlainClientOptions options_;
  base::Path path_;
  base::Random& random_;
  std::deque<std::string> outgoing_;  // datagrams
  std::deque<Event> events_;
  RequestId next_request_ = 1;
  bool greeted_ = false;
};

}  // namespace confab::client

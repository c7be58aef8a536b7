// SPDX-License-Identifier: MIT
// A client that writes down what is asked of it.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "client/client.h"

namespace confab::tui {

struct FakeClient : client::Client {
  void set_paths(std::vector<base::Path>) override {}
  RequestId join(const std::string& room, Start start) override {
    return note(
        fmt::format("join {} {}{}", room, start.seq, start.newest > 0 ? fmt::format(" newest {}", start.newest) : ""));
  }
  RequestId part(const std::string& room) override { return note("part " + room); }
  std::string send(const std::string& room, Kind kind, const std::string& text) override {
    note(fmt::format("send {}{} {}", kind == Kind::action ? "action " : "", room, text));
    ++waiting;
    return fmt::format("id{}", requests);
  }
  std::string post(const std::string& room, Content content) override {
    note(fmt::format("post {} {}", room, describe(content)));
    ++waiting;
    return fmt::format("id{}", requests);
  }
  void send_as(const base::MessageId& id, const std::string& room, Content content) override {
    note(fmt::format("send {} {} as {}", room, content.text, id.to_string()));
    ++waiting;
  }
  bool discard(const std::string& id) override {
    note("discard " + id);
    return discards;
  }
  void withdraw(const std::string&) override {
    note("withdraw");
    waiting = 0;
  }
  RequestId read(const client::ReadOptions& options) override {
    return note(fmt::format("read {} {} {}{}", options.room, options.start.seq, options.start.newest,
                            options.follow ? " follow" : ""));
  }
  RequestId read_before(const std::string& room, std::uint64_t seq, std::uint32_t count) override {
    return note(fmt::format("read {} before {} {}", room, seq, count));
  }
  void mark_read(const std::string& room, std::uint64_t seq) override { note(fmt::format("mark {} {}", room, seq)); }
  RequestId get_members(const std::string& room) override { return note("members " + room); }
  RequestId get_rooms() override { return note("rooms"); }
  /// Asked at each connection, so that it has a number of its own.
  static constexpr RequestId direct_rooms_request = 1000;
  RequestId get_direct_rooms() override {
    note("direct rooms");
    --requests;
    return direct_rooms_request;
  }
  RequestId set_presence(Presence presence, const std::string& text) override {
    return note(fmt::format("{} {}", presence == Presence::away ? "away" : "here", text));
  }
  void set_typing(const std::string&, bool) override {}
  void network_changed(base::Now) override { note("network changed"); }
  void retry(const std::string& name) override { note("retry " + name); }
  void quit() override { note("quit"); }
  std::size_t unsettled() const override { return waiting; }
  std::vector<client::StoredEntry> unsettled_in(const std::string& room) const override {
    std::vector<client::StoredEntry> entries;
    std::ranges::copy_if(earlier, std::back_inserter(entries), [&](const auto& each) { return each.room == room; });
    return entries;
  }
  bool keeps_unsettled() const override { return keeps; }
  std::optional<client::LinkInfo> link_info(base::Now) const override { return info; }
  std::optional<Event> poll_event() override { return std::nullopt; }
  void receive(const base::Datagram&, base::Now) override {}
  void unreachable(const base::Path&, base::Now) override {}
  void wake(base::Now) override {}
  void transmit(base::DatagramSink&, base::Now) override {}
  base::Instant next_deadline() const override { return base::never; }

  /// "edit TARGET text", "message answering TARGET text", "reaction withdrawn TARGET text" …
  static std::string describe(const Content& content) {
    static constexpr const char* names[] = {"message", "topic", "edit", "redaction", "reaction"};
    std::string line = names[static_cast<int>(content.what)];
    if (content.kind == Kind::action) line += " action";
    if (content.withdrawn) line += " withdrawn";
    if (!content.target.empty())
      line += (content.what == Content::What::message ? " answering " : " ") + content.target;
    return line + " " + content.text;
  }
  RequestId note(std::string call) {
    calls.push_back(std::move(call));
    return ++requests;
  }
  std::vector<std::string> take_calls() { return std::exchange(calls, {}); }

  std::vector<std::string> calls;
  RequestId requests = 0;
  std::size_t waiting = 0;
  bool keeps = false;
  std::vector<client::StoredEntry> earlier;  ///< what an earlier run left behind
  bool discards = true;                      ///< what discard() answers
  std::optional<client::LinkInfo> info;
};

using Calls = std::vector<std::string>;

inline Message message(const std::string& name, const std::string& text, const std::string& room = "lobby") {
  Message result;
  result.room = room;
  result.seq = 5;
  result.time_ms = 1'700'000'000'123;
  result.name = name;
  result.text = text;
  result.id = "00112233445566778899aabbccddeeff";
  result.verified = true;
  return result;
}

inline Status status(Status::State state, const std::string& reason = {}) { return {"id1", "lobby", state, 9, reason}; }

inline Status status_of(const std::string& id, Status::State state, const std::string& reason = {}) {
  return {id, "lobby", state, 9, reason};
}

inline Link link(Link::State state, Link::Failure failure = Link::Failure::none, const std::string& text = {}) {
  return {state, failure, text, "Hilmi", "SHA256:abc"};
}

}  // namespace confab::tui

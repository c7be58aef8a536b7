// SPDX-License-Identifier: MIT
// A server and its clients in one process: real QUIC and TLS over a wire that loses nothing, under a clock that only
// the test moves. (Bad networks are tests/sim's business.)
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "client/quic_client.h"
#include "log/memory_store.h"
#include "server/server.h"
#include "workers.h"

namespace confab::server::testing {

/// A store whose answers come when the test says so, or fail when it says so; read by as many as there are workers.
class HeldStore final : public log::AsyncStore {
 public:
  void append(std::uint64_t ticket, log::Batch batch) override {
    ++appends;
    held_.push_back([this, ticket, batch = std::move(batch)] {
      const bool is_damaged =
          std::ranges::any_of(batch.drafts, [this](const log::Draft& draft) { return draft.room == damaged_room; });
      const bool refuses_markers = !batch.markers.empty() && damaged_markers > 0 && damaged_markers-- > 0;
      if (is_damaged || refuses_markers) return refuse(ticket, log::StoreError::Code::damaged);
      if (failing || (fail_next > 0 && fail_next-- > 0)) return refuse(ticket, log::StoreError::Code::full);
      return log::StoreAnswer{ticket, log::AppendResult(store.append(batch))};
    });
  }
  void trim(std::uint64_t ticket, log::TrimRequest request) override {
    held_.push_back([this, ticket, request = std::move(request)] {
      return log::StoreAnswer{ticket, log::TrimAnswer(store.trim(request))};
    });
  }
  std::vector<log::StoreAnswer> poll() override {
    std::vector<log::StoreAnswer> answers;
    if (silent_polls > 0 && silent_polls-- > 0) return answers;
    while (!holding && !held_.empty()) {
      answers.push_back(held_.front()());
      held_.pop_front();
    }
    return answers;
  }

  /// Its answers are held and fail as the store's do.
  class Reader final : public log::AsyncReader {
   public:
    explicit Reader(HeldStore& store) : store_(store) {}
    void read(std::uint64_t ticket, log::ReadRequest request) override {
      ++store_.reads;
      held_.emplace_back(ticket, std::move(request));
    }
    std::vector<log::ReadAnswer> poll() override {
      std::vector<log::ReadAnswer> answers;
      if (store_.holding) return answers;
      for (const auto& [ticket, request] : std::exchange(held_, {})) {
        answers.push_back(
            {ticket, store_.failing_reads
                         ? log::ReadResult(std::unexpected(log::StoreError{log::StoreError::Code::io, "no"}))
                         : store_.store.read(request.room, request.first, request.count_max, request.bytes_max)});
      }
      return answers;
    }

   private:
    HeldStore& store_;
    std::vector<std::pair<std::uint64_t, log::ReadRequest>> held_;
  };

  bool holding = false;
  int silent_polls = 0;  // so many more bring nothing
  bool failing = false;
  int fail_next = 0;  // so many appends
  bool failing_reads = false;
  std::string damaged_room;
  int damaged_markers = 0;  // so many appends of some
  int appends = 0;
  int reads = 0;
  log::MemoryStore store;

 private:
  static log::StoreAnswer refuse(std::uint64_t ticket, log::StoreError::Code code) {
    return {ticket, log::AppendResult(std::unexpected(log::StoreError{code, "no"}))};
  }

  std::deque<std::function<log::StoreAnswer()>> held_;
};

/// Carries each datagram in the same instant, in order.
class Wire {
 public:
  void attach(const base::Address& address, base::Machine& machine) { machines_[address] = &machine; }
  void detach(const base::Address& address) { machines_.erase(address); }

  base::Now now() const {
    return {base::Instant(std::chrono::hours(1)) + clock_,
            {1'700'000'000'000 - set_back_ms_ + clock_ / std::chrono::milliseconds(1)}};
  }
  /// The wall's, by somebody; the monotonic one never goes back.
  void set_clock_back(std::chrono::milliseconds span) { set_back_ms_ += span.count(); }

  /// Time enough for what was begun to come to its end: pacing and acknowledgements take their milliseconds.
  void settle() { pass(std::chrono::milliseconds(300)); }
  /// Lets time pass, stopping at every deadline on the way.
  void pass(base::Duration span) {
    const base::Duration end = clock_ + span;
    run_until_quiet();
    while (true) {
      base::Instant next = base::never;
      for (const auto& [address, machine] : machines_) next = std::min(next, machine->next_deadline());
      const base::Duration at = next - base::Instant(std::chrono::hours(1));
      if (next == base::never || at > end) break;
      clock_ = std::max(clock_, at);
      run_until_quiet();
    }
    clock_ = end;
    run_until_quiet();
  }
  void send(const base::Path& path, base::Bytes bytes) { in_flight_.push_back({path, std::move(bytes)}); }
  std::size_t unclaimed(const base::Address& address) const {
    return unclaimed_.contains(address) ? unclaimed_.at(address).size() : 0;
  }
  /// Datagrams for addresses that no machine has, as text.
  std::vector<std::string> take_unclaimed(const base::Address& address) {
    return std::exchange(unclaimed_[address], {});
  }

 private:
  struct Letter {
    base::Path path;
    base::Bytes bytes;
  };
  struct Sink final : base::DatagramSink {
    explicit Sink(std::deque<Letter>& letters) : out(letters), memory(train_bytes_max) {}
    std::span<std::uint8_t> buffer() override { return memory; }
    void commit(const base::Path& path, std::uint8_t, std::size_t size, std::size_t segment) override {
      for (std::size_t at = 0; at < size; at += segment) {
        const auto* begin = memory.data() + at;
        out.push_back({path, base::Bytes(begin, begin + std::min(segment, size - at))});
      }
    }
    std::deque<Letter>& out;
    base::Bytes memory;
  };

  void run_until_quiet() {
    for (int quiet = 0; quiet < 2;) quiet = turn() ? 0 : quiet + 1;
  }

  bool turn() {
    const bool moved = !in_flight_.empty();
    for (const Letter& letter : std::exchange(in_flight_, {})) {
      const auto target = machines_.find(letter.path.remote);
      if (target == machines_.end()) {
        unclaimed_[letter.path.remote].push_back(std::string(base::as_text(letter.bytes)));
      } else {
        target->second->receive({{letter.path.remote, letter.path.local}, letter.bytes, 0}, now());
      }
    }
    Sink sink(in_flight_);
    for (const auto& [address, machine] : machines_) {
      if (machine->next_deadline() <= now().instant) machine->wake(now());
      machine->transmit(sink, now());
    }
    return moved || !in_flight_.empty();
  }

  std::map<base::Address, base::Machine*> machines_;
  std::map<base::Address, std::vector<std::string>> unclaimed_;
  std::deque<Letter> in_flight_;
  base::Duration clock_{};
  std::int64_t set_back_ms_ = 0;
};

inline base::Address address_of(std::uint8_t host, std::uint16_t port) {
  return base::Address::v4(127, 0, 0, host, port);
}

/// A client and what it heard, as one line an event.
struct Person {
  Person(Wire& wire, const base::Address& server, std::uint16_t port, const std::string& name, bool reconnect)
      : key(net::UserKey::generate()), random(port), address(address_of(1, port)) {
    client::QuicClientOptions options;
    options.name = name;
    options.agent = "test";
    options.reconnect = reconnect;
    options.trust = [](const net::PeerCertificate&) { return true; };
    client = std::make_unique<client::QuicClient>(std::move(options), key, random, log);
    client->set_paths({{address, server}});
    wire.attach(address, *client);
  }

  /// Everything heard since the last call: messages, joins, leaves, statuses, refusals, link changes.
  std::vector<std::string> hear() {
    std::vector<std::string> lines;
    while (const auto event = client->poll_event()) {
      if (const auto* message = std::get_if<Message>(&*event)) {
        lines.push_back(fmt::format("#{} {} {}{}: {}", message->room, message->seq, message->verified ? "" : "~",
                                    message->name, message->text));
      } else if (const auto* joined = std::get_if<Joined>(&*event)) {
        lines.push_back(fmt::format("#{} {} {} joined", joined->room, joined->seq, joined->name));
      } else if (const auto* left = std::get_if<Left>(&*event)) {
        lines.push_back(fmt::format("#{} {} {} left", left->room, left->seq, left->name));
      } else if (const auto* gone = std::get_if<Gone>(&*event)) {
        lines.push_back(fmt::format("#{} {} to {} gone", gone->room, gone->first, gone->last));
      } else if (const auto* status = std::get_if<Status>(&*event)) {
        static constexpr const char* states[] = {"queued", "stored", "refused"};
        lines.push_back(fmt::format("{} {}{}", states[static_cast<int>(status->state)], status->seq, status->reason));
      } else if (const auto* refused = std::get_if<Refused>(&*event)) {
        lines.push_back("refused: " + refused->text);
      } else if (const auto* link = std::get_if<Link>(&*event)) {
        static constexpr const char* states[] = {"online", "offline", "failed"};
        lines.push_back(fmt::format("link {}{}", states[static_cast<int>(link->state)],
                                    link->state == Link::State::failed ? ": " + link->text : ""));
      } else if (const auto* ended = std::get_if<Ended>(&*event)) {
        lines.push_back("end of #" + ended->room);
      } else if (const auto* typing = std::get_if<Typing>(&*event)) {
        lines.push_back(fmt::format("{} {} in #{}", typing->name, typing->active ? "types" : "stopped", typing->room));
      } else if (const auto* presence = std::get_if<PresenceChanged>(&*event)) {
        lines.push_back(fmt::format("{} is {}", presence->name,
                                    presence->presence == Presence::away   ? "away"
                                    : presence->presence == Presence::lost ? "lost"
                                                                           : "here"));
      } else if (const auto* members = std::get_if<Members>(&*event)) {
        std::string line = "members:";
        for (const Member& member : members->members) line += " " + member.name;
        lines.push_back(line);
      } else if (const auto* rooms = std::get_if<Rooms>(&*event)) {
        std::string line = "rooms:";
        for (const RoomInfo& room : rooms->rooms)
          line += fmt::format(" {}({},{})", room.name, room.members, room.end_seq);
        lines.push_back(line);
      }
    }
    return lines;
  }

  net::UserKey key;
  base::SeededRandom random;
  base::NullLog log;
  base::Address address;
  std::unique_ptr<client::QuicClient> client;
};

class Town : public ::testing::Test {
 protected:
  explicit Town(std::size_t worker_count = usual_worker_count())
      : key_(net::ServerKey::generate()), random_(1), worker_count_(worker_count) {
    open();
  }

  void open() {
    ServerOptions options;
    options.agent = "test server";
    options.log_memory_bytes_max = log_memory_bytes_max_;
    options.on_lobby_line = [this](std::string_view name, std::string_view text) {
      stdout_lines_.push_back(fmt::format("{} : {}", name, text));
    };
    options.on_drained = [this] { drained_ = true; };
    const StoredState stored = *StoredState::load(store_.store);
    options.retention = retention_;
    server_ = std::make_unique<Server>(std::move(options), make_parts(), store_, stored, random_, log_);
    workers_ = std::make_unique<Workers>(*server_);
    wire_.attach(server_address_, *workers_);
  }
  std::vector<WorkerParts> make_parts() {
    const auto secrets = net::make_server_secrets();
    std::vector<WorkerParts> parts;
    readers_.clear();
    for (std::size_t worker = 0; worker < worker_count_; ++worker) {
      readers_.push_back(std::make_unique<HeldStore::Reader>(store_));
      parts.push_back({.transport = std::make_unique<net::Endpoint>(
                           endpoint_options(key_, worker, worker_count_, secrets), random_, log_),
                       .reader = readers_.back().get()});
    }
    return parts;
  }
  /// A new process on the same store and key; the old one is gone without a word.
  void restart() {
    server_.reset();
    open();
  }

  Person& person(const std::string& name, bool reconnect = true) {
    people_.push_back(std::make_unique<Person>(wire_, server_address_,
                                               static_cast<std::uint16_t>(5000 + people_.size()), name, reconnect));
    return *people_.back();
  }
  /// One who has joined the lobby and heard of it.
  Person& member(const std::string& name) {
    Person& someone = person(name);
    someone.client->join("lobby", {});
    wire_.settle();
    someone.hear();
    return someone;
  }
  void plain(std::uint16_t port, const std::string& line) {
    wire_.send({address_of(1, port), server_address_}, base::Bytes(line.begin(), line.end()));
    wire_.settle();
  }

  const base::Address server_address_ = address_of(1, 2209);
  net::ServerKey key_;
  base::SeededRandom random_;
  base::NullLog log_;
  HeldStore store_;
  std::vector<std::unique_ptr<HeldStore::Reader>> readers_;  // a worker's each
  RetentionOptions retention_;                               // of the next open()
  Wire wire_;
  const std::size_t worker_count_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Workers> workers_;
  std::vector<std::unique_ptr<Person>> people_;
  std::vector<std::string> stdout_lines_;
  bool drained_ = false;
  std::size_t log_memory_bytes_max_ = 256 * 1024 * 1024;
};

using Lines = std::vector<std::string>;

}  // namespace confab::server::testing

// SPDX-License-Identifier: MIT
#include "sim/scenario.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "log/room_log.h"
#include "net/endpoint.h"
#include "sim/deterministic_tls.h"
#include "sim/director.h"
#include "sim/memory_transport.h"
#include "sim/plain_participant.h"
#include "sim/seed.h"

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

/// What is not checked at each step is checked this often: whether all is done, memory, who is shown in the rooms.
constexpr base::Duration look_every = 50ms;
/// It must stay so for long enough that a late copy or a stray retransmission would show itself.
constexpr base::Duration aftermath = 1s;
/// More turns in a row than this, for nothing and without a pause, are a machine that spins.
constexpr std::uint64_t idle_turns_max = 100;
/// Of a room's log, with what stands beside the bytes (log/room_log.cc).
constexpr std::size_t segment_bytes_max = 128 * 1024;

const base::Address server_address = base::Address::v4(10, 0, 0, 1, 2209);

/// Plain members prove nothing and are trusted on loopback alone.
base::Address plain_address(std::size_t client) {
  return base::Address::v4(127, 0, 0, 1, static_cast<std::uint16_t>(50'000 + client));
}

/// How long the server may take to notice that a client is gone, by RFC 9000, 10.1: the first packet that it sends to
/// one who is silent begins the idle timeout anew; and that is no less than three probe timeouts, which grow with what
/// waits before a bottleneck (a round trip, and four times its variation).
base::Duration idle_timeout(const ClientPlan& plan) {
  base::Duration waiting{};
  for (const LinkOptions* link : {&plan.up, &plan.down}) {
    if (link->bottleneck_bytes_per_s == 0) continue;
    const double seconds =
        static_cast<double>(link->bottleneck_queue_bytes) / static_cast<double>(link->bottleneck_bytes_per_s);
    waiting += std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(seconds));
  }
  return 2 * std::max<base::Duration>(net::EndpointOptions().idle_timeout, 15 * waiting);
}

class Scenario {
 public:
  Scenario(const Plan& plan, Trace::Printer printer)
      : plan_(plan),
        trace_(clock_, std::move(printer)),
        tls_(derive_seed(plan.seed, "tls"), clock_),
        store_(plan.store, clock_, derive_seed(plan.seed, "store"), tally_),
        server_(
            plan.tier, plan.workers, key_, store_, derive_seed(plan.seed, "server"),
            [this](const auto& event) { watch(event); }, log_),
        world_(clock_, trace_, derive_seed(plan.seed, "world"), tally_) {
    archive_.set_watcher([this](const auto&... news) { on_stored(news...); });
    world_.add({.name = "server",
                .address = server_address,
                .machine = &server_.machine(),
                .on_turn = {},
                .other_deadline = {}});
    director_.start_server();
    for (std::size_t i = 0; i < plan.clients.size(); ++i) add_client(i);
    for (std::size_t i = 0; i < plan.plain_names.size(); ++i) add_plain(i);
    for (const Step& step : plan.steps) schedule(step);
    for (const Mishap& mishap : plan.mishaps) schedule(mishap);
  }

  Result run() {
    const base::Instant calm_at = Clock::start + plan_.calm();
    const base::Instant limit = calm_at + Plan::rest_max;
    base::Instant settled_at = base::never;
    while (clock_.instant() < limit && !failed()) {
      advance(clock_.instant() + look_every);
      look_around();
      if (clock_.instant() < calm_at || !all_settled()) {
        settled_at = base::never;
      } else if (settled_at == base::never) {
        settled_at = clock_.instant();
      } else if (clock_.instant() >= settled_at + aftermath) {
        break;
      }
    }
    if (complaints_.empty()) finish();
    return result();
  }

 private:
  void add_client(std::size_t number) {
    const ClientPlan& plan = plan_.clients[number];
    presence_.add_client(plan.name, idle_timeout(plan));
    const net::UserKey& key = keys_.try_emplace(plan.name, net::UserKey::generate()).first->second;
    auto client = std::make_unique<QuicParticipant>(Person{number, plan.label, plan.name, key},
                                                    derive_seed(plan_.seed, "client", number), stage_);
    clients_.push_back(client.get());
    const NodeId node = add(std::move(client), client_address(number, first_client_port));
    if (plan.name != plan.label) tally_.add(Fault::second_device);
    for (const LinkOptions* link : {&plan.up, &plan.down}) tally_.add(Fault::cut_one_way, link->cuts_one_way);
    world_.connect(node, server_node, plan.up, plan.down);
  }

  void add_plain(std::size_t plain) {
    const NodeId node =
        add(std::make_unique<PlainParticipant>(plan_.plain_names[plain], derive_seed(plan_.seed, "plain", plain),
                                               base::Path{{}, server_address}, archive_, complaints_),
            plain_address(plain));
    const LinkOptions faultless{.delay = 1ms, .outages = {}};
    world_.connect(node, server_node, faultless, faultless);
  }

  NodeId add(std::unique_ptr<Participant> owned, const base::Address& address) {
    Participant& participant = *participants_.emplace_back(std::move(owned));
    return world_.add({.name = participant.label(),
                       .address = address,
                       .machine = &participant.machine(),
                       .on_turn = [&participant](base::Now) { participant.listen(); },
                       .other_deadline = {}});
  }

  void schedule(const Step& step) {
    world_.at(Clock::start + step.at, [this, &step] {
      trace_.note(participants_[step.client]->label(), step.to_string());
      world_.post(client_node(step.client), [this, &step](base::Now) { participants_[step.client]->act(step); });
    });
  }

  void schedule(const Mishap& mishap) {
    world_.at(Clock::start + mishap.at, [this, &mishap] {
      trace_.note("mishap", plan_.describe(mishap));
      director_.begin(mishap);
    });
  }

  std::unique_ptr<net::Transport> make_transport(base::Random& random) {
    const net::EndpointOptions options = client::endpoint_options();
    if (plan_.tier == Tier::quic) return std::make_unique<net::Endpoint>(options, random, log_);
    return std::make_unique<MemoryTransport>(MemoryTransportOptions{.handshake_timeout = options.handshake_timeout},
                                             random);
  }

  /// What the server's transport tells the server.
  void watch(const net::Event& event) {
    if (const auto* connected = std::get_if<net::events::Connected>(&event)) {
      presence_.connected(connected->connection, connected->path.remote.ip[3] - 1U);
    } else if (const auto* closed = std::get_if<net::events::Closed>(&event)) {
      presence_.closed(closed->connection);
    }
  }

  void on_stored(const std::string& room, base::Seq seq, const Account& account) {
    if (trace_.prints()) trace_.note("store", fmt::format("#{} {}: {}", room, seq, account.to_string()));
    if (account.kind == Account::Kind::unknown) complaints_.add(fmt::format("event {} of #{} is broken", seq, room));
    if (account.time_ms < newest_ms_[room]) {
      complaints_.add(fmt::format("event {} of #{} is older than the one before", seq, room));
    }
    newest_ms_[room] = account.time_ms;
    if (account.is_content()) return messages_.stored(room, seq, account, !account.verified);
    presence_.stored(room, seq, account, store_.asked_at(room, seq));
  }

  void advance(base::Instant until) {
    world_.run_until(
        [this] {
          if (std::exchange(changes_seen_, store_.changes()) != store_.changes()) archive_.look();
          return failed();
        },
        until);
  }

  void look_around() {
    if (store_.is_ill()) presence_.store_was_ill();
    presence_.look();
    if (server_.is_running()) check_memory(server_.stats());
  }

  void check_memory(const server::ServerStats& stats) {
    // What a room may hold is passed by the newest segment, before the oldest is dropped.
    const std::size_t log_bytes_max = plan_.rooms.size() * (log::RoomLog::bytes_max_default + segment_bytes_max);
    if (stats.log_bytes > log_bytes_max)
      complaints_.add(fmt::format("the logs in memory have {} bytes", stats.log_bytes));
    if (stats.journal_bytes > server::Journal::bytes_max) {
      complaints_.add(fmt::format("the journal has {} bytes", stats.journal_bytes));
    }
  }

  bool failed() {
    if (complaints_.empty() && world_.stats().idle_turns_in_a_row_max > idle_turns_max) {
      complaints_.add("a machine spins: it wants a turn again and again, and does nothing in it");
    }
    return !complaints_.empty();
  }

  bool all_settled() {
    return std::ranges::all_of(participants_, [](const auto& each) { return each->is_settled(); });
  }

  void finish() {
    archive_.check_kept(complaints_);
    for (const auto& each : participants_) each->finish(!plan_.troubles_server());
    messages_.finish();
  }

  Result result() {
    Result result{.seed = plan_.seed,
                  .tier = plan_.tier,
                  .trace_hash = trace_.hash(),
                  .virtual_time = clock_.elapsed(),
                  .world = world_.stats(),
                  .faults = tally_,
                  .messages = messages_.count(),
                  .syncs = store_.syncs(),
                  .complaints = complaints_.all(),
                  .plan = plan_.to_string()};
    for (const std::string& room : archive_.rooms()) result.events += archive_.end_seq(room);
    for (const auto& each : participants_) result.deliveries += each->heard_count();
    return result;
  }

  const Plan& plan_;
  Clock clock_;
  Trace trace_;
  DeterministicTls tls_;  // before every key and every endpoint
  TraceLog log_{trace_};
  FaultTally tally_;
  net::ServerKey key_ = net::ServerKey::generate();
  std::map<std::string, net::UserKey> keys_;  // by name
  SimStore store_;
  Archive archive_{store_.durable()};
  Complaints complaints_;
  MessageCheck messages_{archive_, complaints_};
  PresenceCheck presence_{clock_, complaints_};
  std::map<std::string, std::int64_t> newest_ms_;  // by room
  std::uint64_t changes_seen_ = 0;
  ServerHost server_;
  Stage stage_{.to_server = {{}, server_address},
               .server_key = key_.fingerprint(),
               .archive = archive_,
               .messages = messages_,
               .presence = presence_,
               .complaints = complaints_,
               .transport = [this](base::Random& random) { return make_transport(random); }};
  std::vector<std::unique_ptr<Participant>> participants_;
  std::vector<QuicParticipant*> clients_;
  World world_;
  Director director_{{.world = world_,
                      .server = server_,
                      .store = store_,
                      .presence = presence_,
                      .tally = tally_,
                      .clients = clients_,
                      .on_server_gone = [this] { archive_.check_kept(complaints_); }}};
};

}  // namespace

Result run(const Plan& plan, Trace::Printer printer) { return Scenario(plan, std::move(printer)).run(); }

std::string Result::to_string() const {
  const double seconds = std::chrono::duration<double>(virtual_time).count();
  if (ok()) {
    return fmt::format("seed {}, tier {}: ok, {} messages, {} deliveries, {:.1f} s, trace {:016x}", seed,
                       sim::to_string(tier), messages, deliveries, seconds, trace_hash);
  }
  std::string text = fmt::format("seed {}: a promise is broken at {:.6f} s:\n", seed, seconds);
  for (const std::string& each : complaints) text += "  " + each + "\n";
  return text + "in this scenario: " + plan +
         fmt::format("to see it again: confab_sim --seed {}{} --trace", seed, tier == Tier::fast ? " --tier fast" : "");
}

}  // namespace confab::sim

// SPDX-License-Identifier: MIT
#include "sim/scenario.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "server/server.h"
#include "sim/checkers.h"
#include "sim/deterministic_tls.h"
#include "sim/participant.h"
#include "sim/seed.h"
#include "sim/sim_store.h"

namespace confab::sim {

namespace {

using namespace std::chrono_literals;

/// Whether all is done is asked this often: asking each step would cost more than the run.
constexpr base::Duration look_every = 50ms;
/// After that, long enough for a late copy or a stray retransmission to show itself.
constexpr base::Duration aftermath = 1s;
/// More turns in a row than this, for nothing and without a pause, are a machine that spins.
constexpr std::uint64_t idle_turns_max = 100;

const base::Address server_address = base::Address::v4(10, 0, 0, 1, 2209);

base::Address client_address(std::size_t client, std::uint16_t port) {
  return base::Address::v4(10, 0, 1, static_cast<std::uint8_t>(client + 1), port);
}

/// Plain members prove nothing and are trusted on loopback alone.
base::Address plain_address(std::size_t client) {
  return base::Address::v4(127, 0, 0, 1, static_cast<std::uint16_t>(50'000 + client));
}

constexpr std::uint16_t first_port = 40'000;

class Scenario {
 public:
  Scenario(const Plan& plan, Trace::Printer printer)
      : plan_(plan),
        trace_(clock_, std::move(printer)),
        tls_(derive_seed(plan.seed, "tls"), clock_),
        store_(plan.store, clock_, derive_seed(plan.seed, "store")),
        server_random_(derive_seed(plan.seed, "server")),
        server_({.plain = true, .agent = "confab_sim", .on_lobby_line = {}, .on_drained = {}}, key_, store_, {},
                server_random_, log_),
        world_(clock_, trace_, derive_seed(plan.seed, "world")) {
    add_server();
    for (std::size_t i = 0; i < plan.clients.size(); ++i) add_client(i);
    for (std::size_t i = 0; i < plan.plain_names.size(); ++i) add_plain(i);
    for (const Step& step : plan.steps) schedule(step);
  }

  Result run() {
    const base::Instant calm_at = Clock::start + plan_.work;
    world_.run_until([&] { return failed(); }, calm_at);
    bool settled = false;
    for (base::Instant look = calm_at; look < calm_at + Plan::rest_max && !failed() && !settled; look += look_every) {
      world_.run_until([&] { return failed(); }, look);
      settled = all_settled();
    }
    if (settled) world_.run_until([&] { return failed(); }, clock_.instant() + aftermath);
    if (complaints_.empty()) finish();
    return result();
  }

 private:
  void add_server() {
    world_.add(
        {.name = "server", .address = server_address, .machine = &server_, .on_turn = {}, .other_deadline = [this] {
           return store_.next_deadline();
         }});
  }

  void add_client(std::size_t client) {
    const ClientPlan& plan = plan_.clients[client];
    const base::Address address = client_address(client, first_port);
    const NodeId node = add(std::make_unique<QuicParticipant>(plan.name, derive_seed(plan_.seed, "client", client),
                                                              base::Path{{}, server_address}, key_.fingerprint(),
                                                              archive_, messages_, complaints_, log_),
                            address);
    world_.connect(node, 0, plan.up, plan.down);
  }

  void add_plain(std::size_t plain) {
    const NodeId node =
        add(std::make_unique<PlainParticipant>(plan_.plain_names[plain], derive_seed(plan_.seed, "plain", plain),
                                               base::Path{{}, server_address}, archive_, complaints_),
            plain_address(plain));
    const LinkOptions faultless{.delay = 1ms, .outages = {}};
    world_.connect(node, 0, faultless, faultless);
  }

  NodeId add(std::unique_ptr<Participant> owned, const base::Address& address) {
    Participant& participant = *participants_.emplace_back(std::move(owned));
    return world_.add({.name = participant.name(),
                       .address = address,
                       .machine = &participant.machine(),
                       .on_turn = [&participant](base::Now) { participant.listen(); },
                       .other_deadline = {}});
  }

  /// Participants stand in the world in their order, behind the server.
  void schedule(const Step& step) {
    const NodeId node = step.client + 1;
    world_.at(Clock::start + step.at, [this, node, &step] {
      if (step.kind == Step::Kind::rebind) return rebind(node, step.client);
      world_.post(node, [this, &step](base::Now) { participants_[step.client]->act(step); });
    });
  }

  void rebind(NodeId node, std::size_t client) {
    ++rebinds_;
    world_.rebind(node, client_address(client, static_cast<std::uint16_t>(first_port + rebinds_)));
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
    for (const auto& each : participants_) each->finish();
    messages_.finish(plan_.plain_names);
  }

  Result result() {
    Result result{.seed = plan_.seed,
                  .trace_hash = trace_.hash(),
                  .virtual_time = clock_.elapsed(),
                  .world = world_.stats(),
                  .messages = messages_.count(),
                  .syncs = store_.syncs(),
                  .rebinds = rebinds_,
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
  net::ServerKey key_ = net::ServerKey::generate();
  SimStore store_;
  Archive archive_{store_.durable()};
  Complaints complaints_;
  MessageCheck messages_{archive_, complaints_};
  base::SeededRandom server_random_;
  server::Server server_;
  std::vector<std::unique_ptr<Participant>> participants_;
  World world_;
  std::uint64_t rebinds_ = 0;
};

}  // namespace

Result run(const Plan& plan, Trace::Printer printer) { return Scenario(plan, std::move(printer)).run(); }

std::string Result::to_string() const {
  if (ok()) {
    return fmt::format("seed {}: ok, {} messages, {} deliveries, {:.1f} s, trace {:016x}", seed, messages, deliveries,
                       std::chrono::duration<double>(virtual_time).count(), trace_hash);
  }
  std::string text = fmt::format("seed {}: a promise is broken at {:.6f} s:\n", seed,
                                 std::chrono::duration<double>(virtual_time).count());
  for (const std::string& each : complaints) text += "  " + each + "\n";
  return text + "in this scenario: " + plan + fmt::format("to see it again: confab_sim --seed {} --trace", seed);
}

}  // namespace confab::sim

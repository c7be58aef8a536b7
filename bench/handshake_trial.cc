// SPDX-License-Identifier: MIT
#include "handshake_trial.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arrival.h"
#include "confab_host.h"
#include "figures.h"
#include "io/random.h"

namespace confab::bench {

namespace {

/// A server's workers share what comes by the clients' addresses.
constexpr std::size_t sockets = 8;

/// Each with the tickets of the one before.
constexpr std::array openings{Opening::full, Opening::resumed, Opening::early};

const char* name(Opening opening) {
  switch (opening) {
    case Opening::full:
      return "full";
    case Opening::resumed:
      return "resumed";
    case Opening::early:
      return "with early data";
  }
  return "";
}

/// Leads the callers through the rounds.
class Rounds {
 public:
  Rounds(Callers& callers, pid_t server, std::size_t calls) : callers_(callers), server_(server), calls_(calls) {}

  /// True: all is done.
  bool step(base::Instant now) {
    if (meter_ && !callers_.is_done(now)) return false;
    if (meter_) finish();
    if (rounds.size() == openings.size()) return true;
    began_at_ = now;
    meter_.emplace(server_);
    callers_.begin(openings[rounds.size()], calls_, now);
    return false;
  }

  std::vector<HandshakeRound> rounds;

 private:
  void finish() {
    const CallingTally& tally = callers_.tally();
    rounds.push_back({.opening = openings[rounds.size()],
                      .tally = tally,
                      .wall = tally.last_ended - began_at_,
                      .cpu = meter_->so_far().cpu});
  }

  Callers& callers_;
  pid_t server_;
  std::size_t calls_;
  base::Instant began_at_;
  std::optional<Arrival> meter_;
};

double cpu_us_each(const HandshakeRound& round) {
  return round.tally.completed == 0 ? 0 : in_seconds(round.cpu) * 1e6 / static_cast<double>(round.tally.completed);
}

double per_core_s(const HandshakeRound& round) {
  return round.cpu <= base::Duration::zero() ? 0 : static_cast<double>(round.tally.completed) / in_seconds(round.cpu);
}

std::string to_line(const HandshakeRound& round) {
  const CallingTally& tally = round.tally;
  return fmt::format("| {:<15} | {:>9} | {:>6} | {:>7} | {:>10} | {:>7} | {:>6.2f} | {:>11.1f} | {:>17.0f} |\n",
                     name(round.opening), tally.completed, tally.failed, tally.resumed, tally.early, tally.retries,
                     in_seconds(round.wall), cpu_us_each(round), per_core_s(round));
}

nlohmann::json to_json_row(const HandshakeRound& round) {
  return {{"opening", name(round.opening)},   {"completed", round.tally.completed}, {"failed", round.tally.failed},
          {"resumed", round.tally.resumed},   {"early_taken", round.tally.early},   {"retries", round.tally.retries},
          {"wall_s", in_seconds(round.wall)}, {"cpu_us_each", cpu_us_each(round)},  {"per_core_s", per_core_s(round)}};
}

}  // namespace

std::string HandshakeResult::to_string() const {
  std::string text =
      "| handshakes      | completed | failed | resumed | took early | retries | wall s | CPU us each | a second and "
      "core "
      "|\n"
      "| --------------- | --------: | -----: | ------: | ---------: | ------: | -----: | ----------: | "
      "----------------: "
      "|\n";
  for (const HandshakeRound& round : rounds) text += to_line(round);
  return text + fmt::format("\n{} at a time; the CPU is the server's, closing included\n", Callers::at_a_time);
}

std::string HandshakeResult::to_json() const {
  nlohmann::json lines = nlohmann::json::array();
  for (const HandshakeRound& round : rounds) lines.push_back(to_json_row(round));
  return nlohmann::json({{"scenario", "handshakes"},
                         {"calls", calls},
                         {"at_a_time", Callers::at_a_time},
                         {"rounds", lines},
                         {"kept", is_kept()}})
             .dump(2) +
         "\n";
}

bool HandshakeResult::is_kept() const {
  return std::ranges::all_of(rounds, [this](const HandshakeRound& round) {
    return round.tally.completed == calls && round.tally.resumed == (round.opening == Opening::full ? 0 : calls);
  });
}

std::expected<HandshakeResult, std::string> measure_handshakes(const HandshakeOptions& options) {
  ConfabHost host;
  if (const auto started = host.start(options.program); !started) return std::unexpected(started.error());
  base::NullLog log;
  io::SystemRandom random;
  Callers callers(host.address(), random, log);
  io::Loop loop(callers);
  auto locals = open_sockets(loop, sockets, Sockets::one_each);
  if (!locals) return std::unexpected(locals.error());
  callers.set_locals(*std::move(locals));

  Rounds rounds(callers, host.pid(), options.calls);
  loop.after_turn([&](base::Now now) {
    if (rounds.step(now.instant)) loop.stop(0);
  });
  loop.run();
  return HandshakeResult{.calls = options.calls, .rounds = std::move(rounds.rounds)};
}

}  // namespace confab::bench

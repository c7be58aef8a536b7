// SPDX-License-Identifier: MIT
// The simulator: the whole system in one process under a virtual clock, among faults, from a seed.
#include <chrono>
#include <cstdio>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "sim/scenario.h"

namespace {

using namespace confab;
using Seconds = std::chrono::duration<double>;

constexpr std::uint64_t progress_every = 50;

struct Settings {
  std::optional<std::uint64_t> seed;  ///< this one alone
  std::uint64_t from = 1;
  std::uint64_t count = 100;
  std::vector<sim::Tier> tiers = {sim::Tier::quic};
  bool trace = false;
};

/// The exit code is set where the command line ends the program.
std::optional<int> parse(Settings& settings, int argc, char** argv) {
  static const std::map<std::string, std::vector<sim::Tier>> tiers = {
      {"quic", {sim::Tier::quic}}, {"fast", {sim::Tier::fast}}, {"both", {sim::Tier::quic, sim::Tier::fast}}};
  CLI::App app{"Runs Confab under a virtual clock among faults of every kind and checks that it keeps its promises.",
               "confab_sim"};
  CLI::Option* seed = app.add_option("--seed", settings.seed, "the one run of this seed");
  app.add_flag("--trace", settings.trace, "print each datagram and event of it")->needs(seed);
  CLI::Option* count = app.add_option("--seeds", settings.count, "so many seeds, one after the other (100)");
  CLI::Option* from = app.add_option("--from", settings.from, "the first of these seeds (1)");
  std::string tier = "quic";
  app.add_option("--tier", tier, "quic: real QUIC and TLS (the default); fast: many clients over memory; both")
      ->check(CLI::IsMember({"quic", "fast", "both"}));
  seed->excludes(count)->excludes(from);
  try {
    app.parse(argc, argv);
    settings.tiers = tiers.at(tier);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
}

int run_one(const Settings& settings) {
  sim::Trace::Printer printer;
  if (settings.trace) printer = [](std::string_view line) { fmt::print("{}\n", line); };
  for (const sim::Tier tier : settings.tiers) {
    const sim::Result result = sim::run(*settings.seed, tier, printer);
    if (result.ok()) fmt::print("{}", result.plan);
    fmt::print("{}\n", result.to_string());
    if (!result.ok()) return 1;
  }
  return 0;
}

/// What many runs came to.
struct Total {
  std::uint64_t runs = 0;
  std::uint64_t messages = 0;
  std::uint64_t events = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t syncs = 0;
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  sim::FaultTally faults;
  Seconds virtual_time{};

  void add(const sim::Result& result) {
    ++runs;
    messages += result.messages;
    events += result.events;
    deliveries += result.deliveries;
    syncs += result.syncs;
    sent += result.world.datagrams_sent;
    delivered += result.world.datagrams_delivered;
    faults += result.faults;
    virtual_time += result.virtual_time;
  }

  void print(Seconds real_time) const {
    const auto row = [](std::string_view what, auto value) { fmt::print("{:<26}{:>14}\n", what, value); };
    row("runs", runs);
    row("messages sent", messages);
    row("events in the logs", events);
    row("events and lines heard", deliveries);
    row("syncs of the disk", syncs);
    row("datagrams sent", sent);
    row("datagrams delivered", delivered);
    std::string never;
    for (std::size_t i = 0; i < sim::fault_count; ++i) {
      const auto fault = static_cast<sim::Fault>(i);
      row(fmt::format("  {}", to_string(fault)), faults[fault]);
      if (faults[fault] == 0) never += fmt::format("{}{}", never.empty() ? "" : ", ", to_string(fault));
    }
    row("virtual time", fmt::format("{:.1f} s", virtual_time.count()));
    row("real time", fmt::format("{:.1f} s", real_time.count()));
    if (!never.empty()) fmt::print("these never happened: {}\n", never);
  }
};

int run_many(const Settings& settings) {
  const auto began = std::chrono::steady_clock::now();
  const auto real_time = [began] { return Seconds(std::chrono::steady_clock::now() - began); };
  const std::uint64_t runs = settings.count * settings.tiers.size();
  Total total;
  for (std::uint64_t seed = settings.from; seed - settings.from < settings.count; ++seed) {
    for (const sim::Tier tier : settings.tiers) {
      const sim::Result result = sim::run(seed, tier);
      if (!result.ok()) {
        fmt::print("{}\n", result.to_string());
        return 1;
      }
      total.add(result);
      if (total.runs % progress_every == 0) {
        fmt::print("{} of {} runs, {:.1f} s\n", total.runs, runs, real_time().count());
        std::fflush(stdout);
      }
    }
  }
  total.print(real_time());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Settings settings;
    if (const auto exit_code = parse(settings, argc, argv)) return *exit_code;
    return settings.seed ? run_one(settings) : run_many(settings);
  } catch (const std::exception& error) {
    fmt::print(stderr, "confab_sim: {}\n", error.what());
    return 1;
  }
}

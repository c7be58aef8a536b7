// SPDX-License-Identifier: MIT
// The simulator: the whole system in one process under a virtual clock, on a bad network, from a seed.
#include <chrono>
#include <cstdio>

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
  bool trace = false;
};

/// The exit code is set where the command line ends the program.
std::optional<int> parse(Settings& settings, int argc, char** argv) {
  CLI::App app{"Runs Confab under a virtual clock on a bad network and checks that it keeps its promises.",
               "confab_sim"};
  CLI::Option* seed = app.add_option("--seed", settings.seed, "the one run of this seed");
  app.add_flag("--trace", settings.trace, "print each datagram and event of it")->needs(seed);
  CLI::Option* count = app.add_option("--seeds", settings.count, "so many runs, of one seed after the other (100)");
  CLI::Option* from = app.add_option("--from", settings.from, "the first of these seeds (1)");
  seed->excludes(count)->excludes(from);
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
}

int run_one(std::uint64_t seed, bool trace) {
  sim::Trace::Printer printer;
  if (trace) printer = [](std::string_view line) { fmt::print("{}\n", line); };
  const sim::Result result = sim::run(seed, printer);
  if (result.ok()) fmt::print("{}", result.plan);
  fmt::print("{}\n", result.to_string());
  return result.ok() ? 0 : 1;
}

/// What many runs came to.
struct Total {
  std::uint64_t runs = 0;
  std::uint64_t rebinds = 0;
  std::uint64_t messages = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t syncs = 0;
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;
  sim::FaultCounts faults;
  Seconds virtual_time{};

  void add(const sim::Result& result) {
    ++runs;
    rebinds += result.rebinds;
    messages += result.messages;
    deliveries += result.deliveries;
    syncs += result.syncs;
    sent += result.world.datagrams_sent;
    delivered += result.world.datagrams_delivered;
    faults += result.world.faults;
    virtual_time += result.virtual_time;
  }

  void print(Seconds real_time) const {
    const auto row = [](std::string_view what, auto value) { fmt::print("{:<26}{:>14}\n", what, value); };
    row("runs", runs);
    row("messages sent", messages);
    row("events and lines heard", deliveries);
    row("syncs of the disk", syncs);
    row("datagrams sent", sent);
    row("  arrived", delivered);
    row("  lost", faults.lost);
    row("  cut by a partition", faults.cut);
    row("  dropped by a full queue", faults.overflowed);
    row("  corrupted", faults.corrupted);
    row("  duplicated", faults.duplicated);
    row("  held up", faults.reordered);
    row("changes of address", rebinds);
    row("virtual time", fmt::format("{:.1f} s", virtual_time.count()));
    row("real time", fmt::format("{:.1f} s", real_time.count()));
  }
};

int run_many(std::uint64_t from, std::uint64_t count) {
  const auto began = std::chrono::steady_clock::now();
  const auto real_time = [began] { return Seconds(std::chrono::steady_clock::now() - began); };
  Total total;
  for (std::uint64_t seed = from; seed - from < count; ++seed) {
    const sim::Result result = sim::run(seed);
    if (!result.ok()) {
      fmt::print("{}\n", result.to_string());
      return 1;
    }
    total.add(result);
    if (total.runs % progress_every == 0)
      fmt::print("{} of {} runs, {:.1f} s\n", total.runs, count, real_time().count());
    std::fflush(stdout);
  }
  total.print(real_time());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Settings settings;
    if (const auto exit_code = parse(settings, argc, argv)) return *exit_code;
    return settings.seed ? run_one(*settings.seed, settings.trace) : run_many(settings.from, settings.count);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "confab_sim: %s\n", error.what());
    return 1;
  }
}

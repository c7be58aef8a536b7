// SPDX-License-Identifier: MIT
// Measures a room whose members all have bad ways to the server, and holds it against what is promised of them.
// docs/PERFORMANCE.md says how to read it.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "loss_trial.h"

namespace {

using namespace confab;
using namespace std::chrono_literals;

std::vector<bench::PathConditions> networks(bool quick) {
  if (quick) return {{}, {.loss_permille = 50}, {.loss_permille = 100}};
  return {{},
          {.loss_permille = 10},
          {.loss_permille = 50},
          {.loss_permille = 100},
          {.loss_permille = 50, .burst = 8ms},
          {.loss_permille = 50, .burst = 30ms}};
}

/// What cannot be measured is said, and left out.
void measure_peers(bench::LossReport& report, const bench::LossOptions& options, bool quick) {
  for (const bench::Peer& peer : bench::all_peers()) {
    if (quick && peer.name != "mosquitto") continue;
    for (const std::uint32_t loss_permille : {0U, 50U, 100U}) {
      const bench::PathConditions conditions{.loss_permille = loss_permille};
      fmt::print(stderr, "{}, {} …\n", peer.name, conditions.to_string());
      auto result = bench::measure_peer_loss(peer, options, conditions);
      if (result) {
        report.results.push_back(*std::move(result));
        continue;
      }
      report.notes.push_back(
          fmt::format("{} was not measured at {}: {}", peer.name, conditions.to_string(), result.error()));
      if (loss_permille == 0) break;
    }
  }
}

int run(const bench::LossOptions& options, bool quick, bool peers) {
  bench::LossReport report;
  for (const bench::PathConditions& conditions : networks(quick)) {
    fmt::print(stderr, "confab, {} …\n", conditions.to_string());
    auto result = bench::measure_loss(options, conditions);
    if (!result) throw std::runtime_error(result.error());
    report.results.push_back(*std::move(result));
  }
  if (peers) measure_peers(report, options, quick);
  fmt::print("{}", report.to_markdown());
  return std::ranges::all_of(report.checks(), &bench::Check::kept) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  bench::LossOptions options;
  options.program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "confabd";
  bool quick = false;
  bool peers = false;
  CLI::App app{"Measures confabd for members with bad ways to it. Exit code 1: a promise is broken.",
               "confab_bench_loss"};
  app.add_flag("--quick", quick, "no bursts, shorter runs: within two minutes; of the peers mosquitto alone");
  app.add_flag("--peers", peers, "beside it TLS over TCP, through network namespaces (ngircd, mosquitto, nats-server)");
  app.add_option("--confabd", options.program, "the server (beside this program)");
  app.add_option("--members", options.members, "in the room (20)");
  CLI11_PARSE(app, argc, argv);
  if (quick) {
    options.noticing = 25s;
    options.length = 12s;
  }
  try {
    return run(options, quick, peers);
  } catch (const std::exception& error) {
    fmt::print(stderr, "confab_bench_loss: {}\n", error.what());
    return 1;
  }
}

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

int run(const bench::LossOptions& options, bool quick) {
  bench::LossReport report;
  for (const bench::PathConditions& conditions : networks(quick)) {
    fmt::print(stderr, "{} …\n", conditions.to_string());
    auto result = bench::measure_loss(options, conditions);
    if (!result) throw std::runtime_error(result.error());
    report.results.push_back(*std::move(result));
  }
  fmt::print("{}", report.to_markdown());
  return std::ranges::all_of(report.checks(), &bench::Check::kept) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  bench::LossOptions options;
  options.program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "confabd";
  bool quick = false;
  CLI::App app{"Measures confabd for members with bad ways to it. Exit code 1: a promise is broken.",
               "confab_bench_loss"};
  app.add_flag("--quick", quick, "two minutes, without bursts");
  app.add_option("--confabd", options.program, "the server (beside this program)");
  app.add_option("--members", options.members, "in the room (20)");
  CLI11_PARSE(app, argc, argv);
  if (quick) {
    options.noticing = 25s;
    options.length = 12s;
  }
  try {
    return run(options, quick);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "confab_bench_loss: %s\n", error.what());
    return 1;
  }
}

// SPDX-License-Identifier: MIT
// The benchmark: starts the server, its peers and the toy it grew out of, one after the other, with the same members
// and workloads, and holds what it measured against what is promised. docs/PERFORMANCE.md says how to read it.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bare_relay.h"
#include "child.h"
#include "comparison.h"
#include "durable_trial.h"
#include "handshake_trial.h"
#include "head_of_line_trial.h"
#include "idle_trial.h"
#include "io/files.h"
#include "reconnect_trial.h"
#include "screen_trial.h"
#include "sleeper_trial.h"

namespace {

using namespace confab;

struct Settings {
  bool quick = false;
  // Scenarios; none: the usual run.
  std::uint64_t sleeper = 0;  ///< messages
  std::size_t idle = 0;       ///< members
  std::uint64_t minutes = 1;
  std::size_t reconnect = 0;   ///< members
  std::size_t handshakes = 0;  ///< of each round
  bool durable = false;
  bool head_of_line = false;
  bool screen = false;
  std::uint16_t bare_relay = 0;  ///< port
  std::string confabd;
  std::string seed_dir;
  std::string json;
  std::vector<std::string> only;   ///< servers; none: all
  std::vector<std::size_t> sizes;  ///< numbers of members; none: all
};

/// The exit code is set where the command line ends the program.
std::optional<int> parse(Settings& settings, int argc, char** argv) {
  CLI::App app{"Measures confabd, and beside it its peers, with members on loopback. Exit code 1: a promise is broken.",
               "confab_bench"};
  app.add_flag("--quick", settings.quick, "shorter runs, within two minutes");
  app.add_option("--sleeper", settings.sleeper, "only this: so many messages pass one member that stops reading")
      ->type_name("MESSAGES");
  auto* idle =
      app.add_option("--idle", settings.idle, "only this: so many members say nothing, then one message to all")
          ->type_name("MEMBERS");
  app.add_option("--minutes", settings.minutes, "for so long (1)")->needs(idle);
  app.add_option("--reconnect", settings.reconnect, "only this: so many members come back at once to a killed server")
      ->type_name("MEMBERS");
  app.add_option("--handshakes", settings.handshakes,
                 "only this: so many connections that say nothing, without and with tickets")
      ->type_name("COUNT");
  app.add_flag("--head-of-line", settings.head_of_line, "only this: one member has much to read, or a slow link");
  app.add_flag("--durable", settings.durable, "only this: messages stored a second, beside the disk's own fdatasync");
  app.add_flag("--screen", settings.screen,
               "only this: what a person at the full screen waits for; part of a full run");
  app.add_option("--bare-relay", settings.bare_relay, "be the relay that a run measures as `bare`, on this port")
      ->type_name("PORT");
  app.add_option("--confabd", settings.confabd, "the server (beside this program)");
  app.add_option("--seed-dir", settings.seed_dir, "where the toy's server.py is (./seed or ../shared/seed)");
  app.add_option("--only", settings.only, "measure these servers alone, of those that the tables name")
      ->type_name("SERVER,…")
      ->delimiter(',');
  app.add_option("--members", settings.sizes, "measure with so many members alone: 100, 1000 or 10000")
      ->type_name("N,…")
      ->delimiter(',');
  app.add_option("--json", settings.json, "write the figures to this file, too");
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
}

std::filesystem::path find_confabd(const Settings& settings) {
  if (!settings.confabd.empty()) return settings.confabd;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "confabd";
}

/// Empty where it is not to be found: what is measured beside it is measured all the same.
std::filesystem::path find_toy(const Settings& settings) {
  std::vector<std::filesystem::path> folders{"seed", "../shared/seed"};
  if (!settings.seed_dir.empty()) folders = {settings.seed_dir};
  for (const std::filesystem::path& folder : folders) {
    if (std::filesystem::exists(folder / "server.py")) return folder / "server.py";
  }
  return {};
}

void write_json(const Settings& settings, const std::string& json) {
  if (settings.json.empty()) return;
  if (auto written = io::write_file_atomically(settings.json, json, 0644); !written) {
    throw std::runtime_error(written.error().text);
  }
}

/// A scenario's verdict as the exit code.
template <typename Result>
int tell(const Settings& settings, const std::expected<Result, std::string>& result) {
  if (!result) throw std::runtime_error(result.error());
  fmt::print("{}{}\n", result->to_string(), result->is_kept() ? "kept" : "BROKEN");
  write_json(settings, result->to_json());
  return result->is_kept() ? 0 : 1;
}

int compare(const Settings& settings) {
  const bench::Report report = bench::compare({.quick = settings.quick,
                                               .confabd = find_confabd(settings),
                                               .toy = find_toy(settings),
                                               .only = settings.only,
                                               .sizes = settings.sizes});
  fmt::print("{}", report.to_markdown());
  write_json(settings, report.to_json());
  const auto checks = report.checks();
  const bool is_kept = std::ranges::all_of(checks, &bench::Check::kept);
  if (settings.quick || !settings.only.empty() || !settings.sizes.empty()) return is_kept ? 0 : 1;
  const auto screen = bench::measure_screen();
  if (!screen) throw std::runtime_error(screen.error());
  fmt::print("\n{}{}\n", screen->to_string(), screen->is_kept() ? "kept" : "BROKEN");
  return is_kept && screen->is_kept() ? 0 : 1;
}

/// Until a signal ends the process, or its parent does.
int relay_barely(std::uint16_t port) {
  auto relay = bench::BareRelay::open(base::Address::v4(127, 0, 0, 1, port));
  if (!relay) throw std::runtime_error(relay.error());
  while (true) relay->turn(std::chrono::minutes(1));
}

int run(const Settings& settings) {
  if (settings.bare_relay > 0) return relay_barely(settings.bare_relay);
  const std::filesystem::path program = find_confabd(settings);
  if (settings.sleeper > 0) {
    return tell(settings, bench::measure_sleeper({.program = program, .messages = settings.sleeper}));
  }
  if (settings.idle > 0) {
    const std::chrono::minutes length(settings.minutes);
    return tell(settings, bench::measure_idle({.program = program, .members = settings.idle, .length = length}));
  }
  if (settings.reconnect > 0) {
    return tell(settings, bench::measure_reconnect({.program = program, .members = settings.reconnect}));
  }
  if (settings.handshakes > 0) {
    return tell(settings, bench::measure_handshakes({.program = program, .calls = settings.handshakes}));
  }
  if (settings.head_of_line) return tell(settings, bench::measure_head_of_line({.program = program}));
  if (settings.screen) return tell(settings, bench::measure_screen());
  if (settings.durable) return tell(settings, bench::measure_durable({.program = program}));
  return compare(settings);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Settings settings;
    if (const auto exit_code = parse(settings, argc, argv)) return *exit_code;
    bench::raise_descriptor_limit();
    return run(settings);
  } catch (const std::exception& error) {
    fmt::print(stderr, "confab_bench: {}\n", error.what());
    return 1;
  }
}

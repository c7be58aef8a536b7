// SPDX-License-Identifier: MIT
// The benchmark: starts the server and the toy it grew out of, one after the other, with the same members and
// workloads, and holds what it measured against what is promised. docs/PERFORMANCE.md says how to read it.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "io/files.h"
#include "report.h"
#include "sleeper_trial.h"
#include "trial.h"

namespace {

using namespace confab;
using namespace std::chrono_literals;
using Kind = bench::Workload::Kind;

struct Settings {
  bool quick = false;
  std::uint64_t sleeper = 0;  ///< messages; 0: the usual run
  std::string confabd;
  std::string seed_dir;
  std::string json;
};

/// The exit code is set where the command line ends the program.
std::optional<int> parse(Settings& settings, int argc, char** argv) {
  CLI::App app{"Measures confabd, and beside it the toy, with members on loopback. Exit code 1: a promise is broken.",
               "confab_bench"};
  app.add_flag("--quick", settings.quick, "shorter runs, within two minutes");
  app.add_option("--sleeper", settings.sleeper, "only this: so many messages pass one member that stops reading")
      ->type_name("MESSAGES");
  app.add_option("--confabd", settings.confabd, "the server (beside this program)");
  app.add_option("--seed-dir", settings.seed_dir, "where the toy's server.py is (./seed or ../shared/seed)");
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

/// The toy's idling needs no long look. A Confab member says a word every 10 s (net::EndpointOptions::keep_alive):
/// less than that would show an idle server without its members.
base::Duration idle_time(bool quick, bool is_toy) { return is_toy ? 3s : quick ? 11s : 20s; }

std::vector<bench::Workload> workloads(bool quick, std::uint64_t paced_per_s, bool is_toy) {
  return {{.kind = Kind::settle, .length = 1s},
          {.kind = Kind::idle, .length = idle_time(quick, is_toy)},
          {.kind = Kind::paced, .messages_per_s = paced_per_s, .length = quick ? 3s : 10s},
          {.kind = Kind::windowed, .window = 64, .length = quick ? 2s : 5s}};
}

/// Runs one trial and adds it to the report.
template <typename Measure>
void add(bench::Report& report, Measure measure, bench::TrialOptions options) {
  fmt::print(stderr, "{}, {} members …\n", options.program.filename().string(), options.members);
  bench::TrialResult trial = measure(options);
  if (!trial) throw std::runtime_error(trial.error());
  report.trials.push_back(*std::move(trial));
}

bench::Report measure(const Settings& settings) {
  const std::filesystem::path confabd = find_confabd(settings);
  const std::filesystem::path toy = find_toy(settings);
  bench::Report report;
  if (toy.empty()) {
    report.notes.push_back("the toy's server.py was not found (--seed-dir): nothing is compared with it");
  }
  struct Size {
    std::size_t members;
    std::uint64_t paced_per_s;
  };
  for (const Size& size : {Size{100, 100}, Size{1000, 20}}) {
    const auto steps = [&](bool is_toy) { return workloads(settings.quick, size.paced_per_s, is_toy); };
    if (!toy.empty()) add(report, bench::measure_toy, {toy, size.members, steps(true)});
    add(report, bench::measure_confab, {confabd, size.members, steps(false)});
  }
  return report;
}

int run_sleeper(const Settings& settings) {
  const auto result = bench::measure_sleeper({.program = find_confabd(settings), .messages = settings.sleeper});
  if (!result) throw std::runtime_error(result.error());
  fmt::print("{}", result->to_string());
  return result->is_kept() ? 0 : 1;
}

int run(const Settings& settings) {
  if (settings.sleeper > 0) return run_sleeper(settings);
  const bench::Report report = measure(settings);
  fmt::print("{}", report.to_markdown());
  if (!settings.json.empty()) {
    if (auto written = io::write_file_atomically(settings.json, report.to_json(), 0644); !written) {
      throw std::runtime_error(written.error().text);
    }
  }
  const auto checks = report.checks();
  return std::ranges::all_of(checks, &bench::Check::kept) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Settings settings;
    if (const auto exit_code = parse(settings, argc, argv)) return *exit_code;
    return run(settings);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "confab_bench: %s\n", error.what());
    return 1;
  }
}

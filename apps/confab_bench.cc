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

#include "child.h"
#include "comparison.h"
#include "io/files.h"
#include "sleeper_trial.h"

namespace {

using namespace confab;

struct Settings {
  bool quick = false;
  std::uint64_t sleeper = 0;  ///< messages; 0: the usual run
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

int run_sleeper(const Settings& settings) {
  const auto result = bench::measure_sleeper({.program = find_confabd(settings), .messages = settings.sleeper});
  if (!result) throw std::runtime_error(result.error());
  fmt::print("{}", result->to_string());
  return result->is_kept() ? 0 : 1;
}

int run(const Settings& settings) {
  if (settings.sleeper > 0) return run_sleeper(settings);
  const bench::Report report = bench::compare({.quick = settings.quick,
                                               .confabd = find_confabd(settings),
                                               .toy = find_toy(settings),
                                               .only = settings.only,
                                               .sizes = settings.sizes});
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
    bench::raise_descriptor_limit();
    return run(settings);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "confab_bench: %s\n", error.what());
    return 1;
  }
}

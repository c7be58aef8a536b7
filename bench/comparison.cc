// SPDX-License-Identifier: MIT
#include "comparison.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "peer.h"
#include "trial.h"

namespace confab::bench {

namespace {

using namespace std::chrono_literals;
using Kind = Workload::Kind;

/// Beyond this the toy would not get round in a second; and it takes long to let more than a hundred in.
constexpr std::size_t toy_members_max = 1000;
constexpr std::size_t toy_members_max_quick = 100;
/// What comes in over a plain relay is told to all: N squared datagrams.
constexpr std::size_t bare_members_max = 1000;

/// One row of the plan: so many members, and what they do. No windowed workload beyond what two cores shared with the
/// members carry.
struct Size {
  std::size_t members;
  std::uint64_t paced_per_s;
  bool is_windowed = true;
  bool is_quick = true;
};

constexpr Size plan[] = {{.members = 100, .paced_per_s = 100},
                         {.members = 1000, .paced_per_s = 20},
                         {.members = 10'000, .paced_per_s = 2, .is_windowed = false, .is_quick = false}};

/// A Confab member says a word every 10 s (net::EndpointOptions::keep_alive): less than that would show an idle server
/// without its members. The others' idling needs no long look.
base::Duration idle_time(bool quick, bool is_confab) {
  if (is_confab) return quick ? 11s : 20s;
  return quick ? 1s : 5s;
}

std::vector<Workload> workloads(bool quick, const Size& size, bool is_confab) {
  std::vector<Workload> steps{{.kind = Kind::settle, .length = quick ? 500ms : 1000ms},
                              {.kind = Kind::idle, .length = idle_time(quick, is_confab)},
                              {.kind = Kind::warm_up, .window = 4, .length = quick ? 500ms : 1000ms},
                              {.kind = Kind::paced, .messages_per_s = size.paced_per_s, .length = quick ? 2s : 10s}};
  if (size.is_windowed) steps.push_back({.kind = Kind::windowed, .window = 64, .length = quick ? 1500ms : 5000ms});
  return steps;
}

class Comparison {
 public:
  explicit Comparison(const ComparisonOptions& options) : options_(options) {
    if (options_.toy.empty()) note("the toy's server.py was not found (--seed-dir): nothing is compared with it");
    for (const Peer& peer : all_peers()) {
      const auto program = find_program(peer.name);
      program ? peers_.push_back({&peer, *program})
              : note(peer.name + " is not installed (tools/setup.sh bench): left out");
    }
  }

  bool is_wanted(const Size& size) const {
    const bool listed =
        options_.sizes.empty() || std::ranges::find(options_.sizes, size.members) != options_.sizes.end();
    return listed && (size.is_quick || !options_.quick || !options_.sizes.empty());
  }

  void measure(const Size& size) {
    if (is_wanted("bare") && size.members <= bare_members_max) {
      tell("bare", size);
      add("bare", size, measure_bare(trial_options(std::filesystem::read_symlink("/proc/self/exe"), size, false)));
    }
    const std::size_t toy_max = options_.quick ? toy_members_max_quick : toy_members_max;
    if (is_wanted("toy") && !options_.toy.empty() && size.members <= toy_max) {
      add("toy", size, measure_toy(trial_options(options_.toy, size, false)));
    }
    for (const auto& [peer, program] : peers_) {
      if (is_wanted(peer->name)) measure(*peer, program, size);
    }
    if (!is_wanted("confab")) return;
    tell("confab", size);
    auto trial = measure_confab(trial_options(options_.confabd, size, true));
    if (!trial) throw std::runtime_error(trial.error());
    report.trials.push_back(*std::move(trial));
  }

  Report report;

 private:
  bool is_wanted(const std::string& server) const {
    return options_.only.empty() || std::ranges::find(options_.only, server) != options_.only.end();
  }

  TrialOptions trial_options(const std::filesystem::path& program, const Size& size, bool is_confab) const {
    return {program, size.members, workloads(options_.quick, size, is_confab)};
  }

  void measure(const Peer& peer, const std::filesystem::path& program, const Size& size) {
    if (size.members > peer.members_max) {
      return note(fmt::format("{} with {} members is left out: {}", peer.name, size.members, peer.reason));
    }
    tell(peer.name, size);
    add(peer.name, size, measure_peer(peer, trial_options(program, size, false)));
  }

  void add(const std::string& server, const Size& size, TrialResult trial) {
    if (!trial) return note(fmt::format("{} with {} members is left out: {}", server, size.members, trial.error()));
    report.trials.push_back(*std::move(trial));
  }

  static void tell(const std::string& server, const Size& size) {
    fmt::print(stderr, "{}, {} members …\n", server, size.members);
  }
  void note(std::string text) { report.notes.push_back(std::move(text)); }

  const ComparisonOptions& options_;
  std::vector<std::pair<const Peer*, std::filesystem::path>> peers_;
};

}  // namespace

Report compare(const ComparisonOptions& options) {
  Comparison comparison(options);
  for (const Size& size : plan) {
    if (comparison.is_wanted(size)) comparison.measure(size);
  }
  return std::move(comparison.report);
}

}  // namespace confab::bench

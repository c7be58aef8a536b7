// SPDX-License-Identifier: MIT
// What a delivery costs the server's own code, without kernel, clock and chance: one workload a run, its figures on
// stdout as JSON. tools/cost.py runs it under callgrind and compares.
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cost_stage.h"

namespace {

using namespace confab;
using namespace std::chrono_literals;

constexpr std::size_t bursts = 40;

/// Members who sit in all of the rooms; now and then some of them say something, at once.
struct Workload {
  std::size_t members;
  std::size_t rooms;
  std::size_t burst;     ///< messages at once, one a room in turn
  bool history = false;  ///< what is measured is not the talk, but everybody reading all of it afterwards
};

// More members than are told of each other's coming and going (wire::limits): else that would be most of the work.
const std::map<std::string, Workload> workloads = {
    {"paced", {.members = 300, .rooms = 1, .burst = 1}},
    {"bursts", {.members = 300, .rooms = 1, .burst = 16}},
    {"rooms", {.members = 80, .rooms = 8, .burst = 16}},
    {"history", {.members = 20, .rooms = 1, .burst = 16, .history = true}},
};

std::vector<std::string> room_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(fmt::format("room{}", i));
  return names;
}

void talk(bench::Stage& stage, const Workload& workload, const std::vector<std::string>& rooms) {
  std::size_t message = 0;
  for (std::size_t i = 0; i < bursts; ++i) {
    for (std::size_t j = 0; j < workload.burst; ++j, ++message) {
      stage.members().say(message % workload.members, rooms[message % rooms.size()]);
    }
    stage.run(50ms);
  }
}

nlohmann::json measure(const Workload& workload) {
  const std::vector<std::string> rooms = room_names(workload.rooms);
  bench::Stage stage(workload.members, rooms);
  if (workload.history) talk(stage, workload, rooms);

  const std::uint64_t heard = stage.members().heard();
  const std::uint64_t sent = stage.datagrams_sent();
  const std::uint64_t received = stage.datagrams_received();
  stage.meter().begin();
  workload.history ? stage.members().read_all(rooms.front()) : talk(stage, workload, rooms);
  stage.run(1s);
  stage.meter().end();
  return {{"members", workload.members},
          {"rooms", workload.rooms},
          {"burst", workload.burst},
          {"deliveries", stage.members().heard() - heard},
          {"datagrams_sent", stage.datagrams_sent() - sent},
          {"datagrams_received", stage.datagrams_received() - received},
          {"allocations", stage.meter().allocations()}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Carries out one workload of a server and its members, for a profiler to look at.", "confab_cost"};
  std::string name;
  std::vector<std::string> names;
  for (const auto& [each, workload] : workloads) names.push_back(each);
  std::optional<std::size_t> members;
  std::optional<std::size_t> rooms;
  std::optional<std::size_t> burst;
  app.add_option("workload", name)->required()->check(CLI::IsMember(names));
  app.add_option("--members", members, "other than the workload's own number")->check(CLI::Range(1, 10'000));
  app.add_option("--rooms", rooms, "likewise; each member is in all of them")->check(CLI::Range(1, 60));
  app.add_option("--burst", burst, "likewise: messages at once")->check(CLI::Range(1, 1'000));
  CLI11_PARSE(app, argc, argv);
  try {
    Workload workload = workloads.at(name);
    workload.members = members.value_or(workload.members);
    workload.rooms = rooms.value_or(workload.rooms);
    workload.burst = burst.value_or(workload.burst);
    std::puts(measure(workload).dump().c_str());
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "confab_cost: {}\n", error.what());
    return 1;
  }
}

// SPDX-License-Identifier: MIT
// What a delivery costs the server's own code, without kernel, clock and chance: one workload a run, its figures on
// stdout as JSON. tools/cost.py runs it under callgrind and compares.
#include <cstdio>
#include <map>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cost_stage.h"

namespace {

using namespace confab;
using namespace std::chrono_literals;

constexpr int messages = 40;

/// Each message in a packet of its own.
void say_slowly(bench::Stage& stage, std::size_t members, const std::vector<std::string>& rooms) {
  for (std::size_t i = 0; i < messages; ++i) {
    stage.members().say(i % members, rooms[i % rooms.size()]);
    stage.run(50ms);
  }
}

/// Sixteen messages at once, from as many members.
void say_in_bursts(bench::Stage& stage, std::size_t members, const std::vector<std::string>& rooms) {
  for (std::size_t i = 0; i < messages; ++i) {
    for (std::size_t j = 0; j < 16; ++j) stage.members().say((i * 16 + j) % members, rooms[j % rooms.size()]);
    stage.run(50ms);
  }
}

struct Workload {
  std::size_t members;
  std::vector<std::string> rooms;
  void (*prepare)(bench::Stage&, std::size_t members, const std::vector<std::string>& rooms);
  void (*carry_out)(bench::Stage&, std::size_t members, const std::vector<std::string>& rooms);
};

void nothing(bench::Stage&, std::size_t, const std::vector<std::string>&) {}

void read_all(bench::Stage& stage, std::size_t, const std::vector<std::string>& rooms) {
  stage.members().read_all(rooms.front());
}

// More members than are told of each other's coming and going (wire::limits): else that would be most of the work.
const std::map<std::string, Workload> workloads = {
    {"paced", {300, {"lobby"}, nothing, say_slowly}},
    {"bursts", {300, {"lobby"}, nothing, say_in_bursts}},
    {"rooms", {80, {"a", "b", "c", "d", "e", "f", "g", "h"}, nothing, say_in_bursts}},
    {"history", {20, {"lobby"}, say_in_bursts, read_all}},
};

nlohmann::json measure(const std::string& name, std::optional<std::size_t> members) {
  const Workload& workload = workloads.at(name);
  const std::size_t count = members.value_or(workload.members);
  bench::Stage stage(count, workload.rooms);
  workload.prepare(stage, count, workload.rooms);

  const std::uint64_t heard = stage.members().heard();
  const std::uint64_t sent = stage.datagrams_sent();
  const std::uint64_t received = stage.datagrams_received();
  stage.meter().begin();
  workload.carry_out(stage, count, workload.rooms);
  stage.run(1s);
  stage.meter().end();
  return {{"workload", name},
          {"members", count},
          {"deliveries", stage.members().heard() - heard},
          {"datagrams_sent", stage.datagrams_sent() - sent},
          {"datagrams_received", stage.datagrams_received() - received},
          {"allocations", stage.meter().allocations()}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Carries out one workload of a server and its members, for a profiler to look at.", "confab_cost"};
  std::string name;
  std::optional<std::size_t> members;
  std::vector<std::string> names;
  for (const auto& [each, workload] : workloads) names.push_back(each);
  app.add_option("workload", name)->required()->check(CLI::IsMember(names));
  app.add_option("--members", members, "other than the workload's own number")->check(CLI::Range(1, 10'000));
  CLI11_PARSE(app, argc, argv);
  try {
    std::puts(measure(name, members).dump().c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "confab_cost: %s\n", error.what());
    return 1;
  }
}

// SPDX-License-Identifier: MIT
#include "durable_trial.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arrival.h"
#include "confab_host.h"
#include "disk_probe.h"
#include "figures.h"
#include "io/random.h"

namespace confab::bench {

namespace {

constexpr int probes = 100;
/// Joining, and each row beyond its length: a disk that has stood still for so long is broken.
constexpr base::Duration patience = std::chrono::seconds(30);

/// Readers without writers tell what reading takes alone; first of all there must be something to read.
std::vector<WritingPlan> make_plans(base::Duration length) {
  constexpr std::size_t readers = Writers::readers_max;
  return {{.writers = 1, .length = length},
          {.writers = 8, .length = length},
          {.writers = 64, .length = length},
          {.writers = 64, .in_flight = 8, .length = length},
          {.writers = 64, .in_flight = 16, .length = length},
          {.readers = readers, .length = length},
          {.writers = 64, .in_flight = 16, .readers = readers, .length = length}};
}

/// Leads the writers through the rows.
class Rows {
 public:
  Rows(Writers& writers, pid_t server, std::vector<WritingPlan> plans)
      : writers_(writers), server_(server), plans_(std::move(plans)), give_up_(io::read_clocks().instant + patience) {}

  /// True: all is done, or given up.
  bool step(base::Instant now) {
    if (now >= give_up_) return true;
    if (!writers_.are_welcome()) return false;
    if (meter_ && !writers_.is_done()) return false;
    if (meter_) finish();
    if (rows.size() == plans_.size()) return true;
    const WritingPlan& plan = plans_[rows.size()];
    give_up_ = now + plan.length + patience;
    meter_.emplace(server_);
    writers_.begin(plan, now);
    return false;
  }

  bool is_complete() const { return rows.size() == plans_.size(); }
  std::vector<DurableRow> rows;

 private:
  void finish() {
    const Coming used = meter_->so_far();
    rows.push_back({.plan = plans_[rows.size()], .tally = writers_.tally(), .wall = used.wall, .cpu = used.cpu});
    meter_.reset();
  }

  Writers& writers_;
  pid_t server_;
  std::vector<WritingPlan> plans_;
  base::Instant give_up_;
  std::optional<Arrival> meter_;
};

double accepted_per_s(const DurableRow& row) { return static_cast<double>(row.tally.accepted) / in_seconds(row.wall); }

double cpu_us_per_message(const DurableRow& row) {
  return row.tally.accepted == 0 ? 0 : in_seconds(row.cpu) * 1e6 / static_cast<double>(row.tally.accepted);
}

std::string to_line(const DurableRow& row) {
  const Histogram& acceptance = row.tally.acceptance;
  const Histogram& reading = row.tally.reading;
  return fmt::format(
      "| {:>7} | {:>9} | {:>7} | {:>10.0f} | {:>8.2f} | {:>8.2f} | {:>8.2f} | {:>7.0f} | {:>8.2f} | {:>8.2f} |\n",
      row.plan.writers, row.plan.writers > 0 ? row.plan.in_flight : 0, row.plan.readers, accepted_per_s(row),
      in_ms(acceptance.percentile(50)), in_ms(acceptance.percentile(99)), cpu_us_per_message(row),
      static_cast<double>(reading.count()) / in_seconds(row.wall), in_ms(reading.percentile(50)),
      in_ms(reading.percentile(99)));
}

nlohmann::json to_json_row(const DurableRow& row) {
  return {{"writers", row.plan.writers},
          {"in_flight", row.plan.in_flight},
          {"readers", row.plan.readers},
          {"accepted", row.tally.accepted},
          {"accepted_per_s", accepted_per_s(row)},
          {"accepted_p50_ms", in_ms(row.tally.acceptance.percentile(50))},
          {"accepted_p99_ms", in_ms(row.tally.acceptance.percentile(99))},
          {"accepted_max_ms", in_ms(row.tally.acceptance.max())},
          {"cpu_us_per_message", cpu_us_per_message(row)},
          {"reads", row.tally.reading.count()},
          {"read_p50_ms", in_ms(row.tally.reading.percentile(50))},
          {"read_p99_ms", in_ms(row.tally.reading.percentile(99))},
          {"misnumbered", row.tally.misnumbered}};
}

}  // namespace

std::string DurableResult::to_string() const {
  std::string text = fmt::format("the disk: fdatasync of 4 KiB takes {:.2f} ms at the median, {:.2f} ms at p99\n\n",
                                 in_ms(disk.percentile(50)), in_ms(disk.percentile(99)));
  text +=
      "| writers | in flight | readers | accepted/s | p50 ms   | p99 ms   | CPU us/m | reads/s | p50 ms   | p99 ms   "
      "|\n"
      "| ------: | --------: | ------: | ---------: | -------: | -------: | -------: | ------: | -------: | -------: "
      "|\n";
  for (const DurableRow& row : rows) text += to_line(row);
  return text + fmt::format("\na read is one of the log's first {} events\n", Writers::events_per_read);
}

std::string DurableResult::to_json() const {
  nlohmann::json lines = nlohmann::json::array();
  for (const DurableRow& row : rows) lines.push_back(to_json_row(row));
  return nlohmann::json({{"scenario", "durable"},
                         {"disk_p50_ms", in_ms(disk.percentile(50))},
                         {"disk_p99_ms", in_ms(disk.percentile(99))},
                         {"rows", lines},
                         {"kept", is_kept()}})
             .dump(2) +
         "\n";
}

bool DurableResult::is_kept() const {
  return std::ranges::all_of(rows, [](const DurableRow& row) {
    const bool wrote = row.plan.writers == 0 || row.tally.accepted > 0;
    const bool read = row.plan.readers == 0 || row.tally.reading.count() > 0;
    return wrote && read && row.tally.misnumbered == 0;
  });
}

std::expected<DurableResult, std::string> measure_durable(const DurableOptions& options) {
  ConfabHost host;
  if (const auto started = host.start(options.program); !started) return std::unexpected(started.error());
  auto disk = probe_disk(host.directory(), probes);
  if (!disk) return std::unexpected(disk.error());
  base::NullLog log;
  io::SystemRandom random;
  Writers writers(host.address(), random, log);
  io::Loop loop(writers);
  auto locals = open_sockets(loop, Writers::writers_max + Writers::readers_max);
  if (!locals) return std::unexpected(locals.error());
  writers.set_locals(*std::move(locals));

  Rows rows(writers, host.pid(), make_plans(options.length));
  loop.after_turn([&](base::Now now) {
    if (!writers.failure().empty() || rows.step(now.instant)) loop.stop(0);
  });
  loop.run();
  if (!writers.failure().empty()) return std::unexpected("the writers: " + writers.failure());
  if (!rows.is_complete()) return std::unexpected("the writers are not answered any more");
  return DurableResult{.disk = *std::move(disk), .rows = std::move(rows.rows)};
}

}  // namespace confab::bench

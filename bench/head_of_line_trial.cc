// SPDX-License-Identifier: MIT
#include "head_of_line_trial.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "confab_host.h"
#include "figures.h"
#include "io/clock.h"
#include "io/random.h"
#include "shaper.h"

namespace confab::bench {

namespace {

constexpr std::uint64_t live_per_s = 50;
/// For each part of the trial beyond its length.
constexpr base::Duration patience = std::chrono::seconds(60);
constexpr base::Duration delay_max = std::chrono::milliseconds(50);

std::vector<Burden> all_burdens() {
  return {{.name = "100 MB of history", .messages = 6400, .text_bytes = 16'000},
          {.name = "50,000 lines", .messages = 50'000, .text_bytes = 100},
          {.name = "history behind 2 Mbit/s", .messages = 1600, .text_bytes = 16'000, .link_bits_per_s = 2'000'000}};
}

/// Leads the listeners through the parts of one row: fill, join, talk without the burden, talk with it.
class Conversation {
 public:
  Conversation(Listeners& listeners, Shaper& shaper, const base::Address& slow, const Burden& burden,
               base::Duration length)
      : listeners_(listeners),
        shaper_(shaper),
        slow_(slow),
        length_(length),
        give_up_(io::read_clocks().instant + patience) {
    row.burden = burden;
    listeners_.fill(burden.messages, burden.text_bytes);
  }

  /// True: all is done, or given up.
  bool step(base::Instant now) {
    if (now >= give_up_) return true;
    switch (part_) {
      case Part::filling:
        if (listeners_.is_filled()) go_on(now, Part::joining);
        return false;
      case Part::joining:
        if (listeners_.have_joined()) go_on(now, Part::without);
        return false;
      case Part::without:
        if (!listeners_.is_done()) return false;
        row.without = listeners_.tally();
        go_on(now, Part::with);
        return false;
      case Part::with:
        if (!listeners_.is_done()) return false;
        row.with = listeners_.tally();
        go_on(now, Part::done);
        return true;
      case Part::done:
        return true;
    }
    return true;
  }

  bool is_done() const { return part_ == Part::done; }
  HeadOfLineResult::Row row;

 private:
  enum class Part { filling, joining, without, with, done };

  void go_on(base::Instant now, Part part) {
    part_ = part;
    give_up_ = now + length_ + patience;
    if (part == Part::joining) {
      listeners_.join();
      if (row.burden.link_bits_per_s > 0) {
        shaper_.limit({.slow = slow_, .bits_per_s = row.burden.link_bits_per_s});
      }
    }
    if (part != Part::without && part != Part::with) return;
    listeners_.begin({.kind = Workload::Kind::paced, .messages_per_s = live_per_s, .length = length_},
                     part == Part::with, io::read_clocks().instant);
  }

  Listeners& listeners_;
  Shaper& shaper_;
  base::Address slow_;
  base::Duration length_;
  base::Instant give_up_;
  Part part_ = Part::filling;
};

std::expected<HeadOfLineResult::Row, std::string> measure(const HeadOfLineOptions& options, const Burden& burden) {
  ConfabHost host;
  if (const auto started = host.start(options.program); !started) return std::unexpected(started.error());
  base::NullLog log;
  io::SystemRandom random;
  Listeners listeners(host.address(), options.members, random, log);
  Shaper shaper(listeners);
  io::Loop loop(shaper);
  // An address each: the link is that of one of them.
  const auto locals = open_sockets(loop, options.members, Sockets::one_each);
  if (!locals) return std::unexpected(locals.error());
  listeners.set_locals(*locals);

  Conversation conversation(listeners, shaper, locals->at(Listeners::burdened), burden, options.length);
  loop.after_turn([&](base::Now now) {
    if (!listeners.failure().empty() || conversation.step(now.instant)) loop.stop(0);
  });
  loop.run();
  if (!listeners.failure().empty()) return std::unexpected(burden.name + ": " + listeners.failure());
  if (!conversation.is_done()) return std::unexpected(burden.name + ": not everybody has heard everything in time");
  return conversation.row;
}

double p50(const Histogram& latency) { return in_ms(latency.percentile(50)); }
double p99(const Histogram& latency) { return in_ms(latency.percentile(99)); }

struct Line {
  const char* who;
  const Histogram& without;
  const Histogram& with;
};

std::array<Line, 4> lines(const HeadOfLineResult::Row& row) {
  return {{{"others, here", row.without.others.here, row.with.others.here},
           {"others, elsewhere", row.without.others.elsewhere, row.with.others.elsewhere},
           {"himself, here", row.without.burdened.here, row.with.burdened.here},
           {"himself, elsewhere", row.without.burdened.elsewhere, row.with.burdened.elsewhere}}};
}

double ratio(double with, double without) { return without > 0 ? with / without : 0; }

nlohmann::json to_json_row(const HeadOfLineResult::Row& row, const Line& line) {
  return {{"burden", row.burden.name},
          {"who", line.who},
          {"p50_ms_without", p50(line.without)},
          {"p99_ms_without", p99(line.without)},
          {"p50_ms_with", p50(line.with)},
          {"p99_ms_with", p99(line.with)},
          {"max_ms_with", in_ms(line.with.max())},
          {"p99_ratio", ratio(p99(line.with), p99(line.without))},
          {"history_bytes", row.with.history_bytes},
          {"histories_read", row.with.histories_read},
          {"disordered", row.without.disordered + row.with.disordered}};
}

bool is_kept(const HeadOfLineResult::Row& row) {
  const auto all = lines(row);
  const bool undelayed = std::ranges::all_of(std::span(all).first(2), [](const Line& line) {
    return line.with.percentile(99) < line.without.percentile(99) + delay_max;
  });
  return undelayed && row.without.disordered == 0 && row.with.disordered == 0 && row.with.history_bytes > 0;
}

}  // namespace

std::string HeadOfLineResult::to_string() const {
  std::string text =
      "| one member bears        | live at            | p50 ms   | p99 ms   | with: p50 | with: p99 | p50 ratio | p99 "
      "ratio | history MB/s |\n"
      "| ----------------------- | ------------------ | -------: | -------: | --------: | --------: | --------: | "
      "--------: | -----------: |\n";
  for (const Row& row : rows) {
    for (const Line& line : lines(row)) {
      text += fmt::format(
          "| {:<23} | {:<18} | {:>8.2f} | {:>8.2f} | {:>9.2f} | {:>9.2f} | {:>9.2f} | {:>9.2f} | {:>12.1f} |\n",
          row.burden.name, line.who, p50(line.without), p99(line.without), p50(line.with), p99(line.with),
          ratio(p50(line.with), p50(line.without)), ratio(p99(line.with), p99(line.without)),
          static_cast<double>(row.with.history_bytes) / 1e6 / length_s);
    }
  }
  return text;
}

std::string HeadOfLineResult::to_json() const {
  nlohmann::json all = nlohmann::json::array();
  for (const Row& row : rows) {
    for (const Line& line : lines(row)) all.push_back(to_json_row(row, line));
  }
  return nlohmann::json({{"scenario", "head-of-line"}, {"rows", all}, {"kept", is_kept()}}).dump(2) + "\n";
}

bool HeadOfLineResult::is_kept() const { return std::ranges::all_of(rows, bench::is_kept); }

std::expected<HeadOfLineResult, std::string> measure_head_of_line(const HeadOfLineOptions& options) {
  HeadOfLineResult result{.rows = {}, .length_s = in_seconds(options.length)};
  for (const Burden& burden : all_burdens()) {
    auto row = measure(options, burden);
    if (!row) return std::unexpected(row.error());
    result.rows.push_back(*std::move(row));
  }
  return result;
}

}  // namespace confab::bench

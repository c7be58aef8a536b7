// SPDX-License-Identifier: MIT
#include "screen_trial.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "child.h"
#include "client/quic_client.h"
#include "figures.h"
#include "io/clock.h"
#include "io/random.h"
#include "runtime/local_store.h"
#include "screen/fleet.h"
#include "screen/full_screen.h"

namespace confab::bench {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view room = "lobby";
constexpr term::Size screen_size{120, 50};
constexpr base::Duration turn_length = 1ms;
/// Faster than anybody types.
constexpr base::Duration key_pause = 10ms;

// What is promised: a person takes no notice of so long. On a machine with nothing else to do it is a small part of it.
constexpr base::Duration wait_max = 50ms;
constexpr double flood_core_percent_max = 50;

/// Nothing is sent: there is no path.
class NoSink final : public base::DatagramSink {
 public:
  std::span<std::uint8_t> buffer() override { return {}; }
  void commit(const base::Path&, std::uint8_t, std::size_t, std::size_t) override {}
};

std::string line_text(std::uint64_t number) {
  return fmt::format("line {:07} of a talk that has some words in it, 漢字 and 👍🏽 among them", number);
}

base::Duration thread_cpu() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec);
}

base::Duration since(base::Instant start) { return io::read_clocks().instant - start; }

client::KeptEvent kept_event(base::Seq seq) {
  wire::pb::Event event;
  event.set_seq(seq);
  event.set_time_ms(1'795'348'800'000 + seq * 1000);
  std::string id(16, '\0');
  std::ranges::copy(fmt::format("{:016}", seq), id.begin());
  event.set_id(id);
  event.set_name(fmt::format("user{}", seq % 20));
  event.mutable_message()->set_text(line_text(seq));
  const std::string bytes = event.SerializeAsString();
  return {.seq = seq, .bytes = base::Bytes(bytes.begin(), bytes.end())};
}

/// The program's own parts, without a server, and a clock that runs as the trial likes.
class Stage {
 public:
  Stage(const net::UserKey& key, runtime::LocalStore* store)
      : client_(client_options(store), key, random_, log_),
        screen_(servers(), screen_options()),
        fleet_({{&client_, {}}}, screen_, [] {}) {}

  /// One turn, as the loop drives it.
  void turn() {
    now_.instant += turn_length;
    if (fleet_.next_deadline() <= now_.instant) fleet_.wake(now_);
    fleet_.transmit(sink_, now_);
  }
  /// All that is known is painted.
  void settle() {
    for (base::Duration passed{}; passed <= screen::FullScreen::paint_pause; passed += turn_length) turn();
  }
  void hear_line(std::uint64_t number) {
    Message line{.room = std::string(room),
                 .seq = number,
                 .name = fmt::format("user{}", number % 20),
                 .text = line_text(number),
                 .id = fmt::format("{:032}", number),
                 .reply_to = {}};
    line.time_ms = static_cast<std::int64_t>(1'795'348'800'000 + number);
    line.verified = true;
    screen_.hear(0, line, now_);
  }
  void hear_joined(const std::string& name) {
    screen_.hear(0, Joined{.room = std::string(room), .name = name, .verified = true}, now_);
  }
  void type(std::string_view bytes) { screen_.input(bytes, now_); }
  std::string take_output() { return screen_.take_output(); }
  std::string picture() const { return screen_.grid().picture(); }
  bool shows(const std::string& text) const { return picture().contains(text); }
  base::Duration time() const { return now_.instant.time_since_epoch(); }

 private:
  static client::QuicClientOptions client_options(runtime::LocalStore* store) {
    client::QuicClientOptions options;
    options.name = "Me";
    options.agent = "confab_bench";
    options.history = store == nullptr ? nullptr : &store->history();
    options.outbox = store == nullptr ? nullptr : &store->outbox();
    options.trust = [](const net::PeerCertificate&) { return false; };
    return options;
  }
  std::vector<screen::ServerSetup> servers() {
    return {{.client = &client_,
             .label = "bench",
             .name = "Me",
             .rooms = {std::string(room)},
             .judge_key = [] { return client::TrustAnswer::unknown; },
             .accept_key = [] {},
             .on_named = [](const std::string&) {}}};
  }
  static screen::FullScreenOptions screen_options() {
    screen::FullScreenOptions options;
    options.size = screen_size;
    return options;
  }

  base::NullLog log_;
  io::SystemRandom random_;
  NoSink sink_;
  base::Now now_{base::Instant(1h), {1'795'348'800'000}};
  client::QuicClient client_;
  screen::FullScreen screen_;
  screen::Fleet fleet_;
};

/// The numbers of the lines that a picture shows.
void collect_lines(const std::string& picture, std::set<std::uint64_t>& numbers) {
  constexpr std::string_view mark = "line ";
  for (std::size_t at = picture.find(mark); at != std::string::npos; at = picture.find(mark, at + 1)) {
    std::uint64_t number = 0;
    const char* const begin = picture.data() + at + mark.size();
    if (std::from_chars(begin, picture.data() + picture.size(), number).ec == std::errc()) numbers.insert(number);
  }
}

std::expected<void, std::string> fill_history(runtime::LocalStore& store, std::uint64_t events) {
  std::vector<client::KeptEvent> kept;
  for (base::Seq seq = 1; seq <= events; ++seq) kept.push_back(kept_event(seq));
  return store.history().append(std::string(room), kept);
}

/// Another start of the program for each opening; what the kernel has read once it still has.
std::expected<void, std::string> measure_openings(const ScreenTrialOptions& options, const net::UserKey& key,
                                                  ScreenResult& result) {
  const TempDir directory;
  const std::string path = directory.path().string();
  {
    auto store = runtime::LocalStore::open(path, "bench:1");
    if (!store) return std::unexpected(store.error());
    if (auto filled = fill_history(**store, options.kept_events); !filled) return filled;
  }
  for (int i = 0; i < options.openings; ++i) {
    const base::Instant start = io::read_clocks().instant;
    auto store = runtime::LocalStore::open(path, "bench:1");
    if (!store) return std::unexpected(store.error());
    Stage stage(key, store->get());
    stage.turn();
    const std::string bytes = stage.take_output();
    result.first_paint.record(since(start));
    if (bytes.empty() || !stage.shows(line_text(options.kept_events).substr(0, 12))) {
      return std::unexpected("the first paint does not show the last line of the local history");
    }
  }
  return {};
}

/// Lines come in each turn, and every now and then a key with them.
void measure_flood(const ScreenTrialOptions& options, Stage& stage, ScreenResult& result) {
  const base::Duration begin = stage.time();
  const base::Duration length = std::chrono::seconds(options.flood_s);
  base::Duration key_due = begin + key_pause;
  while (stage.time() - begin < length) {
    const auto due =
        static_cast<std::uint64_t>((stage.time() - begin + turn_length) / 1us) * options.lines_per_s / 1'000'000;
    const bool types = stage.time() >= key_due;
    const base::Duration cpu_before = thread_cpu();
    const base::Instant start = io::read_clocks().instant;
    while (result.lines < due) stage.hear_line(++result.lines);
    if (types) stage.type("x");
    stage.turn();
    const std::string bytes = stage.take_output();
    if (types) result.echo.record(since(start));
    result.flood_cpu += thread_cpu() - cpu_before;
    result.flood_paints += bytes.empty() ? 0 : 1;
    if (types) key_due += key_pause;
  }
  result.flood_length = length;
  stage.settle();
  result.is_last_shown = stage.shows(line_text(result.lines).substr(0, 12));
  stage.type("\x15");  // Ctrl+U: what was typed goes
}

void measure_pages(const ScreenTrialOptions& options, Stage& stage, ScreenResult& result) {
  while (result.lines < options.room_lines) {
    stage.hear_line(++result.lines);
    if (result.lines % 1000 == 0) stage.turn();
  }
  stage.settle();
  std::set<std::uint64_t> seen;
  collect_lines(stage.picture(), seen);
  for (std::string before; before != stage.picture();) {
    before = stage.picture();
    const base::Instant start = io::read_clocks().instant;
    stage.type("\x1B[5~");
    stage.turn();
    stage.take_output();  // making it is part of what is measured
    result.page.record(since(start));
    collect_lines(stage.picture(), seen);
  }
  result.lines_shown = seen.size();
}

void measure_completion(const ScreenTrialOptions& options, Stage& stage, ScreenResult& result) {
  for (std::size_t i = 0; i < options.members; ++i) stage.hear_joined(fmt::format("guest{:05}", i));
  stage.settle();
  for (int i = 0; i < options.completions; ++i) {
    stage.type("guest");
    stage.turn();
    stage.take_output();
    const base::Instant start = io::read_clocks().instant;
    stage.type("\t");
    stage.turn();
    stage.take_output();
    const base::Duration passed = since(start);
    if (stage.shows("> guest00000")) result.completion.record(passed);
    stage.type("\x15");
  }
}

double per_s(const Histogram& each) {
  const base::Duration median = each.percentile(50);
  return median > base::Duration::zero() ? 1 / in_seconds(median) : 0;
}

double flood_core_percent(const ScreenResult& result) {
  return result.flood_length > base::Duration::zero()
             ? 100 * in_seconds(result.flood_cpu) / in_seconds(result.flood_length)
             : 0;
}

bool is_quick(const Histogram& times) { return times.count() > 0 && times.percentile(99) < wait_max; }

std::string row(const std::string& what, const Histogram& times) {
  return fmt::format("| {:<25} | {:>6} | {:>8.3f} | {:>8.3f} | {:>8.3f} | {} |\n", what, times.count(),
                     in_ms(times.percentile(50)), in_ms(times.percentile(99)), in_ms(times.max()),
                     is_quick(times) ? "kept  " : "BROKEN");
}

}  // namespace

std::string ScreenResult::to_string() const {
  std::string text = fmt::format(
      "| ms (p99 below {:>3.0f})        | times  | p50      | p99      | max      |        |\n"
      "| ------------------------- | -----: | -------: | -------: | -------: | ------ |\n",
      in_ms(wait_max));
  text += row("first paint, no network", first_paint);
  text += row("a key's echo in the flood", echo);
  text += row("a page up", page);
  text += row("Tab among many names", completion);
  text += fmt::format("\n- flood: {:.1f} % of a core (below {:.0f} %), {} paints in {:.0f} s, its last line {}\n",
                      flood_core_percent(*this), flood_core_percent_max, flood_paints, in_seconds(flood_length),
                      is_last_shown ? "shown" : "NOT shown");
  text += fmt::format("- {} of {} lines seen, paging up at {:.0f} pages a second\n\n", lines_shown, lines, per_s(page));
  return text;
}

std::string ScreenResult::to_json() const {
  const auto times = [](const Histogram& histogram) {
    return nlohmann::json{{"count", histogram.count()},
                          {"p50_ms", in_ms(histogram.percentile(50))},
                          {"p99_ms", in_ms(histogram.percentile(99))},
                          {"max_ms", in_ms(histogram.max())}};
  };
  return nlohmann::json({{"scenario", "screen"},
                         {"first_paint", times(first_paint)},
                         {"echo", times(echo)},
                         {"page", times(page)},
                         {"completion", times(completion)},
                         {"flood_core_percent", flood_core_percent(*this)},
                         {"flood_paints", flood_paints},
                         {"lines", lines},
                         {"lines_shown", lines_shown},
                         {"kept", is_kept()}})
             .dump(2) +
         "\n";
}

bool ScreenResult::is_kept() const {
  const bool waits_kept = is_quick(first_paint) && is_quick(echo) && is_quick(page) && is_quick(completion);
  const bool is_whole = is_last_shown && lines > 0 && lines_shown == lines;
  return waits_kept && is_whole && flood_core_percent(*this) < flood_core_percent_max;
}

std::expected<ScreenResult, std::string> measure_screen(const ScreenTrialOptions& options) {
  ScreenResult result;
  const net::UserKey key = net::UserKey::generate();
  if (const auto opened = measure_openings(options, key, result); !opened) return std::unexpected(opened.error());
  Stage stage(key, nullptr);
  stage.turn();
  measure_flood(options, stage, result);
  measure_pages(options, stage, result);
  measure_completion(options, stage, result);
  return result;
}

}  // namespace confab::bench

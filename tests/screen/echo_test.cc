// SPDX-License-Identifier: MIT
// A key is answered before anything else is: before a disk is asked, and whatever the terminal does.
#include <optional>

#include "base/random.h"
#include "client/memory_outbox_store.h"
#include "client/quic_client.h"
#include "full_screen_script.h"
#include "net/identity.h"
#include "screen/fleet.h"

namespace confab::screen {
namespace {

/// A disk that looks at the terminal when it is asked.
struct WatchedStore final : client::OutboxStore {
  explicit WatchedStore(const std::string& terminal) : shown(terminal) {}

  std::expected<std::vector<client::StoredEntry>, std::string> load(const std::string& name) override {
    return rows.load(name);
  }
  std::expected<void, std::string> save(const std::string& name, std::span<const client::StoredEntry> entries,
                                        client::Durability durability) override {
    seen.push_back(shown);
    return rows.save(name, entries, durability);
  }
  std::expected<std::size_t, std::string> erase(std::span<const base::MessageId> ids,
                                                client::Durability durability) override {
    return rows.erase(ids, durability);
  }

  const std::string& shown;
  client::MemoryOutboxStore rows;
  std::vector<std::string> seen;  ///< the picture at each call
};

struct NoSink final : base::DatagramSink {
  std::span<std::uint8_t> buffer() override { return {}; }
  void commit(const base::Path&, std::uint8_t, std::size_t, std::size_t) override {}
};

/// The program's own parts, offline.
struct Echo : ::testing::Test {
  Echo() {
    client::QuicClientOptions options;
    options.name = "Me";
    options.outbox = &store;
    options.trust = [](const net::PeerCertificate&) { return false; };
    client.emplace(std::move(options), key, random, log);
    ServerSetup setup;
    setup.client = &*client;
    setup.label = "one";
    setup.name = "Me";
    setup.rooms = {"lobby"};
    FullScreenOptions screen_options;
    screen_options.size = {60, 8};
    screen.emplace(std::vector{std::move(setup)}, std::move(screen_options));
    fleet.emplace(std::vector{FleetMember{&*client, {}}}, *screen, [this] {
      ++shows;
      output += screen->take_output();
      shown = screen->grid().picture();
    });
    turn();
    output.clear();
    shows = 0;
  }
  void turn(base::Duration later = 100ms) {
    now.instant += later;
    fleet->wake(now);
    fleet->transmit(sink, now);
    screen->take_output();
  }
  void press(const std::string& bytes) {
    screen->input(bytes, now);
    turn();
  }

  std::string shown;  ///< on the terminal
  std::string output;
  int shows = 0;
  WatchedStore store{shown};
  net::UserKey key = net::UserKey::generate();
  base::SeededRandom random{1};
  base::NullLog log;
  NoSink sink;
  base::Now now{base::Instant(1h), {noon_ms}};
  std::optional<client::QuicClient> client;
  std::optional<FullScreen> screen;
  std::optional<Fleet> fleet;
};

TEST_F(Echo, ALineIsOnTheScreenBeforeTheDiskIsAskedToKeepIt) {
  press("into the dark\r");
  ASSERT_EQ(store.seen.size(), 1U);
  EXPECT_TRUE(store.seen[0].contains("Me | into the dark …\n")) << store.seen[0];
  EXPECT_TRUE(store.seen[0].contains("\n>\n")) << "and the next one can be typed";
  EXPECT_FALSE(store.seen[0].contains("queued")) << "nobody has kept it yet";
  EXPECT_TRUE(output.contains("into the dark"));
  EXPECT_EQ(store.rows.size(), 1U) << "in the same turn";
  turn();
  EXPECT_TRUE(screen->grid().picture().contains("Me | into the dark (queued)\n"));
  EXPECT_TRUE(screen->grid().picture().contains("1 queued"));
}

TEST_F(Echo, ADiskThatFailsLeavesItPending) {
  store.rows.set_failing(true);
  press("into the dark\r");
  turn();
  EXPECT_TRUE(screen->grid().picture().contains("into the dark …\n")) << screen->grid().picture();
  store.rows.set_failing(false);
  turn(10s);
  turn();
  EXPECT_TRUE(screen->grid().picture().contains("into the dark (queued)\n")) << screen->grid().picture();
  EXPECT_EQ(store.rows.size(), 1U);
}

TEST_F(Echo, OnlyWhatIsPressedIsShownBeforehand) {
  turn();
  screen->note("somebody says something");
  turn();
  EXPECT_EQ(shows, 0);
  press("x");
  EXPECT_EQ(shows, 1);
  EXPECT_TRUE(shown.contains("> x"));
}

TEST_F(Echo, AnEndIsNotPaintedOver) {
  press("\x04");
  EXPECT_TRUE(screen->exit_code());
  EXPECT_EQ(shows, 0);
  press("x");
  EXPECT_EQ(shows, 0);
}

struct Held : FullScreenScript {};

TEST_F(Held, NothingIsPaintedWhileTheTerminalHasNotTakenThePictureBefore) {
  open_online();
  pass(1s);
  output();
  screen->hold(true);
  hear(message(1, "ada", "one"));
  type("x");
  EXPECT_FALSE(screen->echo(now()));
  turn();
  turn();
  EXPECT_EQ(output(), "");
  wakes = 0;
  pass(1h);
  EXPECT_EQ(wakes, 0) << "and there is nothing to do until it has";
  hear(message(2, "ada", "two"));
  turn();
  screen->hold(false);
  EXPECT_LE(screen->next_deadline(), now().instant);
  turn();
  const std::string painted = output();
  EXPECT_TRUE(painted.contains("one") && painted.contains("two") && painted.contains('x'));
  turn();  // in which the client says that it was read
  EXPECT_EQ(screen->next_deadline(), base::never);
}

TEST_F(Held, WhatIsHeardIsPaintedWhenItIsTimeAgain) {
  open_online();
  pass(1s);
  screen->hold(true);
  hear(message(1, "ada", "one"));
  turn();
  output();
  screen->hold(false);
  EXPECT_LE(screen->next_deadline(), now().instant + FullScreen::paint_pause);
  pass(FullScreen::paint_pause);
  EXPECT_TRUE(output().contains("one"));
}

TEST_F(Held, WhatWasNotDrawnIsNotRead) {
  open_online();
  pass(1s);
  screen->hold(true);
  hear(message(1, "ada", "one"));
  turn();
  pass(1h);
  EXPECT_EQ(calls(), Calls{});
  screen->hold(false);
  pass(FullScreen::paint_pause);
  EXPECT_EQ(calls(), Calls{"mark lobby 1"});
}

TEST_F(Held, AnEndComesAllTheSame) {
  open_online();
  screen->hold(true);
  screen->interrupt(143);
  turn();
  EXPECT_EQ(screen->exit_code(), 143);
  EXPECT_TRUE(output().ends_with("\x1B[?1049l"));
}

}  // namespace
}  // namespace confab::screen

// SPDX-License-Identifier: MIT
// A full screen before a client that writes down what is asked of it, and a clock that only the test moves.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "room_script.h"
#include "screen/full_screen.h"
#include "tui/fake_client.h"

namespace confab::screen {

using tui::Calls;
using namespace std::chrono_literals;

namespace keys {
inline constexpr const char* enter = "\r";
inline constexpr const char* ctrl_c = "\x03";
inline constexpr const char* ctrl_n = "\x0E";
inline constexpr const char* ctrl_p = "\x10";
inline constexpr const char* page_up = "\x1B[5~";
inline constexpr const char* page_down = "\x1B[6~";
inline constexpr const char* alt_up = "\x1B[1;3A";
inline constexpr const char* alt_down = "\x1B[1;3B";
inline std::string alt(const std::string& key) { return "\x1B" + key; }
inline std::string paste(const std::string& text) { return "\x1B[200~" + text + "\x1B[201~"; }
}  // namespace keys

struct ScreenClient : tui::FakeClient {
  /// The ids of a room's script are "id1", "id2" …: these are others.
  std::string post(const std::string& room, Content content) override {
    last_id = "own-" + FakeClient::post(room, std::move(content));
    return last_id;
  }
  void set_typing(const std::string& room, bool active) override {
    typing.push_back(room + (active ? " types" : " stopped"));
  }
  std::vector<std::string> typing;
  std::string last_id;  ///< of what was posted
};

struct ScriptServer {
  std::string label = "one.example";
  std::string name = "Me";
  std::vector<std::string> rooms = {"lobby"};
};

struct FullScreenScript : ::testing::Test {
  /// One server and the lobby, unless said otherwise; what opening asks of the clients is forgotten.
  FullScreen& open(std::vector<ScriptServer> servers = {ScriptServer{}}) {
    std::vector<ServerSetup> setups;
    for (const ScriptServer& each : servers) {
      clients.emplace_back();
      setups.push_back({.client = &clients.back(),
                        .label = each.label,
                        .name = each.name,
                        .rooms = each.rooms,
                        .judge_key = [this] { return key; },
                        .accept_key = [this] { ++accepted; },
                        .on_named = [this](const std::string& name) { named += name + ";"; }});
    }
    screen = std::make_unique<FullScreen>(std::move(setups), std::move(options));
    screen->start(now());
    for (ScreenClient& client : clients) client.take_calls();
    return *screen;
  }
  /// The same, and the server has let us in.
  FullScreen& open_online(const std::vector<std::string>& rooms = {"lobby"}) {
    open({{.rooms = rooms}});
    go_online();
    // The joins were the first requests; nothing was said in these rooms yet.
    for (std::size_t i = 0; i < rooms.size(); ++i) hear(Opened{.request = i + 1, .room = rooms[i]});
    turn();
    calls();
    output();
    return *screen;
  }
  void go_online(std::size_t server = 0) {
    hear(Link{.state = Link::State::online, .text = "", .name = "Me", .fingerprint = ""}, server);
  }
  void fail(Link::Failure failure, const std::string& text, std::size_t server = 0) {
    hear(Link{Link::State::failed, failure, text, "", "SHA256:abc"}, server);
  }

  base::Now now() const { return {base::Instant(1h + time), {noon_ms + time / 1ms}}; }
  void hear(const Event& event, std::size_t server = 0) { screen->hear(server, event, now()); }
  void hear_in(const std::string& room, Message message, std::size_t server = 0) {
    message.room = room;
    hear(message, server);
  }
  void type(const std::string& bytes) { screen->input(bytes, now()); }
  /// A line, and its end.
  void say(const std::string& line) { type(line + keys::enter); }
  void turn() { screen->end_turn(now()); }
  /// As the loop does: so much time passes, and the screen is woken whenever it wants.
  void pass(base::Duration duration) {
    const base::Duration end = time + duration;
    while (screen->next_deadline() <= base::Instant(1h + end)) {
      time = std::max(time, screen->next_deadline() - base::Instant(1h));
      ASSERT_LT(++wakes, 10'000) << "a busy loop";
      screen->wake(now());
      turn();
    }
    time = end;
  }
  std::string picture() {
    pass(FullScreen::paint_pause);
    turn();
    return screen->grid().picture();
  }
  bool shows(const std::string& text) { return picture().contains(text); }
  Calls calls(std::size_t server = 0) { return clients[server].take_calls(); }
  std::string last_call(std::size_t server = 0) {
    const Calls all = calls(server);
    return all.empty() ? "" : all.back();
  }
  std::string output() { return screen->take_output(); }

  FullScreenOptions options{.settings = {},
                            .complaints = {},
                            .size = {60, 8},
                            .painter = {},
                            .terminal = {},
                            .colorfgbg = "",
                            .history = {},
                            .zone = {}};
  std::deque<ScreenClient> clients;
  std::unique_ptr<FullScreen> screen;
  base::Duration time{};
  int wakes = 0;
  client::TrustAnswer key = client::TrustAnswer::unknown;
  int accepted = 0;
  std::string named;
};

}  // namespace confab::screen

// SPDX-License-Identifier: MIT
// One server of the screen: its client, how the link stands, and a window for each of its rooms.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/client.h"
#include "client/known_hosts.h"
#include "prefs/settings.h"
#include "screen/window.h"

namespace confab::screen {

struct ServerSetup {
  client::Client* client = nullptr;  ///< outlives the screen
  std::string label;                 ///< host and port, for people
  std::string name;                  ///< one's own; empty: it is asked for
  std::vector<std::string> rooms;    ///< canonical, at least one; the first is looked at
  /// What the key that the server showed last is to us, and how to take it for good.
  std::function<client::TrustAnswer()> judge_key;
  std::function<void()> accept_key;
  /// The server has let us in under this name.
  std::function<void(const std::string& name)> on_named;
};

/// Not thread-safe.
class ServerView {
 public:
  explicit ServerView(ServerSetup setup) : setup_(std::move(setup)), name_(setup_.name) {}

  const ServerSetup& setup() const { return setup_; }
  client::Client& client() const { return *setup_.client; }
  const std::string& name() const { return name_; }
  /// What one wants to be called; the server has not said yet whether one may.
  void set_name(std::string name) { name_ = std::move(name); }
  /// The server has let us in under it.
  void accept_name(const std::string& name) { name_ = accepted_name_ = name; }
  /// It has refused what was wanted: back to the name that it let us in under. False where there is no other.
  bool take_back_name();

  Link::State state = Link::State::offline;
  std::string trouble;  ///< why it is not online
  bool was_online = false;
  RequestId direct_rooms = 0;             ///< asked once a connection stands
  RequestId room_list = 0;                ///< of /list
  RequestId quiet_room_list = 0;          ///< under way, for completion
  std::vector<std::string> listed_rooms;  ///< what it answered last

  const std::vector<std::unique_ptr<Window>>& windows() const { return windows_; }
  std::size_t direct_count() const;
  /// nullptr: there is none. `room` is canonical.
  Window* find(const std::string& room) const;
  /// Makes one where there is none, and joins the room.
  Window& open(const std::string& room, const prefs::Settings& settings);
  void close(const Window& window);

  /// Name, highlights and who is ignored may have changed.
  void apply(const prefs::Settings& settings);
  /// As people call it: "#dev", "@zoe".
  std::string label_of(const std::string& room) const;

 private:
  ServerSetup setup_;
  std::string name_;
  std::string accepted_name_;
  std::vector<std::unique_ptr<Window>> windows_;
};

}  // namespace confab::screen

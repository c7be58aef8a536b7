// SPDX-License-Identifier: MIT
// Confab for programs: a bot, a bridge, a monitor. It connects by itself and again whenever it must; each message of
// the rooms it has joined arrives once, in the order that everyone sees; what it sends is kept, over the end of the
// program too, until the server has stored it or said why not.
//
//   confab::Client client({.name = "parrot"});
//   client.on_message([&](const confab::Message& message) {
//     if (!message.own) client.send(message.room, message.text, confab::Kind::notice);
//   });
//   return client.run().has_value() ? 0 : 1;
//
// examples/ has whole programs. Link with libconfab (CMake target confab::client).
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "confab/types.h"

namespace confab {

struct Options {
  std::string server = "127.0.0.1:2209";  ///< HOST[:PORT] or confab://[FINGERPRINT@]HOST[:PORT][/ROOM]
  std::string name = {};                  ///< required; belongs to the first key that takes it
  std::vector<std::string> rooms = {};    ///< joined at once; empty: the link's, else the lobby
  /// Directory for the key, the known servers and what is not sent yet; empty: $CONFAB_HOME, else the XDG directories,
  /// as for the program confab.
  std::string home = {};
  /// Takes the key of a server that is met for the first time. On loopback that is always so.
  bool accept_new = false;
  /// SIGINT and SIGTERM end run() in good order.
  bool handle_signals = true;
};

/// Why run() could not begin or go on, as a sentence for people.
struct Error {
  Link::Failure failure = Link::Failure::none;  ///< none: options, files or sockets, before anything was sent
  std::string text;
};

/// Thread rule: everything from one thread, before run() or from the handlers that run() calls; but stop() and post()
/// from any thread.
class Client {
 public:
  explicit Client(Options options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Every message of a joined room, one's own included (`own`).
  void on_message(std::function<void(const Message&)> handler);
  /// Everything that is heard, messages included.
  void on_event(std::function<void(const Event&)> handler);

  /// Answers the message's id; Status events with it tell what becomes of the message. At most 16 KiB of text. What is
  /// not stored when the program ends goes out with its next run under the same name.
  std::string send(const std::string& room, const std::string& text, Kind kind = Kind::text);
  /// The same for whatever may be sent into a room: an answer, an edit, a reaction, the room's topic. Refused by a
  /// Status where it points at a message and its target is no id.
  std::string send(const std::string& room, Content content);
  /// The same under an id of one's own, 32 hexadecimal digits: sent again, in whatever run, it is still one message.
  /// False for what is no id; then nothing is sent.
  bool send_as(const std::string& id, const std::string& room, const std::string& text, Kind kind = Kind::text);
  /// "@NAME" is the direct room with NAME, here as in all that takes a room.
  void join(const std::string& room, Start start = {});
  void part(const std::string& room);

  /// Serves the chat until stop(), a signal, or a failure that trying again cannot mend. Once.
  std::expected<void, Error> run();
  /// Says goodbye and ends run().
  void stop();
  /// Runs `task` on run()'s thread soon: the way in for other threads.
  void post(std::function<void()> task);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace confab

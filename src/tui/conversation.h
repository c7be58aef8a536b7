// SPDX-License-Identifier: MIT
// One run of the program `confab`, as a machine between a person or script and a chat client: events, input and time
// in; text for stdout and stderr and at last an exit code out. Each way to use the program is one class that implements
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "client/client.h"

namespace confab::tui {

/// What scripts can rely on (sysexits.h where it has a number).
namespace exit_codes {
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int unreachable = 69;  ///< EX_UNAVAILABLE
inline constexpr int queued = 75;       ///< EX_TEMPFAIL: kept, but not stored yet
inline constexpr int untrusted = 76;    ///< EX_PROTOCOL: the server's key is unknown or changed
inline constexpr int not_allowed = 77;  ///< EX_NOPERM
}  // namespace exit_codes

/// For stderr: what was sent waits on this machine.
std::string queued_notice(std::string_view why);

class Conversation {
 public:
  explicit Conversation(client::Client& client) : client_(client) {}
  virtual ~Conversation() = default;

  /// Before the first turn.
  virtual void start() = 0;
  /// Something the client heard.
  virtual void hear(const Event& event, base::Now now) = 0;
  /// The turn is over: the client has transmitted, and all it had to say has been heard.
  void end_turn();
  /// The turn is over, and the link has not failed. Only here client_.unsettled()
  /// and client_.keeps_unsettled() tell what has become of every message.
  virtual void caught_up() {}
  /// Bytes from stdin; an empty view is its end.
  virtual void input(std::string_view bytes, base::Now now) = 0;
  /// The system asks the program to end (SIGINT, SIGTERM, SIGHUP).
  virtual void interrupt(int exit_code) { end(exit_code); }
  /// next_deadline() has come.
  virtual void wake(base::Now) {}
  virtual base::Instant next_deadline() const { return base::never; }
  /// Whether stdin is to be read now: no, while more waits for the server than makes sense to hold.
  virtual bool wants_input() const { return false; }

  std::string take_output() { return std::exchange(output_, {}); }
  std::string take_errors() { return std::exchange(errors_, {}); }
  /// Set once the run is over.
  std::optional<int> exit_code() const { return exit_code_; }

 protected:
  /// Ends the run, with the turn, where the link has failed for good, or at once where it never came up: a script is to
  /// hear at once that nobody answers there, while a server that has been there is worth waiting for. True if it did.
  bool end_on_failure(const Event& event);
  /// It has: what is heard in the rest of the turn is what becomes of the messages.
  bool link_failed() const { return failure_.has_value(); }
  /// The server has let us in, at least once.
  bool was_online() const { return was_online_; }
  void end(int exit_code) {
    if (!exit_code_) exit_code_ = exit_code;
  }
  void fail(int exit_code, std::string_view why);
  /// Ends the run with messages left: queued where the client keeps them, else with `otherwise`. In caught_up().
  void leave_unsettled(int otherwise, std::string_view why);

  client::Client& client_;
  std::string output_;
  std::string errors_;

 private:
  void end_failed(const Link& link);

  std::optional<int> exit_code_;
  std::optional<Link> failure_;
  bool was_online_ = false;
};

}  // namespace confab::tui

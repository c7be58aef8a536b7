// SPDX-License-Identifier: MIT
// What a member says to a peer and understands of it: just enough to come in, to send a message to all and to hear one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace confab::bench {

/// A chat's or broker's protocol, as pure functions: bytes in, bytes and meanings out. A member joins one room
/// (channel, topic, subject) and stays.
class Dialect {
 public:
  virtual ~Dialect() = default;

  struct Heard {
    enum class Kind {
      nothing,    ///< of interest
      reply,      ///< `reply` is to be sent back
      joined,     ///< this member is in the room
      message,    ///< `text` was said in the room
      refusal,    ///< `text` says why there is no going on
      unfinished  ///< the rest has not come yet; nothing was taken
    };
    Kind kind = Kind::nothing;
    std::string_view text = {};  ///< of the input: valid as long as that
    std::string reply = {};
  };

  /// The first thing that comes is in the clear, up to and with "\r\n", and TLS begins after it.
  virtual bool begins_in_the_clear() const { return false; }
  /// A member hears its own messages, too.
  virtual bool echoes() const { return true; }

  /// What a member begins with.
  virtual std::string greet(std::size_t member) const = 0;
  virtual std::string say(std::string_view text) const = 0;
  /// Takes the next thing that the server said off the front of `input`.
  virtual Heard hear(std::string_view& input) const = 0;
};

/// Takes a line off the front, without its "\r\n"; no line: `line` stays as it is, and false.
inline bool take_line(std::string_view& input, std::string_view& line) {
  const std::size_t end = input.find("\r\n");
  if (end == std::string_view::npos) return false;
  line = input.substr(0, end);
  input.remove_prefix(end + 2);
  return true;
}

}  // namespace confab::bench

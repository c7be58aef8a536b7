// SPDX-License-Identifier: MIT
// One line of a room's window, as it is known: what a person wrote, who came and went, what Confab says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "confab/types.h"

namespace confab::screen {

/// Given to an entry once; never 0, never used again.
using EntryKey = std::uint64_t;

/// What stands for one name with one emoji. The newest word counts, in whatever order they come to be known.
struct ReactionOf {
  std::string name;
  bool verified = false;
  std::uint64_t seq = 0;
  bool withdrawn = false;
};

struct Reaction {
  std::string text;
  std::vector<ReactionOf> by;

  std::size_t count() const;
};

/// Plain data; all texts are clean.
struct Entry {
  enum class What : std::uint8_t {
    text,
    action,
    notice,
    join,
    leave,
    topic,
    note,     ///< what Confab says, on this screen alone
    error,    ///< likewise, and bad
    unknown,  ///< an event that this version cannot show
    gone,     ///< events that the server no longer has
    skipped   ///< events that were not asked for yet
  };
  /// Of one's own line.
  enum class Delivery : std::uint8_t { stored, pending, queued, refused };

  EntryKey key = 0;
  std::uint64_t seq = 0;      ///< 0: not in the room's log, or not yet
  std::uint64_t seq_end = 0;  ///< of gone and skipped: the last one
  std::int64_t time_ms = 0;
  std::string name;
  std::string text;  ///< a message as it reads now; why it was taken back, once it is
  std::string id;
  std::string reply_to;
  std::string reason;  ///< refused, or put off: the server's sentence
  std::vector<Reaction> reactions;
  std::uint64_t edit_seq = 0;       ///< of the edit that `text` is from; 0: none
  std::uint64_t redaction_seq = 0;  ///< 0: not taken back
  What what = What::text;
  Delivery delivery = Delivery::stored;
  Left::Reason left = Left::Reason::part;
  bool verified = false;
  bool own = false;
  bool mentions_me = false;
  bool quiet = false;  ///< a join or leave of somebody who had not spoken lately

  /// Somebody wrote it.
  bool is_message() const { return what <= What::notice; }
  bool is_redacted() const { return redaction_seq != 0; }
  bool is_presence() const { return what == What::join || what == What::leave; }
};

/// `ada`, or `~ada` where no key stands behind the name.
std::string shown_name(const std::string& name, bool verified);

/// Memory that it takes, roughly.
std::size_t bytes_of(const Entry& entry);

}  // namespace confab::screen

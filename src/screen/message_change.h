// SPDX-License-Identifier: MIT
// What others say about a message: another text, that it is taken back, an emoji. And a place for what is said about
// messages that are not loaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "confab/types.h"
#include "screen/entry.h"

namespace confab::screen {

struct MessageChange {
  enum class What { edit, redaction, reaction };
  What what = What::edit;
  std::uint64_t seq = 0;
  std::string target;  ///< the message's id
  std::string name;
  bool verified = false;
  std::string text;  ///< the new text, the reason, the emoji
  bool withdrawn = false;
};

/// nullopt for all else.
std::optional<MessageChange> to_change(const Event& event);

/// A screen shows no more of them.
inline constexpr std::size_t reactions_max = 64;

/// Whether anything is different now. Edits and redactions count only from a message's author with a key behind the
/// name. The newest word counts, whatever the order in which they come; what is taken back stays so, for the first
/// reason.
bool apply(const MessageChange& change, Entry& entry);

/// What would have to be applied to the entry as it was written for it to be as it is now.
std::vector<MessageChange> changes_of(const Entry& entry);

/// Changes whose messages are not loaded. Not thread-safe.
class WaitingChanges {
 public:
  /// The oldest go first: they are about what is farthest away.
  static constexpr std::size_t changes_max = 10'000;
  static constexpr std::size_t bytes_max = std::size_t{4} * 1024 * 1024;

  void add(MessageChange change);
  /// Those of a message, in the order in which they were added; they wait no longer.
  std::vector<MessageChange> take(const std::string& target);
  std::size_t size() const { return order_.size(); }

 private:
  using Number = std::uint64_t;

  void drop_oldest();

  std::map<std::string, std::map<Number, MessageChange>> by_target_;
  std::map<Number, std::string> order_;  // the target of each
  Number next_ = 0;
  std::size_t bytes_ = 0;  // of the texts
};

}  // namespace confab::screen

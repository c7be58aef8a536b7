// SPDX-License-Identifier: MIT
// How a person who looks elsewhere is told: the terminal's bell, and where the terminal can, a notice on the desktop.
//
//   bell    = BEL
//   notice  = ESC "]9;" text BEL                      ; iTerm2, WezTerm, kitty, Ghostty …
//           / ESC "]777;notify;" title ";" text BEL   ; foot, rxvt-unicode, VTE with the patch of some distributions
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "confab/types.h"
#include "prefs/settings.h"

namespace confab::prefs {

/// What the environment says of the terminal; empty where a variable is not set.
struct TerminalHints {
  std::string term;          ///< TERM
  std::string term_program;  ///< TERM_PROGRAM
  std::string vte_version;   ///< VTE_VERSION
};

/// `automatic` as one of the others: only what the terminal is known to read; in tmux and screen, which pass none on,
/// off.
DesktopNotice resolve_desktop(DesktopNotice wanted, const TerminalHints& hints);

/// Where the person looks when a message comes.
enum class Focus : std::uint8_t {
  here,       ///< at this very room
  elsewhere,  ///< at another room of this window
  away        ///< at another window, as far as the terminal tells
};

/// One message as the notifier is asked about it.
struct Arrival {
  std::string where;  ///< the room as people call it: "#dev"
  std::string name;
  std::string text;
  bool mentioned = false;
};

/// Decides and writes; each answer is the bytes for the terminal, mostly none. In `pause` there is one bell and one
/// notice at most; what comes meanwhile is told at its end, in one. Not thread-safe.
class Notifier {
 public:
  static constexpr base::Duration pause = std::chrono::seconds(2);
  /// A notice shows a line or two.
  static constexpr std::size_t text_bytes_max = 200;

  explicit Notifier(TerminalHints hints) : hints_(std::move(hints)) {}

  /// For messages of others that are not ignored.
  std::string arrive(const Arrival& arrival, NotifyRule rule, Focus focus, const NotificationSettings& settings,
                     base::Instant now);
  /// The pause may be over.
  std::string wake(const NotificationSettings& settings, base::Instant now);
  base::Instant next_deadline() const { return held_ ? quiet_until_ : base::never; }
  /// The person is back: nothing that waits is news any more.
  void forget() { held_.reset(); }

 private:
  /// What came within the pause.
  struct Held {
    Arrival last;
    std::size_t count = 0;
    std::size_t mentions = 0;
    bool on_desktop = false;
  };

  std::string tell(const Held& held, const NotificationSettings& settings) const;

  TerminalHints hints_;
  base::Instant quiet_until_ = base::at_once;
  std::optional<Held> held_;
};

}  // namespace confab::prefs

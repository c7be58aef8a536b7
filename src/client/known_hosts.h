// SPDX-License-Identifier: MIT
// Which key a server showed when it was first met, one server a line:
//
//   file    := line*
//   line    := target SP fingerprint LF | "#" any LF | LF       target: host:port as wire::Link::target() writes it
//
// What is unreadable is kept and reported, never thrown away: somebody may have meant something by it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/link.h"

namespace confab::client {

class KnownHosts {
 public:
  KnownHosts() = default;
  explicit KnownHosts(std::string_view file);

  std::optional<wire::Fingerprint> find(const std::string& target) const;
  /// Line numbers, from 1, that are no entries.
  const std::vector<std::size_t>& bad_lines() const { return bad_lines_; }

  void add(const std::string& target, const wire::Fingerprint& fingerprint) { hosts_[target] = fingerprint; }
  /// The line for an entry, without its line feed.
  static std::string line(const std::string& target, const wire::Fingerprint& fingerprint);

 private:
  std::map<std::string, wire::Fingerprint> hosts_;  // of several lines for one target the last counts
  std::vector<std::size_t> bad_lines_;
};

enum class TrustAnswer { trusted, unknown, changed };

/// Whether a server that shows `fingerprint` is the one that is meant: a fingerprint in the link decides alone, then a
/// pin, then an authority; a key seen for the first time is taken where first contact needs no question.
TrustAnswer judge(const wire::Link& link, const KnownHosts& known, const wire::Fingerprint& fingerprint, bool ca_signed,
                  bool take_unknown);

}  // namespace confab::client

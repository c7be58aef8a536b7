// SPDX-License-Identifier: MIT
#include "client/known_hosts.h"

#include <fmt/format.h>

namespace confab::client {

KnownHosts::KnownHosts(std::string_view file) {
  for (std::size_t number = 1; !file.empty(); ++number) {
    const std::size_t end = file.find('\n');
    std::string_view line = file.substr(0, end);
    file.remove_prefix(end == std::string_view::npos ? file.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t space = line.find(' ');
    const auto fingerprint =
        space == std::string_view::npos ? std::nullopt : wire::Fingerprint::parse(line.substr(space + 1));
    if (fingerprint) {
      add(std::string(line.substr(0, space)), *fingerprint);
    } else {
      bad_lines_.push_back(number);
    }
  }
}

std::optional<wire::Fingerprint> KnownHosts::find(const std::string& target) const {
  const auto found = hosts_.find(target);
  if (found == hosts_.end()) return std::nullopt;
  return found->second;
}

std::string KnownHosts::line(const std::string& target, const wire::Fingerprint& fingerprint) {
  return fmt::format("{} {}", target, fingerprint.to_string());
}

TrustAnswer judge(const wire::Link& link, const KnownHosts& known, const wire::Fingerprint& fingerprint, bool ca_signed,
                  bool take_unknown) {
  const auto same = [&](const wire::Fingerprint& expected) {
    return expected == fingerprint ? TrustAnswer::trusted : TrustAnswer::changed;
  };
  if (link.fingerprint) return same(*link.fingerprint);
  if (const auto pinned = known.find(link.target())) return same(*pinned);
  if (ca_signed || take_unknown) return TrustAnswer::trusted;
  return TrustAnswer::unknown;
}

}  // namespace confab::client

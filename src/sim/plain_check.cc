// SPDX-License-Identifier: MIT
#include "sim/plain_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"
#include "wire/limits.h"
#include "wire/plain.h"

namespace confab::sim {

namespace {

/// What the server itself has to say bears this name (server/plain_gateway.cc).
constexpr std::string_view server_name = "confab";

/// All of `part` stands in `whole`, in its order.
template <typename T>
bool is_within(const std::vector<T>& part, const std::vector<T>& whole) {
  auto at = whole.begin();
  return std::ranges::all_of(part, [&](const T& each) {
    at = std::find(at, whole.end(), each);
    return at != whole.end() && at++ != whole.end();
  });
}

}  // namespace

void PlainCheck::sent(const std::string& text) {
  for (const std::string& datagram : wire::format_plain(name_, text)) {
    sent_.push_back(wire::parse_plain(base::as_bytes(datagram)).text);
  }
}

void PlainCheck::heard(const Message& line) { heard_.push_back({line.name, line.text}); }

void PlainCheck::finish(bool faultless) {
  check_sent(faultless);
  if (faultless) return check_heard();
  std::erase_if(heard_, [](const Line& each) { return each.name == server_name; });
  if (is_within(heard_, lines_of_others(1))) return;
  complaints_.add(fmt::format("{} heard lines that nobody said, or in another order", name_));
}

void PlainCheck::check_heard() {
  // The server knows it from its first datagram on; what was on its way into the store then, it heard as well.
  const std::size_t count = std::max(heard_.size(), lines_of_others(first_own()).size());
  std::vector<Line> lines = lines_of_others(1);
  if (count < lines.size()) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  if (heard_ == lines) return;
  const auto differs = std::ranges::mismatch(heard_, lines).in1;
  complaints_.add(fmt::format("{} heard {} lines and should have heard {}; they differ from line {} on", name_,
                              heard_.size(), lines.size(), differs - heard_.begin() + 1));
}

void PlainCheck::check_sent(bool faultless) {
  std::vector<std::string> stored;
  for (const Account& event : archive_.events(wire::limits::lobby)) {
    if (event.kind == Account::Kind::message && event.name == name_) stored.push_back(event.text);
  }
  if (faultless ? stored == sent_ : is_within(stored, sent_)) return;
  complaints_.add(fmt::format("{} sent {} lines, the store has {} of them, or in another order", name_, sent_.size(),
                              stored.size()));
}

/// Past the end if it never spoke.
base::Seq PlainCheck::first_own() {
  const std::vector<Account>& events = archive_.events(wire::limits::lobby);
  const auto is_own = [this](const Account& each) { return each.kind == Account::Kind::message && each.name == name_; };
  return static_cast<base::Seq>(std::ranges::find_if(events, is_own) - events.begin()) + 1;
}

/// As a plain client reads them, from event `from` of the lobby on.
std::vector<PlainCheck::Line> PlainCheck::lines_of_others(base::Seq from) {
  std::vector<Line> lines;
  const std::vector<Account>& events = archive_.events(wire::limits::lobby);
  for (base::Seq seq = from; seq <= events.size(); ++seq) {
    const Account& event = events[seq - 1];
    if (event.kind != Account::Kind::message || event.name == name_) continue;
    for (const std::string& datagram : wire::format_for_plain_member(event.name, event.text)) {
      wire::PlainLine line = wire::parse_plain(base::as_bytes(datagram));
      lines.push_back({std::move(line.name), std::move(line.text)});
    }
  }
  return lines;
}

}  // namespace confab::sim

// SPDX-License-Identifier: MIT
#include "sim/trace.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/seed.h"

namespace confab::sim {

void Trace::datagram(std::string_view what, const base::Address& from, const base::Address& to, base::ByteView bytes) {
  mix(static_cast<std::uint64_t>(clock_.elapsed().count()));
  mix(base::as_bytes(what));
  mix(from);
  mix(to);
  mix(bytes);
  if (!printer_) return;
  printer_(fmt::format("{:12.6f} {:<6} {} > {} {} bytes, {:016x}", seconds(), what, from.to_string(), to.to_string(),
                       bytes.size(), hash_));
}

void Trace::note(std::string_view who, std::string_view line) {
  if (printer_) printer_(fmt::format("{:12.6f} {:<6} {}", seconds(), who, line));
}

void Trace::mix(std::uint64_t word) { hash_ = scramble(hash_ ^ word) + 0x9E3779B97F4A7C15U; }

/// The length first: "ab" and "c" are not "a" and "bc". Eight bytes at a time, since most of a run goes through here.
void Trace::mix(base::ByteView bytes) {
  mix(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    const std::size_t end = std::min(at + 8, bytes.size());
    for (std::size_t i = at; i < end; ++i) word = word << 8 | bytes[i];
    mix(word);
  }
}

void Trace::mix(const base::Address& address) {
  mix(address.ip);
  mix(address.port);
}

double Trace::seconds() const { return std::chrono::duration<double>(clock_.elapsed()).count(); }

}  // namespace confab::sim

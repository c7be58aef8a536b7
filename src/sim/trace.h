// SPDX-License-Identifier: MIT
// What a run did, as one number and, if somebody wants to read it, as lines. Two runs are the same run if their numbers
// are equal: every datagram goes in with its virtual time, both its ends and all of its bytes, when it is sent and when
// it arrives.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/address.h"
#include "base/bytes.h"
#include "base/log.h"
#include "base/time.h"
#include "sim/clock.h"

namespace confab::sim {

/// Not thread-safe. `clock` must outlive it.
class Trace {
 public:
  using Printer = std::function<void(std::string_view line)>;

  /// Without a printer nothing is formatted.
  explicit Trace(const Clock& clock, Printer printer = {}) : clock_(clock), printer_(std::move(printer)) {}

  void datagram(std::string_view what, const base::Address& from, const base::Address& to, base::ByteView bytes);
  /// Anything else worth a line; it does not change the hash.
  void note(std::string_view who, std::string_view line);

  bool prints() const { return static_cast<bool>(printer_); }
  std::uint64_t hash() const { return hash_; }

 private:
  void mix(std::uint64_t word);
  void mix(base::ByteView bytes);
  void mix(const base::Address& address);
  double seconds() const;

  const Clock& clock_;
  Printer printer_;
  std::uint64_t hash_ = 0;
};

/// The log of a simulated program: lines of its trace.
class TraceLog final : public base::Log {
 public:
  explicit TraceLog(Trace& trace) : Log(trace.prints() ? base::LogLevel::debug : base::LogLevel::off), trace_(trace) {}

 private:
  void write(base::LogLevel, std::string_view category, std::string_view line) override { trace_.note(category, line); }

  Trace& trace_;
};

}  // namespace confab::sim

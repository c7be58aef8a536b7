// SPDX-License-Identifier: MIT
// Counts what the code inside a Watch does, and nothing else: instructions where the program runs under callgrind
// (started with --instr-atstart=no --collect-atstart=no), allocations everywhere.
#pragma once

#include <cstdint>

namespace confab::bench {

/// Not thread-safe. Watches do not nest; a Pause stands inside a Watch.
class Meter {
 public:
  /// From here on Watches count; before, they cost nothing.
  void begin();
  void end();

  /// Calls of malloc and its kin within Watches since begin().
  std::uint64_t allocations() const { return allocations_; }

  class Watch {
   public:
    explicit Watch(Meter& meter) : meter_(meter) { meter_.enter(); }
    ~Watch() { meter_.leave(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    Meter& meter_;
  };

  /// For what the watched code calls and does not answer for.
  class Pause {
   public:
    explicit Pause(Meter& meter) : meter_(meter) { meter_.leave(); }
    ~Pause() { meter_.enter(); }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    Meter& meter_;
  };

 private:
  void enter();
  void leave();

  bool counting_ = false;
  std::uint64_t allocations_ = 0;
  std::uint64_t allocations_at_entry_ = 0;
};

}  // namespace confab::bench

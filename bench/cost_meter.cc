// SPDX-License-Identifier: MIT
#include "cost_meter.h"

#include <valgrind/callgrind.h>

#include "allocations.h"

namespace confab::bench {

void Meter::begin() {
  counting_ = true;
  allocations_ = 0;
  CALLGRIND_START_INSTRUMENTATION;
}

void Meter::end() {
  counting_ = false;
  CALLGRIND_STOP_INSTRUMENTATION;
}

void Meter::enter() {
  if (!counting_) return;
  allocations_at_entry_ = allocation_count();
  CALLGRIND_TOGGLE_COLLECT;
}

void Meter::leave() {
  if (!counting_) return;
  CALLGRIND_TOGGLE_COLLECT;
  allocations_ += allocation_count() - allocations_at_entry_;
}

}  // namespace confab::bench

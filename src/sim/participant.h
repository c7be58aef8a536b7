// SPDX-License-Identifier: MIT
// Who takes part in a run: a client, the machine it runs on, and the checks on all that it is told.
#pragma once

#include <cstdint>
#include <string>

#include "base/machine.h"
#include "sim/plan.h"

namespace confab::sim {

class Participant {
 public:
  virtual ~Participant() = default;

  virtual base::Machine& machine() = 0;
  /// Like no other's.
  virtual const std::string& label() const = 0;
  /// Does a step of the plan.
  virtual void act(const Step& step) = 0;
  /// Takes what the client has to tell; each turn.
  virtual void listen() = 0;
  /// Nothing more is to come.
  virtual bool is_settled() = 0;
  /// Complains of what is missing. `faultless`: the server was there all the time, and its disk did what it should.
  virtual void finish(bool faultless) = 0;
  /// Events and lines heard.
  virtual std::uint64_t heard_count() const = 0;
};

}  // namespace confab::sim

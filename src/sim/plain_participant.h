// SPDX-License-Identifier: MIT
// A client of the toy's protocol.
#pragma once

#include "base/random.h"
#include "client/plain_client.h"
#include "sim/participant.h"
#include "sim/plain_check.h"

namespace confab::sim {

/// The references must outlive it.
class PlainParticipant final : public Participant {
 public:
  PlainParticipant(const std::string& name, std::uint64_t seed, const base::Path& path, Archive& archive,
                   Complaints& complaints);

  base::Machine& machine() override { return client_; }
  const std::string& label() const override { return check_.name(); }
  void act(const Step& step) override;
  void listen() override;
  bool is_settled() override { return client_.unsettled() == 0; }
  void finish(bool faultless) override { check_.finish(faultless); }
  std::uint64_t heard_count() const override { return check_.heard_count(); }

 private:
  base::SeededRandom random_;
  client::PlainClient client_;
  PlainCheck check_;
  Complaints& complaints_;
  std::uint64_t messages_sent_ = 0;
};

}  // namespace confab::sim

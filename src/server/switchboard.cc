// SPDX-License-Identifier: MIT
#include "server/switchboard.h"

#include <algorithm>

namespace confab::server {

void Switchboard::hint(net::ConnectionHandle connection, base::Bytes bytes) {
  const std::size_t worker = net::worker_of(connection);  // a plain member's id is no connection's
  if (worker >= lines_.size() || lines_[worker].channel->orders.size() >= Channel::hints_max) return;
  push(worker, orders::Hint{connection, std::move(bytes)});
}

void Switchboard::grow(const std::string& room, const log::Growth& growth) {
  for (std::size_t worker = 0; worker < lines_.size(); ++worker) push(worker, orders::Grow{room, growth});
}

void Switchboard::trim(const std::string& room, base::Seq first_seq) {
  for (std::size_t worker = 0; worker < lines_.size(); ++worker) push(worker, orders::Trim{room, first_seq});
}

bool Switchboard::is_behind() const {
  return std::ranges::any_of(lines_,
                             [](const Line& each) { return each.channel->orders.size() >= Channel::orders_max; });
}

void Switchboard::ring() {
  for (std::size_t worker = 0; worker < lines_.size(); ++worker) {
    if (has_orders_[worker] && lines_[worker].bell != nullptr) lines_[worker].bell->ring();
    has_orders_[worker] = false;
  }
}

void Switchboard::send(net::ConnectionHandle connection, Order order) {
  const std::size_t worker = net::worker_of(connection);
  if (worker < lines_.size()) push(worker, std::move(order));
}

void Switchboard::push(std::size_t worker, Order order) {
  lines_[worker].channel->orders.push(std::move(order));
  has_orders_[worker] = true;
}

}  // namespace confab::server

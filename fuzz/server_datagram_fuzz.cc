// SPDX-License-Identifier: MIT
// A whole server that gets any datagrams, each led by its length (one byte, times eight), lives on.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/log.h"
#include "log/direct_store.h"
#include "log/memory_store.h"
#include "server/server.h"

namespace {

using namespace confab;

struct NullSink final : base::DatagramSink {
  std::span<std::uint8_t> buffer() override { return memory; }
  void commit(const base::Path&, std::uint8_t, std::size_t, std::size_t) override {}
  base::Bytes memory = base::Bytes(train_bytes_max);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const net::ServerKey key = net::ServerKey::generate();
  base::SeededRandom random(1);
  base::NullLog log;
  log::MemoryStore memory;
  log::DirectStore store(memory);
  log::DirectReader reader(memory);
  std::vector<server::WorkerParts> workers;
  workers.push_back(
      {.transport = std::make_unique<net::Endpoint>(server::endpoint_options(key), random, log), .reader = &reader});
  server::Server server({}, std::move(workers), store, {}, random, log);
  NullSink sink;
  base::Now now{base::Instant(std::chrono::hours(1)), {1'700'000'000'000}};
  const base::Path path{base::Address::v4(127, 0, 0, 1, 2209), base::Address::v4(127, 0, 0, 1, 5000)};
  for (std::span<const std::uint8_t> rest(data, size); !rest.empty();) {
    const std::size_t length = std::min<std::size_t>(rest[0] * 8U, rest.size() - 1);
    server.receive({path, rest.subspan(1, length), 0}, now);
    rest = rest.subspan(1 + length);
    now.instant += std::chrono::milliseconds(100);
    if (server.next_deadline() <= now.instant) server.wake(now);
    server.transmit(sink, now);
  }
  return 0;
}

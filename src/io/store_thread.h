// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "log/async_store.h"

namespace confab::io {

/// How much one transaction takes at most (but always one whole request).
struct GroupLimits {
  std::size_t entries_max = 4096;  ///< drafts and claims
  std::size_t bytes_max = 8 * 1024 * 1024;
};

/// A store on the disk behind two threads, one that writes and one that reads, so that nobody waits for the disk. One
/// machine changes it, any number read it, each by a reader of its own.
///
/// Group commit: while one transaction is on its way to the disk, requests gather, and the next transaction takes all
/// of them. The busier the server, the more messages share one fsync; an idle server's message waits for nobody.
/// Read markers alone share with nobody.
///
/// Thread rule: as AsyncStore and AsyncReader say, one thread asks and polls each of them. A waker is called by the
/// store's threads, once when there are answers for it to poll, not again before they were polled.
class StoreThread final : public log::AsyncStore {
 public:
  /// `store` must outlive this, and is used by no one else meanwhile.
  StoreThread(log::Store& store, std::function<void()> waker, GroupLimits limits = {});
  /// As stop().
  ~StoreThread() override;

  void append(std::uint64_t ticket, log::Batch batch) override;
  void trim(std::uint64_t ticket, log::TrimRequest request) override;
  std::vector<log::StoreAnswer> poll() override;

  /// One more that reads; it lives as long as this. Thread-safe.
  log::AsyncReader& open_reader(std::function<void()> waker);

  /// Carries out all that was asked for, then ends the threads. Its answers can still be polled; nothing may be asked
  /// after.
  void stop();

 private:
  struct WriteTicket {
    std::uint64_t ticket;
    std::variant<log::Batch, log::TrimRequest> work;
  };
  /// Its answers are guarded by the thread's mutex.
  class Reader final : public log::AsyncReader {
   public:
    Reader(StoreThread& thread, std::function<void()> waker) : thread_(thread), waker_(std::move(waker)) {}
    void read(std::uint64_t ticket, log::ReadRequest request) override;
    std::vector<log::ReadAnswer> poll() override;

   private:
    friend class StoreThread;
    StoreThread& thread_;
    const std::function<void()> waker_;
    std::vector<log::ReadAnswer> answers_;
    std::atomic<bool> answered_ = false;  ///< there may be some: asked each turn, without the lock
  };
  struct ReadTicket {
    Reader* reader;
    std::uint64_t ticket;
    log::ReadRequest request;
  };

  void write(WriteTicket request);
  void write_all();
  void read_all();
  std::vector<WriteTicket> next_group();
  std::vector<log::StoreAnswer> carry_out(std::vector<WriteTicket> group);
  std::vector<log::StoreAnswer> commit(std::vector<WriteTicket> group);
  void fail_those_behind(std::vector<log::StoreAnswer>& answers);
  void publish(std::vector<log::StoreAnswer> answers, bool is_followed);
  void publish(Reader& reader, log::ReadAnswer answer);

  log::Store& store_;
  const std::function<void()> waker_;
  const GroupLimits limits_;

  std::mutex mutex_;  ///< guards what follows, up to the threads
  std::condition_variable writes_wanted_;
  std::condition_variable reads_wanted_;
  std::deque<WriteTicket> writes_;
  std::deque<ReadTicket> reads_;
  std::deque<Reader> readers_;  ///< a deque: tickets refer to its elements
  std::vector<log::StoreAnswer> answers_;
  std::atomic<bool> answered_ = false;      ///< as a reader's
  std::optional<log::StoreError> failure_;  ///< of an append whose answer is still in answers_
  bool stopping_ = false;

  std::thread writer_;
  std::thread reader_;
};

}  // namespace confab::io

// SPDX-License-Identifier: MIT
// The store under kill -9 and torn writes.
#include <csignal>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "log/sqlite_script.h"
#include "log/store_script.h"
#include "log/temp_dir.h"

namespace confab::log {
namespace {

namespace fs = std::filesystem;

/// Batch `number` holds 1 to 7 events, most of them small, one in a while of several pages.
Batch batch_of(int number) {
  Batch batch;
  const int size = number % 7 + 1;
  for (int i = 1; i <= size; ++i) {
    const std::string body = fmt::format("{}:{}/{}", number, i, size);
    const std::size_t padding = number % 5 == 0 ? 12'000 : 40;
    batch.drafts.push_back(draft("lobby", body, bytes_of(body + std::string(padding, ' '))));
  }
  return batch;
}

/// The number of batches that the store holds, which must be the first ones, each whole and once; -1 where they are
/// not.
int whole_batches(Store& store) {
  const auto records = store.read("lobby", 1, no_limit, no_limit);
  if (!records) return -1;
  std::size_t next = 0;
  for (int number = 1;; ++number) {
    if (next == records->size()) return number - 1;
    for (const Draft& expected : batch_of(number).drafts) {
      if (next == records->size() || records->at(next).seq != next + 1 || records->at(next).body != expected.body) {
        return -1;
      }
      ++next;
    }
  }
}

/// A process of its own that stores one batch after the other and says on a pipe which it was told are stored.
class Victim {
 public:
  explicit Victim(const fs::path& data_dir, int first_batch) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    process_ = ::fork();
    if (process_ == 0) {
      ::close(ends[0]);
      const auto store = open_store(data_dir);
      for (int number = first_batch; store->append(batch_of(number)); ++number) {
        if (::write(ends[1], &number, sizeof number) != sizeof number) break;
      }
      ::_exit(1);
    }
    ::close(ends[1]);
    reports_ = ends[0];
  }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;
  ~Victim() {
    kill();
    ::close(reports_);
  }

  /// The next report; 0 when there will be none.
  int hear() {
    int number = 0;
    return ::read(reports_, &number, sizeof number) == sizeof number ? number : 0;
  }
  void kill() {
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(std::exchange(process_, -1), nullptr, 0);
  }

 private:
  pid_t process_ = -1;
  int reports_ = -1;
};

TEST(SqliteCrash, CostsNothingThatWasAnswered) {
  TempDir dir;
  base::SeededRandom random(1);
  int stored = 0;
  for (int round = 0; round < 20; ++round) {
    int told = stored;
    {
      Victim victim(dir.path(), stored + 1);
      // With no word heard, it dies while it opens the store, or recovers it.
      for (std::uint64_t words = random.below(25); words > 0; --words) told = victim.hear();
      victim.kill();
      while (const int number = victim.hear()) told = number;
    }
    const auto survivor = open_store(dir.path());  // the lock is free
    stored = whole_batches(*survivor);
    ASSERT_GE(stored, told) << "round " << round;
    ASSERT_LE(stored, told + 1) << "round " << round << ": at most the one that it was about to report";
  }
  EXPECT_GT(stored, 100);
}

class SqliteTornLog : public testing::Test {
 protected:
  SqliteTornLog() {
    const auto store = open_store(dir_.path());
    for (int number = 1; number <= batches; ++number) {
      if (!store->append(batch_of(number))) throw std::runtime_error("append");
    }
    // As a crash would leave it: the store is still open.
    database_ = contents(dir_.path() / "confab.db");
    log_ = contents(dir_.path() / "confab.db-wal");
  }

  static std::string contents(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  /// The number of whole batches that a start finds with this write-ahead log.
  int batches_with(const std::string& log) const {
    TempDir crashed;
    std::ofstream(crashed.path() / "confab.db", std::ios::binary) << database_;
    std::ofstream(crashed.path() / "confab.db-wal", std::ios::binary) << log;
    const auto store = open_store(crashed.path());
    const int found = whole_batches(*store);
    // And it goes on from there.
    if (found >= 0 && !store->append(batch_of(found + 1))) return -1;
    return whole_batches(*store) == found + 1 ? found : -1;
  }

  static constexpr int batches = 30;
  std::string log_;
  base::SeededRandom random_{2};

 private:
  TempDir dir_;
  std::string database_;
};

TEST_F(SqliteTornLog, CutAnywhereHoldsTheFirstBatches) {
  EXPECT_EQ(batches_with(log_), batches);
  int most = 0;
  for (int round = 0; round < 40; ++round) {
    const std::size_t size = random_.below(log_.size());
    const int found = batches_with(log_.substr(0, size));
    ASSERT_GE(found, 0) << "cut to " << size;
    ASSERT_LT(found, batches);
    most = std::max(most, found);
  }
  EXPECT_GT(most, batches / 2);
}

TEST_F(SqliteTornLog, GarbledAnywhereHoldsTheBatchesBeforeIt) {
  for (int round = 0; round < 40; ++round) {
    std::string garbled = log_;
    const std::size_t at = random_.below(log_.size());
    const std::size_t size = std::min<std::size_t>(random_.below(9000) + 1, log_.size() - at);
    const bool zeroes = round % 2 == 0;
    for (std::size_t i = at; i < at + size; ++i) garbled[i] = zeroes ? '\0' : static_cast<char>(random_.below(256));
    const int found = batches_with(garbled);
    ASSERT_GE(found, 0) << size << " bytes at " << at;
    // What stands before the damage is not touched by it.
    ASSERT_GE(found, batches_with(log_.substr(0, at))) << size << " bytes at " << at;
  }
}

}  // namespace
}  // namespace confab::log

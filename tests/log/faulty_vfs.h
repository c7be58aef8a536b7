// SPDX-License-Identifier: MIT
// A disk that fails when a test says so: a VFS of SQLite's in front of the one that it has, and its default while it
// lives.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include <sqlite3.h>

#include "base/bytes.h"

namespace confab::log {

/// One at a time, and before any database is opened; used by one thread.
class FaultyDisk {
 public:
  FaultyDisk() {
    if (disk_ != nullptr) throw std::logic_error("there is a faulty disk already");
    disk_ = this;
    vfs_ = *real_;
    vfs_.zName = "faulty";
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.xOpen = open;
    sqlite3_vfs_register(&vfs_, 1);
  }
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;
  ~FaultyDisk() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
    disk_ = nullptr;
  }

  /// After `count` more writes (or syncs) of files whose names end so, the next ones fail with `code`.
  void fail_writes(int code, const std::string& file_end = "", int count = 0) { writes_ = {code, count, file_end}; }
  void fail_syncs(int code, const std::string& file_end = "", int count = 0) { syncs_ = {code, count, file_end}; }
  void get_well() { writes_ = syncs_ = {}; }

  /// A sync that fails leaves the file as it was after its last good one: the kernel has dropped what it could not
  /// write. (It may also keep it until it needs the memory, and that is what happens without this.) To be called before
  /// any database is opened.
  void drop_unsynced() { drops_unsynced_ = true; }

  int failures() const { return failures_; }

 private:
  struct File {
    sqlite3_file base;
    const char* name;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };
  struct Fault {
    int code = SQLITE_OK;
    int count = 0;
    std::string file_end = "";
  };

  static File* as_file(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
  static sqlite3_file* real(sqlite3_file* file) { return as_file(file)->real(); }
  template <auto member, typename... Args>
  static int pass(sqlite3_file* file, Args... args) {
    return (real(file)->pMethods->*member)(real(file), args...);
  }

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    File* const own = as_file(file);
    own->name = name == nullptr ? "" : name;
    const int result = real_->xOpen(real_, name, own->real(), flags, out_flags);
    file->pMethods = own->real()->pMethods == nullptr ? nullptr : &methods_;
    return result;
  }
  static int close(sqlite3_file* file) { return pass<&sqlite3_io_methods::xClose>(file); }
  static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
    if (const int code = disk_->failure(disk_->writes_, as_file(file)->name); code != SQLITE_OK) return code;
    disk_->remember(file);
    return pass<&sqlite3_io_methods::xWrite>(file, data, size, at);
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    disk_->remember(file);
    return pass<&sqlite3_io_methods::xTruncate>(file, size);
  }
  static int sync(sqlite3_file* file, int flags) {
    const int code = disk_->failure(disk_->syncs_, as_file(file)->name);
    if (code != SQLITE_OK) disk_->take_back(file);
    disk_->unsynced_.erase(as_file(file)->name);
    return code != SQLITE_OK ? code : pass<&sqlite3_io_methods::xSync>(file, flags);
  }

  int failure(Fault& fault, std::string_view name) {
    if (fault.code == SQLITE_OK || !name.ends_with(fault.file_end) || fault.count-- > 0) return SQLITE_OK;
    fault.count = 0;
    ++failures_;
    return fault.code;
  }

  /// What the file holds before the first write after a sync.
  void remember(sqlite3_file* file) {
    if (!drops_unsynced_) return;
    const auto [place, is_new] = unsynced_.try_emplace(as_file(file)->name);
    if (!is_new) return;
    sqlite3_int64 size = 0;
    pass<&sqlite3_io_methods::xFileSize>(file, &size);
    place->second.resize(static_cast<std::size_t>(size));
    if (size > 0) pass<&sqlite3_io_methods::xRead>(file, place->second.data(), static_cast<int>(size), 0);
  }
  void take_back(sqlite3_file* file) {
    const auto before = unsynced_.find(as_file(file)->name);
    if (before == unsynced_.end()) return;
    const auto size = static_cast<int>(before->second.size());
    if (size > 0) pass<&sqlite3_io_methods::xWrite>(file, before->second.data(), size, 0);
    pass<&sqlite3_io_methods::xTruncate>(file, size);
  }

  static sqlite3_io_methods make_methods() {
    sqlite3_io_methods methods{};
    methods.iVersion = 2;  // with shared memory, without memory-mapped reads
    methods.xClose = close;
    methods.xRead = pass<&sqlite3_io_methods::xRead>;
    methods.xWrite = write;
    methods.xTruncate = truncate;
    methods.xSync = sync;
    methods.xFileSize = pass<&sqlite3_io_methods::xFileSize>;
    methods.xLock = pass<&sqlite3_io_methods::xLock>;
    methods.xUnlock = pass<&sqlite3_io_methods::xUnlock>;
    methods.xCheckReservedLock = pass<&sqlite3_io_methods::xCheckReservedLock>;
    methods.xFileControl = pass<&sqlite3_io_methods::xFileControl>;
    methods.xSectorSize = pass<&sqlite3_io_methods::xSectorSize>;
    methods.xDeviceCharacteristics = pass<&sqlite3_io_methods::xDeviceCharacteristics>;
    methods.xShmMap = pass<&sqlite3_io_methods::xShmMap>;
    methods.xShmLock = pass<&sqlite3_io_methods::xShmLock>;
    methods.xShmBarrier = [](sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); };
    methods.xShmUnmap = pass<&sqlite3_io_methods::xShmUnmap>;
    return methods;
  }

  inline static FaultyDisk* disk_ = nullptr;
  inline static sqlite3_vfs* const real_ = sqlite3_vfs_find(nullptr);
  inline static const sqlite3_io_methods methods_ = make_methods();

  sqlite3_vfs vfs_{};
  Fault writes_;
  Fault syncs_;
  int failures_ = 0;
  bool drops_unsynced_ = false;
  std::map<std::string, base::Bytes> unsynced_;  // by file: as it was after its last good sync
};

}  // namespace confab::log

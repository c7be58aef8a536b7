// SPDX-License-Identifier: MIT
// The event loop: drives one machine with real sockets and real time. One turn is
//
//   wait for anything → read the clocks, once → posted tasks, signals, changes of the network → what the sockets have
//   into machine.receive() and unreachable() → one chunk of input → watched descriptors → machine.wake() if its
//   deadline has come → on_turn handlers → machine.transmit() → hand it all to the kernel → after_turn handlers
//
// and every handler of a turn is told the same `now`. Sockets and input get a bounded share of each turn, so a flood on
// one does not starve the other. Between turns the process sleeps: an idle loop has one timer and nothing else to wake
// it.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <initializer_list>
#include <memory>

#include "base/machine.h"
#include "io/error.h"
#include "io/mailbox.h"
#include "io/udp_socket.h"

namespace confab::io {

/// Counters since the start.
struct LoopStats {
  std::uint64_t turns = 0;
  std::uint64_t datagrams_received = 0;
  std::uint64_t datagrams_dropped = 0;  ///< sent by the machine, refused by the network
};

/// All calls from the thread that calls run(), before it or from its handlers, unless said otherwise. Ignores SIGPIPE
/// for the whole process. Throws std::system_error where the system has no descriptors for the loop itself.
class Loop {
 public:
  using InputHandler = std::function<void(base::ByteView bytes, base::Now now)>;
  using SignalHandler = std::function<void(int signal, base::Now now)>;

  /// The machine must outlive the loop.
  explicit Loop(base::Machine& machine);
  ~Loop();

  /// Answers the address as bound, with the port that the kernel chose where `local` has port 0.
  std::expected<base::Address, IoError> open_socket(const base::Address& local, const SocketOptions& options = {});

  /// Takes a socket that is open already; answers its address.
  std::expected<base::Address, IoError> add_socket(UdpSocket opened);

  /// One input a loop, once. `fd` is borrowed: a terminal, pipe or file. The handler gets what was read, then at the
  /// end of the input one empty view.
  void watch_input(int fd, InputHandler handler);
  /// Back pressure: nothing is read until resume_input(), and whoever writes into the input has to wait.
  void pause_input();
  void resume_input();

  /// Calls the handler once in each turn in which `fd` (borrowed: a pipe, timer or the like) is readable or at its end,
  /// until unwatch(), which any handler may call. One handler a descriptor.
  void watch(int fd, Task handler);
  void unwatch(int fd);

  /// Takes a turn once `fd` (borrowed: a terminal, pipe or the like) has room for more output, and none for it after
  /// that.
  void wait_for_room(int fd);

  void on_signal(std::initializer_list<int> signals, SignalHandler handler);

  /// One handler a loop. Called when this machine's addresses, routes or links have changed and 100 ms have passed
  /// without another change (1 s at the most). Never, where the system does not tell of such things.
  void on_network_change(Task handler);

  /// Called each turn after all input, before the machine transmits.
  void on_turn(Task handler);
  /// Called at the end of each turn, when the machine has transmitted: for what it says beside its datagrams.
  void after_turn(Task handler);

  /// Thread-safe: `task` runs on the loop's thread in its next turn; never if the loop has ended.
  void post(Task task);
  /// Any thread may call the function answered, at any time, even after the loop is gone: the loop takes a turn soon.
  std::function<void()> waker() const;
  /// The same for tasks.
  std::function<void(Task)> poster() const;

  /// Takes turns until stop(); answers its code. The last turn lets the machine say good-bye.
  int run();
  /// Ends run() after this turn.
  void stop(int exit_code);

  LoopStats stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace confab::io

// SPDX-License-Identifier: MIT
#include "io/loop.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <asio.hpp>
#include <poll.h>

#include "io/clock.h"
#include "io/input.h"
#include "io/network_watch.h"
#include "io/receive_batch.h"
#include "io/send_batch.h"

namespace confab::io {

namespace {

using Descriptor = asio::posix::stream_descriptor;

/// Receive batches a socket gets in one turn: enough to gain from batching, few enough that a flood leaves time for the
/// rest. All sockets together get twice that, so that very many of them do not stretch the turn.
constexpr std::size_t receive_batches_max = 16;
constexpr std::size_t turn_batches_max = 2 * receive_batches_max;

/// What comes within this time finds a quiet room asleep: nothing else would have moved the timer before.
constexpr base::Duration soon = std::chrono::milliseconds(50);

/// At the end, how often and how long we wait for the kernel to take the last datagrams.
constexpr int last_words_tries_max = 10;
constexpr int last_words_wait_ms = 50;
/// Of what a machine writes in one turn: enough for half a million connections.
constexpr int last_words_shares_max = 1000;

Fd duplicate(int fd) {
  Fd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy) throw std::system_error(errno, std::generic_category(), "cannot watch a descriptor");
  return copy;
}

/// What the loop sleeps in, and whether anything happened that a turn must look at. True at first: the machine may have
/// something to say before it is asked.
struct Sleep {
  asio::io_context context{1};
  bool stirred = true;
};

/// "Tell me when it is readable", asked again whenever the answer was used. Asio owns a duplicate of the descriptor.
class ReadWatch {
 public:
  ReadWatch(Sleep& sleep, int fd) : sleep_(sleep), descriptor_(sleep.context, duplicate(fd).release()) {}

  bool ready() const { return ready_; }
  void set_ready(bool ready) { ready_ = ready; }

  void arm() {
    if (ready_ || std::exchange(waiting_, true)) return;
    descriptor_.async_wait(Descriptor::wait_read, [this](std::error_code error) {
      waiting_ = false;
      if (error) return;
      ready_ = sleep_.stirred = true;
    });
  }

 private:
  Sleep& sleep_;
  Descriptor descriptor_;
  bool waiting_ = false;
  bool ready_ = false;
};

/// "Tell me when there is room again." Asio watches a descriptor for writing for as long as it has it, and every
/// datagram that leaves would then wake us: so it gets the duplicate only while there is something to wait for.
class WriteWatch {
 public:
  WriteWatch(Sleep& sleep, int fd) : sleep_(sleep), duplicate_(duplicate(fd)), descriptor_(sleep.context) {}

  void arm() {
    if (!duplicate_) return;
    descriptor_.assign(duplicate_.release());
    descriptor_.async_wait(Descriptor::wait_write, [this](std::error_code error) {
      if (error) return;
      duplicate_ = Fd(descriptor_.release());
      sleep_.stirred = true;
    });
  }

 private:
  Sleep& sleep_;
  Fd duplicate_;
  Descriptor descriptor_;
};

struct Socket {
  Socket(Sleep& sleep, UdpSocket opened) : udp(std::move(opened)), incoming(sleep, udp.fd()), room(sleep, udp.fd()) {}

  UdpSocket udp;
  ReadWatch incoming;
  WriteWatch room;
};

struct InputWatch {
  InputWatch(Sleep& sleep, int fd, Loop::InputHandler reader) : input(fd), handler(std::move(reader)) {
    if (input.signal()) incoming.emplace(sleep, input.signal().get());
  }

  bool wanted() const { return !paused && !ended; }
  bool ready() const { return wanted() && (!incoming || incoming->ready()); }
  void arm() {
    if (wanted() && incoming) incoming->arm();
  }

  Input input;
  std::optional<ReadWatch> incoming;  ///< none: always ready
  Loop::InputHandler handler;
  bool paused = false;
  bool ended = false;
};

/// One that may go away at any time: what Asio still has to tell it finds it alive.
struct DescriptorWatch : std::enable_shared_from_this<DescriptorWatch> {
  DescriptorWatch(Sleep& owner, int fd, Task receiver)
      : sleep(owner), descriptor(owner.context, duplicate(fd).release()), handler(std::move(receiver)) {}

  void arm() {
    if (ready || std::exchange(waiting, true)) return;
    descriptor.async_wait(Descriptor::wait_read, [self = shared_from_this()](std::error_code error) {
      self->waiting = false;
      if (!error) self->ready = self->sleep.stirred = true;
    });
  }

  Sleep& sleep;
  Descriptor descriptor;
  Task handler;
  bool waiting = false;
  bool ready = false;
};

struct SignalWatch {
  SignalWatch(Sleep& sleep, Loop::SignalHandler receiver) : signals(sleep.context), handler(std::move(receiver)) {
    arm(sleep);
  }

  void arm(Sleep& sleep) {
    signals.async_wait([this, &sleep](std::error_code error, int signal) {
      if (error) return;
      received.push_back(signal);
      sleep.stirred = true;
      arm(sleep);
    });
  }

  asio::signal_set signals;
  Loop::SignalHandler handler;
  std::vector<int> received;
};

struct ChangeWatch {
  ChangeWatch(Sleep& sleep, NetworkWatch opened, Task receiver)
      : watch(std::move(opened)), news(sleep, watch.fd()), handler(std::move(receiver)) {}

  void look(base::Now now) {
    if (news.ready()) {
      news.set_ready(false);
      if (watch.read()) burst.note(now.instant);
    }
    if (burst.take(now.instant)) handler(now);
  }

  NetworkWatch watch;
  ReadWatch news;
  Debounce burst;
  Task handler;
};

}  // namespace

struct Loop::Impl {
  explicit Impl(base::Machine& driven)
      : machine(driven), work(sleep.context.get_executor()), timer(sleep.context), mailbox(make_mailbox()) {}
  ~Impl() { mailbox->close(); }

  std::shared_ptr<Mailbox> make_mailbox();

  int run();
  bool is_busy() const;
  void arm();
  void arm_timer();
  base::Instant next_deadline() const;
  void wait();
  void turn();
  void deliver_signals(base::Now now);
  void receive(base::Now now);
  std::size_t receive(Socket& socket, std::size_t batches_max, base::Now now);
  void read_input(base::Now now);
  void call_watches(base::Now now);
  void transmit(base::Now now);
  void say_goodbye();

  base::Machine& machine;
  Sleep sleep;  ///< before everything that waits in it, so that it goes last
  asio::executor_work_guard<asio::io_context::executor_type> work;
  asio::steady_timer timer;
  base::Instant timer_armed_for = base::never;
  base::Instant turn_began = base::at_once;
  std::deque<Socket> sockets;  ///< a deque: watches and outlets refer to its elements
  std::unique_ptr<InputWatch> input;
  std::map<int, std::shared_ptr<DescriptorWatch>> watches;
  std::map<int, WriteWatch> rooms;
  std::deque<SignalWatch> signals;
  std::unique_ptr<ChangeWatch> changes;
  std::vector<Task> turn_handlers;
  std::vector<Task> after_handlers;
  ReceiveBatch received;
  SendBatch outgoing;
  std::shared_ptr<Mailbox> mailbox;
  std::optional<int> exit_code;
  LoopStats stats;
};

std::shared_ptr<Mailbox> Loop::Impl::make_mailbox() {
  return std::make_shared<Mailbox>([this] { asio::post(sleep.context, [this] { sleep.stirred = true; }); });
}

int Loop::Impl::run() {
  while (!exit_code) {
    arm();
    wait();
    turn();
  }
  say_goodbye();
  return *exit_code;
}

/// There is work left from the last turn.
bool Loop::Impl::is_busy() const {
  for (const Socket& socket : sockets) {
    if (socket.incoming.ready()) return true;
  }
  return input && input->ready();
}

void Loop::Impl::arm() {
  for (Socket& socket : sockets) socket.incoming.arm();
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    if (outgoing.is_blocked(i)) sockets[i].room.arm();
  }
  if (input) input->arm();
  for (const auto& [fd, watch] : watches) watch->arm();
  if (changes) changes->news.arm();
  arm_timer();
}

base::Instant Loop::Impl::next_deadline() const {
  return std::min(machine.next_deadline(), changes ? changes->burst.due() : base::never);
}

/// A deadline that moves away, as it does with every packet, does not move the timer: that would be a system call each
/// time. The timer then comes early, once, and is set anew. But a loop that is about to sleep, and would soon be woken
/// for nothing, sets it: that costs less than to wake.
void Loop::Impl::arm_timer() {
  const base::Instant deadline = next_deadline();
  if (deadline <= turn_began) {
    sleep.stirred = true;  // the next turn's business; no timer is needed for that
    return;
  }
  const bool comes_soon_in_vain =
      timer_armed_for < deadline && timer_armed_for - turn_began < soon && !sleep.stirred && !is_busy();
  if (deadline >= timer_armed_for && !comes_soon_in_vain) return;
  timer_armed_for = deadline;
  if (deadline == base::never) {
    timer.cancel();
    return;
  }
  timer.expires_at(std::chrono::steady_clock::time_point(deadline.time_since_epoch()));
  timer.async_wait([this](std::error_code error) {
    if (error) return;
    timer_armed_for = base::never;
    sleep.stirred = true;
  });
}

void Loop::Impl::wait() {
  while (!sleep.stirred && !is_busy()) sleep.context.run_one();
  sleep.context.poll();  // and whatever else is there by now
  sleep.stirred = false;
}

void Loop::Impl::turn() {
  ++stats.turns;
  const base::Now now = read_clocks();
  turn_began = now.instant;
  for (const Task& task : mailbox->take()) task(now);
  deliver_signals(now);
  if (changes) changes->look(now);
  receive(now);
  read_input(now);
  call_watches(now);
  if (machine.next_deadline() <= now.instant) machine.wake(now);
  for (const Task& handler : turn_handlers) handler(now);
  transmit(now);
  for (const Task& handler : after_handlers) handler(now);
}

void Loop::Impl::deliver_signals(base::Now now) {
  // By index: a handler may add another. NOLINTNEXTLINE(modernize-loop-convert)
  for (std::size_t i = 0; i < signals.size(); ++i) {
    for (const int signal : std::exchange(signals[i].received, {})) signals[i].handler(signal, now);
  }
}

/// Each turn begins with another socket: where a turn's share does not do for all, each has the first word once.
void Loop::Impl::receive(base::Now now) {
  std::size_t batches = turn_batches_max;
  const std::size_t first = sockets.empty() ? 0 : stats.turns % sockets.size();
  for (std::size_t i = 0; i < sockets.size() && batches > 0; ++i) {
    batches -= receive(sockets[(first + i) % sockets.size()], std::min(batches, receive_batches_max), now);
  }
}

/// Answers the number of batches that were read, at most `batches_max`.
std::size_t Loop::Impl::receive(Socket& socket, std::size_t batches_max, base::Now now) {
  const auto on_datagram = [this, now](const base::Datagram& datagram) {
    ++stats.datagrams_received;
    machine.receive(datagram, now);
  };
  const auto on_unreachable = [this, now](const base::Path& path) { machine.unreachable(path, now); };
  std::size_t batches = 0;
  for (; batches < batches_max && socket.incoming.ready(); ++batches) {
    socket.incoming.set_ready(received.receive(socket.udp, on_datagram, on_unreachable));
  }
  return batches;
}

void Loop::Impl::read_input(base::Now now) {
  if (!input || !input->ready()) return;
  const auto bytes = input->input.read();
  // One read a turn; whether more is there, the next wait will tell.
  if (input->incoming) input->incoming->set_ready(false);
  if (!bytes) return;
  input->ended = bytes->empty();
  input->handler(*bytes, now);
}

/// By number: a handler may end any of them, itself too.
void Loop::Impl::call_watches(base::Now now) {
  std::vector<int> ready;
  for (const auto& [fd, watch] : watches) {
    if (watch->ready) ready.push_back(fd);
  }
  for (const int fd : ready) {
    const auto found = watches.find(fd);
    if (found == watches.end() || !std::exchange(found->second->ready, false)) continue;
    const std::shared_ptr<DescriptorWatch> watch = found->second;
    watch->handler(now);
  }
}

void Loop::Impl::transmit(base::Now now) {
  // What waited for room goes first: datagrams keep their order.
  if (outgoing.flush()) {
    machine.transmit(outgoing, now);
  } else {
    machine.wake(now);  // what it has to do beside sending goes on
  }
  outgoing.flush();
}

/// A last chance for what the machine wrote as it was stopped: its peers should learn of it now, not by silence.
void Loop::Impl::say_goodbye() {
  for (int share = 0; share < last_words_shares_max; ++share) {
    const base::Now now = read_clocks();
    transmit(now);
    if (machine.next_deadline() > now.instant) break;
  }
  for (int tries = 0; tries < last_words_tries_max; ++tries) {
    std::vector<pollfd> blocked;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      if (outgoing.is_blocked(i)) blocked.push_back({.fd = sockets[i].udp.fd(), .events = POLLOUT, .revents = 0});
    }
    if (blocked.empty()) return;
    ::poll(blocked.data(), blocked.size(), last_words_wait_ms);
    transmit(read_clocks());
  }
}

Loop::Loop(base::Machine& machine) : impl_(std::make_unique<Impl>(machine)) { std::signal(SIGPIPE, SIG_IGN); }

Loop::~Loop() = default;

std::expected<base::Address, IoError> Loop::open_socket(const base::Address& local, const SocketOptions& options) {
  auto opened = UdpSocket::open(local, options);
  if (!opened) return std::unexpected(std::move(opened).error());
  return add_socket(*std::move(opened));
}

std::expected<base::Address, IoError> Loop::add_socket(UdpSocket opened) {
  try {
    const Socket& socket = impl_->sockets.emplace_back(impl_->sleep, std::move(opened));
    impl_->outgoing.add_socket(socket.udp);
    return socket.udp.local();
  } catch (const std::system_error& error) {
    return std::unexpected(IoError{error.code().value(), error.what()});
  }
}

void Loop::watch_input(int fd, InputHandler handler) {
  impl_->input = std::make_unique<InputWatch>(impl_->sleep, fd, std::move(handler));
}

void Loop::watch(int fd, Task handler) {
  impl_->watches[fd] = std::make_shared<DescriptorWatch>(impl_->sleep, fd, std::move(handler));
}

void Loop::unwatch(int fd) {
  const auto found = impl_->watches.find(fd);
  if (found == impl_->watches.end()) return;
  found->second->descriptor.cancel();
  impl_->watches.erase(found);
}

void Loop::wait_for_room(int fd) { impl_->rooms.try_emplace(fd, impl_->sleep, fd).first->second.arm(); }

void Loop::pause_input() {
  if (impl_->input) impl_->input->paused = true;
}

void Loop::resume_input() {
  if (impl_->input) impl_->input->paused = false;
}

void Loop::on_signal(std::initializer_list<int> signals, SignalHandler handler) {
  SignalWatch& watch = impl_->signals.emplace_back(impl_->sleep, std::move(handler));
  for (const int signal : signals) watch.signals.add(signal);
}

void Loop::on_network_change(Task handler) {
  auto watch = NetworkWatch::open();
  if (watch) impl_->changes = std::make_unique<ChangeWatch>(impl_->sleep, *std::move(watch), std::move(handler));
}

void Loop::on_turn(Task handler) { impl_->turn_handlers.push_back(std::move(handler)); }

void Loop::after_turn(Task handler) { impl_->after_handlers.push_back(std::move(handler)); }

void Loop::post(Task task) { impl_->mailbox->post(std::move(task)); }

std::function<void()> Loop::waker() const {
  return [mailbox = impl_->mailbox] { mailbox->wake(); };
}

std::function<void(Task)> Loop::poster() const {
  return [mailbox = impl_->mailbox](Task task) { mailbox->post(std::move(task)); };
}

int Loop::run() { return impl_->run(); }

void Loop::stop(int exit_code) { impl_->exit_code = exit_code; }

LoopStats Loop::stats() const {
  LoopStats stats = impl_->stats;
  stats.datagrams_dropped = impl_->outgoing.datagrams_dropped();
  return stats;
}

}  // namespace confab::io

// SPDX-License-Identifier: MIT
// The server: chooses the concrete parts (SQLite store, its threads, sockets, clocks) and joins them to the machine.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <thread>

#include <fmt/format.h>

#include "data_commands.h"
#include "io/files.h"
#include "io/home.h"
#include "io/line_output.h"
#include "io/random.h"
#include "io/store_thread.h"
#include "log/sqlite_store.h"
#include "server/server.h"
#include "server_options.h"
#include "version.h"
#include "worker_threads.h"

namespace {

using namespace confab;

constexpr std::size_t key_bytes_max = 64 * 1024;

int fail(std::string_view why) {
  fmt::print(stderr, "confabd: {}\n", why);
  return 1;
}

/// The key in `data`, made on first start.
std::expected<net::ServerKey, std::string> load_server_key(const std::string& data) {
  const std::string path = data + "/server.key";
  auto pem = io::read_file(path, key_bytes_max);
  if (!pem && pem.error().error == ENOENT) {
    const net::ServerKey key = net::ServerKey::generate();
    if (auto made = io::create_file(path, key.to_pem()); !made) return std::unexpected(made.error().text);
    pem = io::read_file(path, key_bytes_max);
  }
  if (!pem) return std::unexpected(pem.error().text);
  auto key = net::ServerKey::from_pem(*pem);
  if (!key) {
    return std::unexpected(
        fmt::format("{}: {}; restore it from a backup (removing it makes a new key, which every client "
                    "will refuse until it is told)",
                    path, key.error()));
  }
  return key;
}

std::size_t worker_count(const apps::ServerSettings& settings) {
  if (settings.workers > 0) return settings.workers;
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, server::Server::workers_max);
}

std::string addresses_of(const apps::Sockets& sockets) {
  std::string text;
  for (const auto& group : sockets.groups) text += group.front().local().to_string() + " ";
  return text;
}

int serve(const apps::ServerSettings& settings) {
  const std::string data = settings.data.empty() ? io::Home::find().state : settings.data;
  auto store = log::SqliteStore::open(data);
  if (!store) return fail(store.error().text);
  auto key = load_server_key(data);
  if (!key) return fail(key.error());
  const auto stored = server::StoredState::load(**store);
  if (!stored) return fail(stored.error().text);
  auto sockets = apps::Sockets::open(settings.listen, worker_count(settings));
  if (!sockets) return fail(sockets.error());

  const auto log = base::make_stderr_log(settings.log_level, settings.log_format);
  if (sockets->worker_count < worker_count(settings)) {
    log->warning("server", "this system does not steer datagrams to several sockets: there is one worker");
  }
  io::LineOutput lines(STDOUT_FILENO);
  // Known once there are loops; nothing is asked of the store before.
  std::vector<std::function<void()>> wakers(sockets->worker_count);
  std::function<void()> stop;
  io::StoreThread store_thread(**store, [&wakers] { wakers.front()(); });

  std::deque<io::SystemRandom> randoms(sockets->worker_count);
  const auto secrets = net::make_server_secrets();
  std::vector<server::WorkerParts> parts;
  for (std::size_t worker = 0; worker < sockets->worker_count; ++worker) {
    const auto endpoint = server::endpoint_options(*key, worker, sockets->worker_count, secrets);
    parts.push_back({.transport = std::make_unique<net::Endpoint>(endpoint, randoms[worker], *log),
                     .reader = &store_thread.open_reader([&wakers, worker] { wakers[worker](); })});
  }
  server::ServerOptions options;
  options.plain = settings.takes_plain();
  options.agent = fmt::format("confabd {}", apps::version);
  options.retention = settings.retention;
  options.on_drained = [&stop] { stop(); };
  if (!settings.quiet) {
    options.on_lobby_line = [&lines](std::string_view name, std::string_view text) { lines.write(name, text); };
  }
  server::Server server(std::move(options), std::move(parts), store_thread, *stored, randoms.front(), *log);

  const std::string listening = addresses_of(*sockets);
  apps::WorkerThreads workers(server, *std::move(sockets), *log);
  for (std::size_t worker = 0; worker < wakers.size(); ++worker) wakers[worker] = workers.waker(worker);
  stop = [&workers] { workers.main_loop().stop(0); };
  workers.main_loop().on_signal({SIGTERM, SIGINT}, [&](int signal, base::Now now) {
    log->info("server", "stopping on {}", signal == SIGINT ? "SIGINT" : "SIGTERM");
    server.drain(now);
  });
  log->info("server", "ready {}{}", listening, key->fingerprint().to_string());

  const int code = workers.run();
  const server::ServerStats stats = server.stats();
  if (stats.has_unanswered && code == 0) {
    log->error("server", "stopped though the disk has not answered: what waited for it was accepted from nobody");
    std::_Exit(1);  // its threads would be waited for, and with them the disk
  }
  store_thread.stop();
  log->info("server", "stopped: {} events stored, {} datagrams dropped", stats.events_stored, stats.datagrams_dropped);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  if (const auto code = apps::run_data_command(argc, argv)) return *code;
  const auto settings = apps::parse_server_options(argc, argv);
  if (!settings) {
    fmt::print(stdout, "{}", settings.error().out);
    fmt::print(stderr, "{}", settings.error().err);
    return settings.error().code;
  }
  try {
    return serve(*settings);
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}

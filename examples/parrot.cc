// SPDX-License-Identifier: MIT
// A bot for Confab: answers "!echo TEXT" with TEXT, "!count" with how many messages it has seen, and leaves on "!bye".
//
//   parrot [SERVER [ROOM]]
#include <cstdio>
#include <string>

#include <confab/client.h>

int main(int argc, char** argv) {
  confab::Options options{.name = "parrot"};
  if (argc > 1) options.server = argv[1];
  if (argc > 2) options.rooms = {argv[2]};

  confab::Client client(options);
  int seen = 0;
  std::string farewell;  // id of the last message, which must be stored before we go

  client.on_message([&](const confab::Message& message) {
    // Programs answer people only: a notice is a program's, and two parrots would talk for ever.
    if (message.own || message.kind == confab::Kind::notice) return;
    ++seen;
    const auto say = [&](const std::string& text) { return client.send(message.room, text, confab::Kind::notice); };
    if (message.text.starts_with("!echo ")) say(message.text.substr(6));
    if (message.text == "!count") say(std::to_string(seen) + " messages");
    if (message.text == "!bye") farewell = say("bye, " + message.name);
  });

  client.on_event([&](const confab::Event& event) {
    if (const auto* link = std::get_if<confab::Link>(&event); link && link->state == confab::Link::State::online) {
      std::printf("here as %s\n", link->name.c_str());
      std::fflush(stdout);
    }
    const auto* status = std::get_if<confab::Status>(&event);
    if (status && status->id == farewell && status->state == confab::Status::State::stored) client.stop();
  });

  if (const auto ended = client.run(); !ended) {
    std::fprintf(stderr, "parrot: %s\n", ended.error().text.c_str());
    return 1;
  }
}

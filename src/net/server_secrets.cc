// SPDX-License-Identifier: MIT
#include "net/server_secrets.h"

#include <memory>

#include <gnutls/crypto.h>

#include "net/endpoint.h"

namespace confab::net {

ServerSecrets::ServerSecrets() {
  require(gnutls_rnd(GNUTLS_RND_KEY, retry.data(), retry.size()), "retry secret");
  require(gnutls_session_ticket_key_generate(ticket_key.out()), "ticket key");
}

std::shared_ptr<ServerSecrets> make_server_secrets() { return std::make_shared<ServerSecrets>(); }

}  // namespace confab::net

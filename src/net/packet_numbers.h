// SPDX-License-Identifier: MIT
// The numbers of packets that arrive. ngtcp2 1.11 tells them in its qlog alone, which costs more than all the rest of a
// packet; but whoever decrypts a packet for it is shown the header, and the number stands in it.
#pragma once

#include <cstdint>
#include <optional>

#include <ngtcp2/ngtcp2.h>

namespace confab::net {

/// The low bytes of a number, as many as its packet had (RFC 9000, section 17.1).
struct TruncatedNumber {
  std::uint32_t low;
  unsigned bytes;

  /// The whole number: the one that is nearest to what follows `largest` (RFC 9000, appendix A.3).
  std::uint64_t expand(std::uint64_t largest) const;
};

/// ngtcp2_decrypt: does what ngtcp2's own function does, and notes the number of a packet with a short header.
int decrypt_and_note(std::uint8_t* out, const ngtcp2_crypto_aead* aead, const ngtcp2_crypto_aead_ctx* context,
                     const std::uint8_t* ciphertext, std::size_t size, const std::uint8_t* nonce,
                     std::size_t nonce_size, const std::uint8_t* header, std::size_t header_size);

/// The last one that was noted on this thread, once. ngtcp2 gives that function no pointer of ours: so a number waits
/// between it and whoever had the packet read.
std::optional<TruncatedNumber> take_noted_number();

/// The same for who has a frame of that packet before him: it stays noted.
std::optional<TruncatedNumber> noted_number();

}  // namespace confab::net

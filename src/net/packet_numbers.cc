// SPDX-License-Identifier: MIT
#include "net/packet_numbers.h"

#include <utility>

#include <ngtcp2/ngtcp2_crypto.h>

namespace confab::net {

namespace {

thread_local std::optional<TruncatedNumber> noted;

/// The header is what it was before its protection (RFC 9001, section 5.3): the number is its end.
std::optional<TruncatedNumber> number_in(const std::uint8_t* header, std::size_t size) {
  if ((header[0] & 0x80) != 0) return std::nullopt;
  const unsigned bytes = (header[0] & 3U) + 1;
  std::uint32_t low = 0;
  for (std::size_t i = size - bytes; i < size; ++i) low = low << 8 | header[i];
  return TruncatedNumber{low, bytes};
}

}  // namespace

std::uint64_t TruncatedNumber::expand(std::uint64_t largest) const {
  const std::uint64_t range = std::uint64_t{1} << (8 * bytes);
  const std::uint64_t expected = largest + 1;
  const std::uint64_t candidate = (expected & ~(range - 1)) | low;
  if (candidate + range / 2 <= expected) return candidate + range;
  if (candidate > expected + range / 2 && candidate >= range) return candidate - range;
  return candidate;
}

int decrypt_and_note(std::uint8_t* out, const ngtcp2_crypto_aead* aead, const ngtcp2_crypto_aead_ctx* context,
                     const std::uint8_t* ciphertext, std::size_t size, const std::uint8_t* nonce,
                     std::size_t nonce_size, const std::uint8_t* header, std::size_t header_size) {
  const int result =
      ngtcp2_crypto_decrypt_cb(out, aead, context, ciphertext, size, nonce, nonce_size, header, header_size);
  if (result == 0) noted = number_in(header, header_size);
  return result;
}

std::optional<TruncatedNumber> take_noted_number() { return std::exchange(noted, std::nullopt); }

std::optional<TruncatedNumber> noted_number() { return noted; }

}  // namespace confab::net

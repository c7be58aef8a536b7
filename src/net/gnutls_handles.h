// SPDX-License-Identifier: MIT
// GnuTLS's handles with owners, so that no path forgets to free one.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/bytes.h"

namespace confab::net {

/// Deletes with a plain C function: std::unique_ptr<T, Deleter<f>> costs no more than T*.
template <auto function>
struct Deleter {
  template <typename T>
  void operator()(T* handle) const {
    function(handle);
  }
};

template <typename Handle, auto function>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Deleter<function>>;

using X509Key = Owned<gnutls_x509_privkey_t, gnutls_x509_privkey_deinit>;
using X509Certificate = Owned<gnutls_x509_crt_t, gnutls_x509_crt_deinit>;
using PrivateKeyHandle = Owned<gnutls_privkey_t, gnutls_privkey_deinit>;
using PublicKeyHandle = Owned<gnutls_pubkey_t, gnutls_pubkey_deinit>;
using Credentials = Owned<gnutls_certificate_credentials_t, gnutls_certificate_free_credentials>;
using Session = Owned<gnutls_session_t, gnutls_deinit>;
using Priority = Owned<gnutls_priority_t, gnutls_priority_deinit>;

/// For calls that fail only when memory or the system's randomness does.
inline void require(int result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + gnutls_strerror(result));
}

/// Makes an empty object by one of the `*_init(&handle)` calls.
template <typename Owner, typename Init>
Owner make_handle(Init init) {
  typename Owner::pointer handle = nullptr;
  require(init(&handle), "GnuTLS");
  return Owner(handle);
}

inline gnutls_datum_t to_datum(base::ByteView bytes) {
  // GnuTLS takes its input by non-const pointer and does not write to it.
  return {const_cast<unsigned char*>(bytes.data()), static_cast<unsigned>(bytes.size())};
}

/// What a `*_export2(…, &datum)` call allocated.
class OutDatum {
 public:
  OutDatum() = default;
  ~OutDatum() { gnutls_free(datum_.data); }
  OutDatum(const OutDatum&) = delete;
  OutDatum& operator=(const OutDatum&) = delete;

  gnutls_datum_t* out() { return &datum_; }
  base::ByteView view() const { return {datum_.data, datum_.size}; }

 private:
  gnutls_datum_t datum_{};
};

}  // namespace confab::net

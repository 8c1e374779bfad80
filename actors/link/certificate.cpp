#include "actors/link/certificate.hpp"

#include "protocol/crypto/hash.hpp"

#include <openssl/x509v3.h>

#include <string_view>

namespace datagen::link {

namespace {

constexpr long certificates_bytes_max = 4096;  // a chain of one Ed25519 certificate takes 300
constexpr std::string_view exporter_label = "EXPORTER-Channel-Binding";

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

[[noreturn]] void fail() {
  throw boost::system::system_error{
    error_code{static_cast<int>(ERR_get_error()), asio::error::get_ssl_category()}};
}
void need(bool condition) {
  if (!condition)
    fail();
}

/// Self-made. Its dates say nothing: what counts is that the key is registered today.
certificate_ptr make_certificate(const protocol::key_pair& key, EVP_PKEY* raw) {
  certificate_ptr x{X509_new()};
  need(x && X509_set_version(x.get(), X509_VERSION_3) == 1);
  const auto serial = protocol::hash("link-certificate", key.identity);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 7; ++i)
    number = (number << 8) | serial.value[i];
  need(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x.get()), number + 1) == 1);
  need(ASN1_TIME_set_string_X509(X509_getm_notBefore(x.get()), "20200101000000Z") == 1);
  need(ASN1_TIME_set_string_X509(X509_getm_notAfter(x.get()), "99991231235959Z") == 1);
  const auto name = protocol::to_hex(key.identity).substr(0, 32);
  auto* subject = X509_get_subject_name(x.get());
  need(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                  reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                                  0) == 1);
  need(X509_set_issuer_name(x.get(), subject) == 1);
  need(X509_set_pubkey(x.get(), raw) == 1);
  need(X509_sign(x.get(), raw, nullptr) > 0);  // Ed25519 hashes by itself
  return x;
}

}  // namespace

asio::ssl::context make_context(const protocol::key_pair& key) {
  asio::ssl::context result{asio::ssl::context::tls};
  auto* raw = result.native_handle();
  need(SSL_CTX_set_min_proto_version(raw, TLS1_3_VERSION) == 1);
  need(SSL_CTX_set_max_proto_version(raw, TLS1_3_VERSION) == 1);
  need(SSL_CTX_set1_sigalgs_list(raw, "ed25519") == 1);
  need(SSL_CTX_set1_client_sigalgs_list(raw, "ed25519") == 1);
  need(SSL_CTX_set1_groups_list(raw, "X25519") == 1);
  need(SSL_CTX_set_num_tickets(raw, 0) == 1);
  SSL_CTX_set_options(raw, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(raw, certificates_bytes_max);
  const key_ptr secret{EVP_PKEY_new_raw_private_key(
    EVP_PKEY_ED25519, nullptr, key.secret.value.data(), protocol::secret_key::size)};
  need(secret != nullptr);
  const auto certificate = make_certificate(key, secret.get());
  need(SSL_CTX_use_certificate(raw, certificate.get()) == 1);
  need(SSL_CTX_use_PrivateKey(raw, secret.get()) == 1);
  result.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  // No authority vouches for a self-made certificate: whose key it holds is looked up afterwards.
  result.set_verify_callback([](bool, asio::ssl::verify_context&) { return true; });
  return result;
}

std::optional<protocol::public_key> key_of_peer(SSL* tls) {
  const auto* chain = SSL_get_peer_cert_chain(tls);  // with the peer's own one only at a client
  const auto others = chain == nullptr ? 0 : sk_X509_num(chain) - (SSL_is_server(tls) ? 0 : 1);
  const certificate_ptr certificate{SSL_get1_peer_certificate(tls)};
  if (!certificate || others > 0)
    return std::nullopt;
  auto* key = X509_get0_pubkey(certificate.get());
  protocol::public_key result;
  auto size = protocol::public_key::size;
  if (key == nullptr || EVP_PKEY_id(key) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key, result.value.data(), &size) != 1 ||
      size != protocol::public_key::size)
    return std::nullopt;
  return result;
}

bool is_about_certificate(const error_code& error) {
  if (error.category() != asio::error::get_ssl_category())
    return false;
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    case SSL_R_WRONG_SIGNATURE_TYPE:
    case SSL_R_BAD_SIGNATURE:
    case SSL_R_EXCESSIVE_MESSAGE_SIZE:
    case SSL_R_UNKNOWN_CERTIFICATE_TYPE:
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return true;
    default:
      return false;
  }
}

protocol::digest channel_of(SSL* tls) {
  protocol::digest result;
  need(SSL_export_keying_material(tls, result.value.data(), protocol::digest::size,
                                  exporter_label.data(), exporter_label.size(), nullptr, 0,
                                  0) == 1);
  return result;
}

}  // namespace datagen::link

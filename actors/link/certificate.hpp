#pragma once
// TLS 1.3 between pinned keys. A registered key is Ed25519, which X.509 can hold as it is (RFC
// 8410), so the certificate's key is the registered key itself: TLS proves that the peer holds it,
// and nothing else in the certificate is looked at. Private to this folder.

#include "actors/link/streams.hpp"

#include "protocol/crypto/sign.hpp"

namespace datagen::link {

/// Both ends of links: TLS 1.3 only, Ed25519 only, a certificate demanded, no resumption (every
/// connection proves its key). @throws boost::system::system_error where OpenSSL lacks any of it.
asio::ssl::context make_context(const protocol::key_pair& key);

/// The key that the peer proved to hold; nothing where it sent more than one certificate.
std::optional<protocol::public_key> key_of_peer(SSL* tls);

/// Whether a failed handshake failed for the peer's certificate.
bool is_about_certificate(const error_code& error);

/// The connection's exporter value (RFC 9266, tls-exporter): the same at both ends, never on
/// another.
protocol::digest channel_of(SSL* tls);

}  // namespace datagen::link

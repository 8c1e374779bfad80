#pragma once
// Signed writes: the shape of RFC 9421 over method, path and content digest, by the Ed25519 key of
// an account. One file for both sides: a client signs, the gateway checks and remembers nonces.

#include "actors/http/message.hpp"

#include "protocol/crypto/sign.hpp"

#include <set>

namespace datagen::web {

inline constexpr std::uint64_t created_skew_s = 60;     ///< |created - now| is at most this.
inline constexpr std::uint64_t signature_life_s = 300;  ///< expires - created is at most this.
inline constexpr std::size_t nonce_length_max = 64;

/// What the client chooses for one request.
struct signing {
  std::string method;  ///< Upper case.
  std::string target;  ///< As sent; its query is not covered.
  std::uint64_t created_s = 0;
  std::uint64_t expires_s = 0;
  std::string nonce;  ///< Letters and digits; never used twice by one key before it expires.
};

/// Content-Digest, Signature-Input and Signature of a request with this body.
http::header_map sign_request(const signing& x, protocol::byte_view body,
                              const protocol::key_pair& key);

/// Nonces of requests that were accepted, until they expire.
class nonce_memory {
public:
  explicit nonce_memory(std::size_t nonces_max) : nonces_max_(nonces_max) {}
  enum class answer : std::uint8_t { fresh, seen, full };
  /// Remembers `nonce` of `key` until `expires_s`; forgets what expired before `now_s`.
  answer remember(const protocol::account_id& key, const std::string& nonce,
                  std::uint64_t expires_s, std::uint64_t now_s);
  std::size_t size() const { return known_.size(); }

private:
  const std::size_t nonces_max_;
  std::set<std::pair<protocol::account_id, std::string>> known_;
  std::set<std::tuple<std::uint64_t, protocol::account_id, std::string>> by_expiry_;
};

/// Who signed, or why the request is refused.
struct signature_verdict {
  std::optional<protocol::account_id> signer;
  unsigned status = 401;
  std::string code = "bad_signature";  ///< Also replayed_request and busy.
  std::string detail;
};

/// Checks headers, times, digest, signature and, last, the nonce.
/// @param body_digest SHA-256 of the body, computed where the body arrived.
signature_verdict check_request(const http::request& r, const protocol::digest& body_digest,
                                std::uint64_t now_s, nonce_memory& nonces,
                                const protocol::signature_checker& signatures);

/// RFC 4648 section 4, with padding.
std::string to_base64(protocol::byte_view data);
std::optional<protocol::bytes> from_base64(std::string_view text);

}  // namespace datagen::web

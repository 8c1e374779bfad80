#pragma once
// SHA-256, always with a domain tag: equal bytes in two roles never give equal digests.

#include "protocol/codec.hpp"

#include <memory>

namespace datagen::protocol {

/// Plain SHA-256 of `data` (FIPS 180-4); for content digests of files and for RFC 6962 trees.
digest sha256(byte_view data);

/// Incremental SHA-256, for inputs that arrive in pieces.
class sha256_stream {
public:
  sha256_stream();
  ~sha256_stream();
  sha256_stream(sha256_stream&&) noexcept;
  sha256_stream& operator=(sha256_stream&&) noexcept;
  void update(byte_view data);
  digest finish();

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// SHA-256(u32 length of `domain` || `domain` || canonical bytes of `xs`): written H("domain", xs…)
/// in the design.
template <class... Ts>
digest hash(std::string_view domain, const Ts&... xs) {
  encoder ar;
  ar(domain, xs...);
  return sha256(ar.data());
}

/// HMAC-SHA-256 (RFC 2104) of the canonical bytes `message` under `key`.
digest hmac(byte_view key, byte_view message);

}  // namespace datagen::protocol

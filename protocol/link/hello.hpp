#pragma once
// The first frame of each side of a link. Its layout never changes: what later versions add goes
// into `later`, which earlier ones carry unread.

#include "protocol/crypto/sign.hpp"
#include "protocol/link/refusal.hpp"

namespace datagen::protocol::link {

/// Protocol versions that a node speaks, both ends included. A release speaks its own and the one
/// before (N and N-1), so that a network can be upgraded host by host.
struct version_range {
  std::uint16_t oldest = 1;
  std::uint16_t newest = 1;
  friend auto operator<=>(const version_range&, const version_range&) = default;
};
template <class Archive>
void describe(Archive& ar, version_range& x) {
  ar(x.oldest, x.newest);
}
inline constexpr version_range own_versions{1, 1};

/// The newest version that both speak, or none. Symmetric: both sides find the same.
std::optional<std::uint16_t> agreed_version(const version_range& a, const version_range& b);

/// One run of a node: two processes never share `instance`, and a later one started later.
struct incarnation {
  std::uint64_t started_ms = 0;  ///< Unix time.
  digest instance;               ///< Unpredictable.
  friend auto operator<=>(const incarnation&, const incarnation&) = default;
};
template <class Archive>
void describe(Archive& ar, incarnation& x) {
  ar(x.started_ms, x.instance);
}

/// May `fresh` take over the link that `live` of the same key holds? A restarted node and one whose
/// connection broke unseen may; an older run of the key is its twin, and so is one of the same age.
bool takes_over(const incarnation& live, const incarnation& fresh);

/// Where both sides dial at once, the connection of this one stays, at both ends.
inline bool prevails(const public_key& own, const public_key& other) { return own < other; }

/// A further registered key that the same host holds, proven for this channel alone.
struct identity_proof {
  public_key key;
  signature by;  ///< Over `identity_statement`.
  friend auto operator<=>(const identity_proof&, const identity_proof&) = default;
};
template <class Archive>
void describe(Archive& ar, identity_proof& x) {
  ar(x.key, x.by);
}

inline constexpr std::size_t hello_proofs_max = 16;
inline constexpr std::size_t hello_later_max = 1024;
inline constexpr std::size_t hello_bytes_max = 4096;  ///< As a frame.

struct hello {
  version_range versions = own_versions;
  digest genesis;
  chain_id heavy;
  chain_id fast;
  incarnation life;
  std::uint64_t window_bytes = 0;     ///< Granted at first, and the most that is ever outstanding.
  std::uint32_t frame_bytes_max = 0;  ///< Largest frame that this side takes.
  std::vector<identity_proof> also;
  bytes later;  ///< Empty in version 1.
  friend auto operator<=>(const hello&, const hello&) = default;
};
void describe(encoder& ar, hello& x);
void describe(decoder& ar, hello& x);

/// The end of a channel that speaks: a proof of one end is none of the other.
enum class end : std::uint8_t { dialler = 0, listener = 1 };
constexpr end max_value(end) { return end::listener; }

/// What `key` signs to say that it sits at this end of the channel, beside the certificate's key.
/// @param channel exporter value of the TLS connection (RFC 9266): the same statement never holds
///        on another one
digest identity_statement(const digest& genesis, const digest& channel, end speaker,
                          const public_key& certificate, const public_key& key);

/// First reason why `own` does not talk to the sender of `theirs`; none where it does.
/// @param certificate key of the sender's certificate; @param speaker the sender's end
refusal check(const hello& own, const hello& theirs, const digest& channel, end speaker,
              const public_key& certificate);

}  // namespace datagen::protocol::link

#pragma once
// Why a link is refused or ends. Each is counted under its own name; those the other side can be
// told travel in a `refuse` frame. Append, never renumber.

#include "protocol/codec.hpp"

namespace datagen::protocol::link {

enum class refusal : std::uint8_t {
  none = 0,
  // Before anybody is known: what an address did.
  handshakes_full = 1,          ///< Too many handshakes at a time, of all addresses.
  address_handshakes_full = 2,  ///< Too many handshakes at a time of this address.
  links_full = 3,               ///< Every place for a link is taken.
  address_banned = 4,           ///< This address failed too often.
  not_tls = 5,                  ///< No TLS 1.3 handshake came of its bytes.
  bad_certificate = 6,          ///< No certificate, or not one alone with an Ed25519 key.
  unknown_key = 7,              ///< Nobody is registered under the certificate's key.
  wrong_identity = 8,           ///< Somebody answered, but not the one that was dialled.
  not_websocket = 9,            ///< No WebSocket upgrade came inside TLS.
  too_slow = 10,                ///< The handshake took longer than it may.
  banned = 11,                  ///< This key's score is used up.
  // The hello.
  malformed_hello = 12,  ///< The first frame does not decode as a hello.
  wrong_version = 13,    ///< No protocol version that both speak.
  wrong_genesis = 14,    ///< Another network.
  wrong_chain = 15,      ///< The same genesis, but other chain ids.
  bad_proof = 16,        ///< A further identity is not proven for this very channel.
  twin = 17,             ///< Another life of this key holds the link.
  // Frames.
  malformed_frame = 18,    ///< Header or body do not decode, or a kind out of place.
  frame_too_large = 19,    ///< Beyond what the receiver said it takes.
  replayed_frame = 20,     ///< Its number was there already.
  reordered_frame = 21,    ///< Its number comes later.
  over_credit = 22,        ///< More bytes than were granted.
  bad_credit = 23,         ///< A grant beyond the window that was announced, or of nothing.
  message_too_large = 24,  ///< Pieces that add up to more than a message may hold.
  // What the frames carry.
  malformed_message = 25,  ///< An envelope that does not decode, or of an unknown kind.
  foreign_sender = 26,     ///< In the name of a role that the key does not hold.
  foreign_receiver = 27,   ///< For a role that does not live here.
  bad_record = 28,         ///< An address record that its key did not sign.
  idle = 29,               ///< Nothing came, not even an answer to a ping.
  no_room = 30,            ///< Pieces of all peers together fill what this node holds.
  replaced = 31,           ///< A later connection of the same key took over.
  hung_up = 32,            ///< Went away before the link was up, without a word.
  crossed = 33,            ///< Both sides dialled at once, and the other connection stays.
};
constexpr refusal max_value(refusal) { return refusal::crossed; }
inline constexpr std::size_t refusals = static_cast<std::size_t>(max_value(refusal{})) + 1;

/// Stable name, e.g. "replayed_frame": the label under which it is counted.
const char* to_string(refusal x);

}  // namespace datagen::protocol::link

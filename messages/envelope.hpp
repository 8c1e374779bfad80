#pragma once
// A role's message as it crosses a link between operators: canonical bytes of who speaks, to whom,
// which message, and the message. Which messages a role takes is read off `interfaces.hpp`.

#include "messages/peer.hpp"

#include <caf/message.hpp>

#include <memory>

namespace datagen {

struct envelope {
  peer from;
  peer to;
  caf::message content;  ///< Sender first, as between roles of one process.
};

/// @param content what a role sent to `to`, sender first
/// @returns nothing for what never crosses a link
std::optional<protocol::bytes> seal_envelope(const peer& to, const caf::message& content);

enum class envelope_check : std::uint8_t {
  ok = 0,
  malformed = 1,  ///< Does not decode, or is of a kind that nobody knows.
  unwanted = 2,   ///< The role of the receiver takes no such message.
};

/// Opens what `seal_envelope` made; nothing is decoded for a role that would not take it.
/// @param attached lives as long as the message does: until the role is done with it
envelope_check open_envelope(protocol::byte_view data, envelope& result,
                             std::shared_ptr<const void> attached = {});

}  // namespace datagen

#pragma once
// One end of all links of a node: listens, dials, keeps links up, and hands over what arrives. It
// carries bytes between registered keys; what they mean is its owner's business.

#include "actors/link/totals.hpp"

#include "protocol/link/address_book.hpp"
#include "protocol/link/hello.hpp"
#include "protocol/link/retry.hpp"
#include "protocol/link/standing.hpp"

#include <memory>
#include <optional>

namespace datagen::link {

using protocol::byte_view;
using protocol::public_key;
using protocol::link::host_port;
using protocol::link::refusal;

/// Holds the credit of one message: when the last copy goes, its sender may send as many bytes
/// more. Whoever passes a message on keeps it for as long as the message takes up memory.
using held_credit = std::shared_ptr<const void>;

/// What the owner implements. Called on the endpoint's thread, except `knows`; must not block.
struct observer {
  virtual ~observer() = default;
  /// Is this key registered, and may it link to this node? From any thread.
  virtual bool knows(const public_key& key) const = 0;
  /// A message; `message` is valid during the call only. @returns none, or the sender's offence,
  /// which ends the link.
  virtual refusal received(const public_key& from, byte_view message, held_credit credit) = 0;
  /// A link is up. @param also further keys that the peer has proven to hold
  virtual void up(const public_key&, const std::vector<public_key>& /*also*/,
                  std::uint16_t /*version*/) {}
  virtual void down(const public_key&, refusal) {}
};

struct endpoint_config {
  protocol::key_pair key;                ///< Registered; its certificate is made of it.
  std::vector<protocol::key_pair> also;  ///< Further registered keys that live here.
  protocol::digest genesis;
  protocol::chain_id heavy;
  protocol::chain_id fast;
  protocol::link::version_range versions = protocol::link::own_versions;
  protocol::link::incarnation life;
  std::uint64_t seed = 0;  ///< Of the jitter.

  std::string address = "127.0.0.1";  ///< Numeric. Empty: does not listen.
  std::uint16_t port = 0;             ///< 0: any free one.

  std::uint32_t frame_bytes_max = std::uint32_t{2} << 20;  ///< Of what is received.
  std::uint64_t window_bytes = std::uint64_t{8} << 20;     ///< Per peer: granted and not taken yet.
  std::uint64_t message_bytes_max = std::uint64_t{65} << 20;    ///< In pieces; a job's input fits.
  std::uint64_t assembly_bytes_max = std::uint64_t{256} << 20;  ///< Pieces of all peers together.
  std::size_t outbox_bytes_max = std::size_t{64} << 20;         ///< Per peer.

  std::uint32_t handshake_ms = 5'000;  ///< Absolute: connection, TLS, upgrade and hellos.
  std::uint32_t idle_ms = 15'000;      ///< Silence, pings unanswered, that ends a link.
  std::uint32_t farewell_ms = 1'000;   ///< For a peer to take the reason of its refusal.
  std::size_t handshakes_max = 64;
  std::size_t handshakes_per_address_max = 16;
  std::size_t links_max = 256;
  protocol::link::standing_rules standing;
  protocol::link::retry_rules retry;
  bool loopback_exempt = true;  ///< From bans of addresses: many nodes of a test share one.
};

struct core;

class endpoint {
public:
  endpoint() = default;
  ~endpoint();  ///< Stops.
  endpoint(const endpoint&) = delete;
  endpoint& operator=(const endpoint&) = delete;

  /// Listens and begins to work. @returns nothing, or the sentence that says why not. `owner` must
  /// outlive the endpoint. @pre `window_fits(window_bytes, frame_bytes_max)`
  [[nodiscard]] std::optional<std::string> start(endpoint_config config, observer& owner);
  std::uint16_t port() const;  ///< After `start`; 0 where it does not listen.
  /// Keeps a link to `peer` up from now on, trying `where` in turn.
  void dial(const public_key& peer, std::vector<host_port> where);
  /// Queues a message; never waits. What finds no room makes the oldest go.
  void send(const public_key& peer, protocol::bytes message);
  /// Ends the link to `peer` for what it did; the owner found out later.
  void refuse(const public_key& peer, refusal why);
  const totals& counts() const;
  /// Ends all links and joins. Afterwards nobody calls `owner`.
  void stop();

private:
  std::shared_ptr<core> core_;
};

}  // namespace datagen::link

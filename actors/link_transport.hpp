#pragma once
// Roles of operators who do not trust each other: those of this process are reached as in
// `local_transport`, each of the others through a local actor that stands for it, over a link to
// the host that holds its registered key. Who may speak for whom is decided here, from keys alone.

#include "actors/link/endpoint.hpp"
#include "actors/local_transport.hpp"

#include <caf/actor.hpp>

namespace datagen {

/// A registered key, and the roles that it speaks for.
struct key_roles {
  protocol::public_key key;
  std::vector<peer> roles;
};

/// Another operator's host.
struct link_peer {
  key_roles main;                      ///< The key of its certificate.
  std::vector<key_roles> also;         ///< Further keys, which it must prove on each link.
  std::vector<link::host_port> where;  ///< Empty: it dials.
};

struct link_transport_config {
  std::uint64_t unix_ms = 0;  ///< As in `local_transport`.
  link::endpoint_config own;
  std::vector<link_peer> others;
  std::uint64_t grace_ms = 500;
  /// Told of links that came up (no refusal) or went down; on the endpoint's thread. May be unset.
  std::function<void(const protocol::public_key&, std::optional<link::refusal>)> changed;
};

class link_transport final : public local_transport, private link::observer {
public:
  /// The transport must be closed before the actor system ends.
  link_transport(caf::actor_system& system, link_transport_config config);
  ~link_transport() override;

  /// Lets others in and dials them, once the roles here are attached.
  /// @returns an empty string, or a sentence why not
  std::string open();
  std::uint16_t port() const { return endpoint_.port(); }  ///< After `open`.
  /// Ends links and stand-ins, then as `local_transport`.
  void close();
  const link::totals& counts() const { return endpoint_.counts(); }
  /// A link that broke has `grace_ms` to come back.
  bool reachable(const peer& to) const override;

private:
  bool knows(const protocol::public_key& key) const override;
  link::refusal received(const protocol::public_key& from, protocol::byte_view message,
                         link::held_credit credit) override;
  void up(const protocol::public_key& key, const std::vector<protocol::public_key>& also,
          std::uint16_t version) override;
  void down(const protocol::public_key& key, link::refusal why) override;

  caf::actor_system& system_;
  link_transport_config config_;
  std::map<protocol::public_key, const link_peer*> others_;  ///< By certificate's key; fixed.
  /// Of each other host, the time in microseconds since which its link is down; 0 while it is up.
  std::map<protocol::public_key, std::atomic<std::uint64_t>> down_since_us_;  ///< Keys are fixed.
  std::map<peer, protocol::public_key> elsewhere_;  ///< Roles of others, by host; fixed.
  std::map<protocol::public_key, std::set<peer>> speakers_;  ///< Of links; the endpoint's thread.
  std::vector<caf::actor> stand_ins_;
  link::endpoint endpoint_;
};

}  // namespace datagen

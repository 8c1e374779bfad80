#pragma once
// Roles of operators who do not trust each other: those of this process are reached as in
// `local_transport`, each of the others through a local actor that stands for it, over a link to
// the host that holds its registered key. Who may speak for whom is decided here, from keys alone.

#include "actors/link/endpoint.hpp"
#include "actors/local_transport.hpp"

#include <caf/actor.hpp>

#include <shared_mutex>

namespace datagen {

/// A registered key, and the roles that it speaks for.
struct key_roles {
  protocol::public_key key;
  std::vector<peer> roles;
};

/// Another operator's host.
struct link_peer {
  std::string name;
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
  std::function<void(const link_peer&, std::optional<link::refusal>)> changed;
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
  /// One more host, after `open`; of one that is known its places alone change.
  void add(const link_peer& other);
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

  /// A host that is known stays so.
  struct neighbour {
    explicit neighbour(link_peer x, std::uint64_t now_us)
        : said(std::move(x)), down_since_us(std::max<std::uint64_t>(now_us, 1)) {}
    const link_peer said;
    std::atomic<std::uint64_t> down_since_us;  ///< 0 while its link is up.
  };
  using shared_neighbour = std::shared_ptr<neighbour>;
  /// @returns null where `key` is no host's
  shared_neighbour find(const protocol::public_key& key) const;
  shared_neighbour home_of(const peer& who) const;
  void know(const link_peer& other);
  void stand_for(const link_peer& other);

  caf::actor_system& system_;
  link_transport_config config_;
  mutable std::shared_mutex mutex_;
  std::map<protocol::public_key, shared_neighbour> others_;  ///< By certificate's key.
  std::map<peer, shared_neighbour> elsewhere_;               ///< Roles of others, by host.
  std::map<protocol::public_key, std::set<peer>> speakers_;  ///< Of links; the endpoint's thread.
  std::vector<caf::actor> stand_ins_;
  link::endpoint endpoint_;
};

}  // namespace datagen

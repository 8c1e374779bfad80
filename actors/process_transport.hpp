#pragma once
// Roles spread over processes of one operator: those of this process are reached as in
// `local_transport`, all others through a link to the process they live in. Nothing here
// authenticates what is said; links between operators do.

#include "actors/local_transport.hpp"
#include "actors/process_link.hpp"

#include <caf/actor_system_config.hpp>

namespace datagen {

/// Another process, and who lives there.
struct process_route {
  process_address where;
  std::vector<peer> roles;
};

struct process_transport_config {
  std::uint64_t unix_ms = 0;  ///< As in `local_transport`.
  process_address own;        ///< Port 0: the system chooses one.
  std::vector<process_route> others;
  outbox_limits outbox;  ///< Of each other process.
};

/// What an actor system needs for links: CAF's middleman without threads of its own, with
/// heartbeats. Call it beside `add_messages`.
void add_links(caf::actor_system_config& config);

class process_transport : public local_transport {
public:
  /// Starts connecting at once. The transport must be closed before the actor system ends.
  process_transport(caf::actor_system& system, process_transport_config config);
  ~process_transport() override;

  /// Lets other processes in, once the roles here are attached.
  /// @returns an empty string, or a sentence why not
  std::string open();
  std::uint16_t port() const { return own_.port; }  ///< After `open`.
  /// Ends links and gate, then as `local_transport`.
  void close();

  /// Puts the message into an outbox, or into a mailbox here; waits for nobody.
  void deliver(const peer& from, const peer& to, caf::message content) override;
  std::vector<std::uint32_t> known(role kind) const override;
  /// Messages that no longer fitted into outboxes.
  std::uint64_t dropped() const;

private:
  struct other_process {
    std::shared_ptr<parcel_outbox> outbox;
    process_link_actor link;
  };

  caf::actor_system& system_;
  process_address own_;
  process_gate_actor gate_;
  std::vector<other_process> others_;
  std::map<peer, std::size_t> routes_;  ///< Place in `others_`; fixed, so it needs no lock.
};

}  // namespace datagen

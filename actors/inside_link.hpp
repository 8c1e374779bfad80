#pragma once
// Between hosts of one operator: CAF's middleman, over TLS where the operator has made keys for it.
// Whoever holds such a key is trusted with jobs and results; whoever does not is not let in.

#include <caf/actor_system_config.hpp>
#include <caf/io/middleman_actor.hpp>

#include <filesystem>

namespace datagen {

/// Call it beside `add_messages`. Without keys nothing is encrypted and anyone is let in: for one
/// machine, or a network that only the operator reaches.
/// @param keys a directory with, in PEM, `certificate.pem` and `key.pem` of this host and `ca.pem`,
/// by which others are judged; where one is missing throws `std::runtime_error` with a sentence
void add_inside_links(caf::actor_system_config& config,
                      const std::optional<std::filesystem::path>& keys);

/// Who connects to actors on other hosts.
caf::io::middleman_actor inside_connector(caf::actor_system& system);

/// Stands right behind a system that connects to other hosts, so that it goes just before it does.
/// Waits for all actors to be done, as the system itself would, and then for a connection that is
/// being made: CAF 0.17 makes it on a thread of its own, and when it is made after the middleman has
/// stopped, the system waits for that thread for ever.
class connecting_end {
public:
  explicit connecting_end(caf::actor_system& system) : system_(system) {}
  ~connecting_end();
  connecting_end(const connecting_end&) = delete;
  connecting_end& operator=(const connecting_end&) = delete;

private:
  caf::actor_system& system_;
};

/// Lets other hosts reach `whom`; blocks until the port is open.
/// @param whom has no thread of its own: once the middleman knows such an actor, the end of the
/// system may wait for it for ever (`lending_door.hpp`)
/// @param port 0: the system chooses one
caf::expected<std::uint16_t> publish_inside(caf::actor_system& system,
                                            const caf::strong_actor_ptr& whom,
                                            const std::string& address, std::uint16_t port);
/// Before `whom` ends: nobody else connects to it.
void unpublish_inside(caf::actor_system& system, const caf::strong_actor_ptr& whom,
                      std::uint16_t port);

}  // namespace datagen

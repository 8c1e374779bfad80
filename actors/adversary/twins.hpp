#pragma once
// One identity that runs twice: two copies with the same keys, each with its own storage and its own
// links (Bano et al., "Twins"). A peer has a link to one of them, as with two hosts that show the same
// certificate, so no copy hears what the other says but through others.

#include "actors/local_transport.hpp"

#include <array>

namespace datagen {

class twins {
public:
  static constexpr std::size_t copies = 2;

  twins(caf::actor_system& system, std::shared_ptr<local_transport> net);
  ~twins();
  twins(const twins&) = delete;
  twins& operator=(const twins&) = delete;

  /// `net` as copy `number` sees it: its own roles, and the half of the others that has a link to it.
  std::shared_ptr<transport> side_of(std::size_t number, std::shared_ptr<transport> net) const;
  /// Messages to `address` go to `handle` where they come from copy `number`'s half or its own roles.
  template <class Handle>
  void attach(std::size_t number, const peer& address, const Handle& handle) {
    attach_pointer(number, address, caf::actor_cast<caf::strong_actor_ptr>(handle));
  }
  /// Which copy has a link to `other`.
  static std::size_t half_of(const peer& other) { return other.index % copies; }

private:
  class side;
  struct post;

  void attach_pointer(std::size_t number, const peer& address, caf::strong_actor_ptr handle);

  caf::actor_system& system_;
  std::shared_ptr<local_transport> net_;
  std::shared_ptr<post> post_;
  std::vector<caf::actor> doors_;  ///< At the addresses that both copies have.
};

}  // namespace datagen

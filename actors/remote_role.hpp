#pragma once
// A local actor that stands for a role of another operator: whatever it is sent leaves on a link.
// So a role never knows where its neighbour lives.

#include "messages/peer.hpp"

#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include <functional>

namespace datagen {

struct remote_role_config {
  peer who;
  /// Queues the bytes of an envelope for the host of that role; never waits.
  std::function<void(protocol::bytes)> send;
};

/// Takes every message that crosses links; the rest is dropped. Encoding costs its own time, not
/// the sending role's.
caf::behavior remote_role(caf::event_based_actor* self, remote_role_config config);

}  // namespace datagen

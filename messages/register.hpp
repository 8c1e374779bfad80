#pragma once
// Gives every message its name, so that it can cross process borders within one operator.

#include <caf/actor_system_config.hpp>

namespace datagen {

void add_messages(caf::actor_system_config& config);

}  // namespace datagen

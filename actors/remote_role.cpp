#include "actors/remote_role.hpp"

#include "messages/envelope.hpp"
#include "messages/local.hpp"

namespace datagen {

caf::behavior remote_role(caf::event_based_actor* self, remote_role_config config) {
  self->set_default_handler(
    [config = std::move(config)](caf::scheduled_actor*,
                                 caf::message_view& x) -> caf::result<caf::message> {
      if (auto sealed = seal_envelope(config.who, x.move_content_to_message()))
        config.send(std::move(*sealed));
      return caf::message{};
    });
  return {[](const v1::alarm&) {}};  // nobody sends it: without a behaviour an actor ends
}

}  // namespace datagen

#include "tools/scenario/flood.hpp"

#include <caf/send.hpp>

namespace datagen::scenario {

flood::flood(deterministic_system& sim, const std::shared_ptr<local_transport>& net,
             const protocol::chain_id& chain, const act::flood& x)
    : net_(net), chain_(chain), what_(x), answered_(std::make_shared<std::uint64_t>(0)) {
  ear_ = sim.system().spawn([answered = answered_](caf::event_based_actor*) {
    return caf::behavior{[answered](const peer&, const v1::echo_reply&) { ++*answered; }};
  });
  net_->attach({role::user, what_.who.index}, ear_);
}

flood::~flood() { caf::anon_send_exit(ear_, caf::exit_reason::user_shutdown); }

void flood::go_on(std::uint64_t now_ms, std::uint64_t for_ms) {
  if (now_ms >= what_.until_ms)
    return;
  const peer self{role::user, what_.who.index};
  const auto due = what_.per_s * for_ms / 1'000;
  for (std::uint64_t i = 0; i < due; ++i) {
    const auto nonce = protocol::hash("flood", what_.who.index, sent_);
    // Half of them under one session's name that nobody has, half under a new one each.
    const protocol::session_id session{sent_ % 2 == 0 ? std::uint64_t{what_.who.index} : sent_};
    ++sent_;
    for (const auto& x : what_.to)
      net_->send(self, {role::validator, x.index}, v1::echo_package{chain_, session, nonce});
  }
}

}  // namespace datagen::scenario

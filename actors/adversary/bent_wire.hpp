#pragma once
// A dishonest or faulty party's way to the others: what its roles send passes through here, and is
// changed, kept back, repeated or said twice; so is the clock that they see.

#include "actors/adversary/behaviour.hpp"
#include "actors/transport.hpp"

#include "protocol/crypto/sign.hpp"

#include <caf/actor_system.hpp>

namespace datagen {

/// Who bends: it holds the keys that its roles sign with.
struct insider {
  peer party;
  protocol::key_pair key;
  protocol::chain_id chain;  ///< Heavy.
};

/// `net` as the roles of `who` see it under `x`; `net` itself where `x` changes nothing there.
std::shared_ptr<transport> bend(caf::actor_system& system, std::shared_ptr<transport> net,
                                const insider& who, const behaviour& x);

}  // namespace datagen

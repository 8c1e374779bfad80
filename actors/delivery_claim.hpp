#pragma once
// What Heavy is told of a settled leaf whose result never came (protocol.md section 2, step 9).

#include "messages/audit.hpp"

#include "actors/settled_checkpoints.hpp"

namespace datagen {

enum class [[nodiscard]] claim_check : std::uint8_t {
  ok,
  epoch_open,     ///< Its claim epoch is not over: there is no root over its checkpoints yet.
  epoch_unknown,  ///< Not every checkpoint of that epoch was heard of here.
};
struct delivery_claim {
  claim_check check = claim_check::ok;
  protocol::ledger::tx::not_delivered content;
};

/// Of the leaf behind `paper`, with the way to the root over its epoch's checkpoints.
/// @pre `place` is its place in a checkpoint of `settled`
delivery_claim claim_delivery(const protocol::receipt& paper, const v1::leaf_place& place,
                              const settled_checkpoints& settled);

}  // namespace datagen

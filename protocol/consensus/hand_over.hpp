#pragma once
// How a committee hands a chain over to the next one (consensus.md 2.13), and how whoever trusts one
// roster comes to trust a later one with nothing but certificates: a light client's whole work.

#include "protocol/consensus/certificate.hpp"

namespace datagen::protocol::consensus {

/// The certificate of an epoch's last block, whose statement names the digest of `next`.
struct hand_over {
  certificate last;
  roster next;
};
template <class Archive>
void describe(Archive& ar, hand_over& x) {
  ar(x.last, x.next);
}

/// Numbers are logged: append, never renumber.
enum class [[nodiscard]] hand_over_check : std::uint8_t{
  ok = 0,
  wrong_epoch = 1,      ///< 2.13: epochs count up by one, on one chain.
  not_named = 2,        ///< The certificate names another next committee.
  bad_certificate = 3,  ///< No quorum of the outgoing committee stands behind it.
};
constexpr hand_over_check max_value(hand_over_check) { return hand_over_check::bad_certificate; }
const char* to_string(hand_over_check x);

/// Does `serving` hand over to `x.next`?
hand_over_check check(const hand_over& x, const roster& serving,
                      const signature_checker& signatures);

}  // namespace datagen::protocol::consensus

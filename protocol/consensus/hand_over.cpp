#include "protocol/consensus/hand_over.hpp"

namespace datagen::protocol::consensus {

const char* to_string(hand_over_check x) {
  switch (x) {
    case hand_over_check::ok:
      return "ok";
    case hand_over_check::wrong_epoch:
      return "the next committee is not of the next epoch of this chain";
    case hand_over_check::not_named:
      return "the outgoing committee named another committee to follow";
    case hand_over_check::bad_certificate:
      return "no quorum of the outgoing committee signed the hand-over";
  }
  return "unknown";
}

hand_over_check check(const hand_over& x, const roster& serving,
                      const signature_checker& signatures) {
  if (x.next.chain != serving.chain || x.next.epoch != serving.epoch + 1)
    return hand_over_check::wrong_epoch;
  if (x.last.statement.next_committee != digest_of(x.next))
    return hand_over_check::not_named;
  if (check(x.last, serving, signatures) != certificate_check::ok)
    return hand_over_check::bad_certificate;
  return hand_over_check::ok;
}

}  // namespace datagen::protocol::consensus

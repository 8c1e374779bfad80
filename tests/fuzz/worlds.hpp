#pragma once
// Chains with a past, for targets that need a state: a random life of the ledger tests, and a small
// Fast Chain. Signatures are taken for good, so that mutations reach the rules.

#include "tests/fuzz/target.hpp"

#include "tests/protocol/fast/fixture.hpp"
#include "tests/protocol/ledger/sequences.hpp"

namespace datagen::fuzz {

struct trusting_checker final : protocol::signature_checker {
  bool check(const protocol::public_key&, byte_view, const protocol::signature&) const override {
    return true;
  }
};

/// A Heavy Chain after `blocks` random blocks.
inline const ledger_test::sequences& heavy_life() {
  static const auto result = [] {
    auto x = std::make_unique<ledger_test::sequences>(7);
    for (int i = 0; i < 60; ++i)
      x->step();
    return x;
  }();
  return *result;
}
/// A Fast Chain with open sessions and ordered leaves.
inline const fast_test::world& fast_life() {
  static const auto result = [] {
    auto x = std::make_unique<fast_test::world>();
    for (std::uint32_t session = 0; session < 3; ++session) {
      x->open(session);
      (void)x->run({x->leaf_tx(session, 1), x->leaf_tx(session, 2, 1, 1)});
    }
    return x;
  }();
  return *result;
}

/// Machines of those chains, at genesis. Copies are cheaper than new ones.
inline const protocol::ledger::ledger_machine& heavy_genesis() {
  static const trusting_checker trusting;
  static const protocol::ledger::ledger_machine result{heavy_life().chain().start, trusting,
                                                       ledger_test::world::mock()};
  return result;
}
inline const protocol::fast::fast_machine& fast_genesis() {
  static const trusting_checker trusting;
  static const protocol::fast::fast_machine result{fast_life().start, trusting};
  return result;
}

}  // namespace datagen::fuzz

#include "protocol/ledger/state.hpp"

namespace datagen::protocol::ledger {

std::vector<digest> section_leaves(const state& x) {
  return {merkle_leaf(x.feed.view()), x.clock.leaf(),       x.accounts.leaf(),
          x.validators.leaf(),        x.sessions.leaf(),    x.checkpoints.leaf(),
          x.audits.leaf(),            x.history.leaf(),     x.treasury.leaf(),
          x.committees.leaf(),        x.authors.leaf(),     x.governance.leaf(),
          x.disputes.leaf(),          x.market.leaf()};
}

const validator_record* find_validator(const state& x, validator_id id) {
  const auto found = x.validators->find(id);
  return found == x.validators->end() ? nullptr : &found->second;
}

const session_record* find_session(const state& x, session_id id) {
  const auto found = x.sessions->all.find(id);
  return found == x.sessions->all.end() ? nullptr : &found->second;
}

const author_record* find_author(const state& x, author_id id) {
  const auto found = x.authors->find(id);
  return found == x.authors->end() ? nullptr : &found->second;
}

}  // namespace datagen::protocol::ledger

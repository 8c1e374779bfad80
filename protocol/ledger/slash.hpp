#pragma once
// What one offence takes, of validators and of Heavy authors alike (protocol.md section 4, slash).

#include "protocol/ledger/rulebook.hpp"

#include <algorithm>

namespace datagen::protocol::ledger {

/// Takes `permille` of the highest stake that `record` held within the unbonding period, at most
/// what is left. The caller puts what is returned into a bucket.
template <class Record>
amount take_share(const block_scope& b, Record& record, std::uint32_t permille) {
  std::erase_if(record.earlier, [&b](const auto& mark) { return mark.until_ms <= b.live_ms(); });
  auto highest = record.stake;
  for (const auto& mark : record.earlier)
    highest = std::max(highest, mark.stake);
  const auto taken = slash_amount(highest, record.stake, permille);
  if (taken == amount{})
    return taken;
  record.earlier.push_back({record.stake, b.live_ms() + b.params().unbonding_ms});
  record.stake -= taken;
  record.slashed += taken;
  return taken;
}

}  // namespace datagen::protocol::ledger

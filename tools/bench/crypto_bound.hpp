#pragma once
// The least that one round of consensus must cost (consensus.md section 3.5): its signatures, coin
// shares, their verification and the combination, by the very functions that the engine calls.

#include <cstdint>
#include <string>

namespace datagen::bench {

/// Processor time of one operation, microseconds.
struct crypto_costs {
  double sign_us = 0;     ///< A vertex.
  double verify_us = 0;   ///< A vertex's signature.
  double share_us = 0;    ///< An own coin share with its proof.
  double check_us = 0;    ///< Another's share.
  double combine_us = 0;  ///< q shares to a value.
};

struct crypto_bound {
  std::uint32_t authors = 0;
  std::string coin;
  crypto_costs costs;
  /// All authors in one process, every vertex verified and every value combined once.
  double round_us() const {
    return authors * (costs.sign_us + costs.share_us + costs.verify_us + costs.check_us) +
           costs.combine_us;
  }
  /// The same without what the process remembers: everybody verifies and combines for itself.
  double uncached_round_us() const {
    return authors * (costs.sign_us + costs.share_us + costs.combine_us +
                      (authors - 1) * (costs.verify_us + costs.check_us));
  }
};

/// Measures `rounds` rounds of `authors` authors on this thread. @pre `coin` names a back end
crypto_bound measure_crypto(std::uint32_t authors, const std::string& coin, std::uint32_t rounds);

}  // namespace datagen::bench

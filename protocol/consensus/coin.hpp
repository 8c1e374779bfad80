#pragma once
// Leaders of a round, drawn by a coin whose value nobody knows before the decision round (2.5).

#include "protocol/consensus/dag.hpp"

namespace datagen::protocol::consensus {

/// What a value is drawn for (3.1): equal indices of different domains have nothing in common.
enum class coin_domain : std::uint8_t {
  leaders,  ///< Index = slot round; the shares travel as vertices' coin shares.
  audits,   ///< Index = height of the block that asked (3.4).
};

/// Shares by author, as they stand in vertices.
using named_shares = std::vector<std::pair<author_index, byte_view>>;

/// Where one author's shares and everybody's values come from.
class coin_source {
public:
  virtual ~coin_source() = default;
  /// This author's share.
  virtual bytes share(coin_domain domain, std::uint64_t index) const = 0;
  virtual bool valid(author_index author, coin_domain domain, std::uint64_t index,
                     byte_view share) const = 0;
  /// The one value that any q valid shares make. @pre q valid shares of different authors
  virtual digest value(coin_domain domain, std::uint64_t index,
                       const named_shares& shares) const = 0;
};

/// The permutation of 2.5: Fisher-Yates over the authors, driven by SHA-256("leaders" || value ||
/// counter), without modulo bias. The first l entries are the round's leaders, all distinct.
std::vector<author_index> leader_permutation(const digest& value, std::size_t authors);

/// Leaders and coin of one slot round.
struct election {
  digest coin{};
  std::vector<author_index> leaders;
};

/// Who leads a round whose coin is known; nothing when the source cannot say (text DAGs).
class elector {
public:
  virtual ~elector() = default;
  /// @pre `d.coin_known(slot_round)`
  virtual std::optional<election> elect(const dag& d, round_number slot_round) const = 0;
};

/// Leaders by coin.
class coin_elector : public elector {
public:
  coin_elector(std::shared_ptr<const coin_source> coin, std::size_t authors, std::size_t leaders)
      : coin_(std::move(coin)), authors_(authors), leaders_(leaders) {}
  std::optional<election> elect(const dag& d, round_number slot_round) const override;
  /// The leaders that a known value names.
  std::vector<author_index> leaders(const digest& value) const;

private:
  std::shared_ptr<const coin_source> coin_;
  std::size_t authors_;
  std::size_t leaders_;
};

}  // namespace datagen::protocol::consensus

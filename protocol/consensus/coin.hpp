#pragma once
// Leaders of a round, drawn by a coin whose value nobody knows before the decision round (2.5).

#include "protocol/consensus/committee.hpp"

namespace datagen::protocol::consensus {

/// Where coin values come from. Asked for round r only once `dag::coin_known(r)` holds.
class coin_source {
public:
  virtual ~coin_source() = default;
  virtual digest value(round_number slot_round) const = 0;
};

/// H("dev-coin", genesis digest, epoch, round): anyone can predict it, so it is for development
/// and tests only.
class development_coin : public coin_source {
public:
  development_coin(const digest& genesis, std::uint32_t epoch) : genesis_(genesis), epoch_(epoch) {}
  digest value(round_number slot_round) const override {
    return hash("dev-coin", genesis_, epoch_, slot_round);
  }

private:
  digest genesis_;
  std::uint32_t epoch_;
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
  virtual std::optional<election> elect(round_number slot_round) const = 0;
};

/// Leaders by coin.
class coin_elector : public elector {
public:
  coin_elector(std::shared_ptr<const coin_source> coin, std::size_t authors, std::size_t leaders)
      : coin_(std::move(coin)), authors_(authors), leaders_(leaders) {}
  std::optional<election> elect(round_number slot_round) const override;

private:
  std::shared_ptr<const coin_source> coin_;
  std::size_t authors_;
  std::size_t leaders_;
};

}  // namespace datagen::protocol::consensus

#include "protocol/consensus/coin.hpp"

namespace datagen::protocol::consensus {

namespace {

/// Big-endian words of SHA-256("leaders" || value || u32 counter), eight per digest.
class word_stream {
public:
  explicit word_stream(const digest& value) : value_(value) {}
  std::uint32_t next() {
    if (position_ == digest::size) {
      encoder input;
      constexpr std::string_view domain = "leaders";  // raw, without a length: the vectors of 2.5
      input.raw({reinterpret_cast<const std::uint8_t*>(domain.data()), domain.size()});
      input(value_, counter_++);
      block_ = sha256(input.data());
      position_ = 0;
    }
    std::uint32_t word = 0;
    for (int i = 0; i < 4; ++i)
      word = word << 8 | block_.value[position_++];
    return word;
  }

private:
  digest value_;
  digest block_{};
  std::uint32_t counter_ = 0;
  std::size_t position_ = digest::size;
};

}  // namespace

std::vector<author_index> leader_permutation(const digest& value, std::size_t authors) {
  invariant(authors > 0, "leaders are elected among at least one author");
  std::vector<author_index> result(authors);
  for (std::size_t i = 0; i < authors; ++i)
    result[i] = static_cast<author_index>(i);
  word_stream words{value};
  for (std::size_t i = authors - 1; i >= 1; --i) {
    const std::uint64_t choices = i + 1;
    const std::uint64_t limit = (std::uint64_t{1} << 32) / choices * choices;
    std::uint64_t word = words.next();
    while (word >= limit)
      word = words.next();
    std::swap(result[i], result[word % choices]);
  }
  return result;
}

std::vector<author_index> coin_elector::leaders(const digest& value) const {
  auto result = leader_permutation(value, authors_);
  result.resize(leaders_);
  return result;
}

std::optional<election> coin_elector::elect(const dag& d, round_number slot_round) const {
  named_shares shares;
  const auto decision = d.params().decision_round(slot_round);
  for (std::size_t author = 0; author < authors_; ++author)
    if (const auto* x = d.first(decision, static_cast<author_index>(author)))
      shares.emplace_back(static_cast<author_index>(author), x->v->body.coin_share);
  const auto value = coin_->value(coin_domain::leaders, slot_round, shares);
  return election{value, leaders(value)};
}

}  // namespace datagen::protocol::consensus

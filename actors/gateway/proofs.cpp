#include "actors/gateway/proofs.hpp"

#include "protocol/job/placed_leaf.hpp"

#include "protocol/fast/events.hpp"

namespace datagen::web {

using namespace protocol;
namespace happened = fast::happened;

namespace {

/// Sequences behind the newest that are kept without a holder: a Heavy block may come first.
constexpr std::uint64_t recent = 64;

}  // namespace

void checkpoint_proofs::take(const v1::block_news& block) {
  for (const auto& raw : block.events) {
    const auto what = decode<fast::event>(raw);
    if (!what)
      continue;
    if (const auto* x = std::get_if<happened::leaf_ordered>(&*what)) {
      leaves_[x->checkpoint].emplace_back(x->content.job, placed_leaf(x->content, x->payable));
    } else if (const auto* made = std::get_if<happened::checkpoint_made>(&*what)) {
      uncertified_[block.height] = {made->content, {}, block.sections, block.path};
    }
  }
  while (uncertified_.size() > recent)
    uncertified_.erase(uncertified_.begin());
  while (leaves_.size() > recent)
    leaves_.erase(leaves_.begin());
}

std::optional<checkpoint_proofs::certified> checkpoint_proofs::certify(
  const consensus::certificate& proof) {
  auto node = uncertified_.extract(proof.statement.height);
  if (!node)
    return std::nullopt;
  auto& at = node.mapped();
  at.proof = proof;
  const auto sequence = at.content.sequence;
  newest_ = std::max(newest_, sequence);
  auto& kept = entries_[sequence];
  if (!kept.proof)
    kept.proof = checkpoint_proof{at, std::exchange(kept.settled, std::nullopt)};
  forget_old();
  auto leaves = leaves_.extract(sequence);
  if (!leaves || leaves.mapped().size() != at.content.leaves)
    return std::nullopt;  // following began in its midst
  std::vector<digest> hashes;
  for (const auto& [job, hash] : leaves.mapped())
    hashes.push_back(hash);
  certified result{sequence, std::move(leaves.mapped()), merkle_tree{std::move(hashes)}};
  if (result.tree.root() != at.content.leaf_root)
    return std::nullopt;
  return result;
}

bool checkpoint_proofs::wants(std::uint64_t sequence) const {
  const auto it = entries_.find(sequence);
  if (it == entries_.end())
    return sequence + recent > newest_;
  return !it->second.settled && !(it->second.proof && it->second.proof->settled);
}

bool checkpoint_proofs::settle(std::uint64_t sequence, heavy_proof proof) {
  if (!wants(sequence))
    return false;
  auto& kept = entries_[sequence];
  if (kept.proof)
    kept.proof->settled = std::move(proof);
  else
    kept.settled = std::move(proof);
  forget_old();
  return true;
}

void checkpoint_proofs::hold(std::uint64_t sequence) { ++entries_[sequence].holders; }

bool checkpoint_proofs::release(std::uint64_t sequence) {
  const auto it = entries_.find(sequence);
  if (it == entries_.end() || it->second.holders == 0 || --it->second.holders > 0)
    return false;
  forget_old();
  return true;
}

bool checkpoint_proofs::held(std::uint64_t sequence) const {
  const auto it = entries_.find(sequence);
  return it != entries_.end() && it->second.holders > 0;
}

const checkpoint_proof* checkpoint_proofs::find(std::uint64_t sequence) const {
  const auto it = entries_.find(sequence);
  return it == entries_.end() || !it->second.proof ? nullptr : &*it->second.proof;
}

void checkpoint_proofs::restore(checkpoint_proof x) {
  const auto sequence = x.at.content.sequence;
  newest_ = std::max(newest_, sequence);
  entries_[sequence].proof = std::move(x);
}

std::set<std::uint64_t> checkpoint_proofs::cut(std::uint64_t fast_height) {
  std::set<std::uint64_t> gone;
  uncertified_.erase(uncertified_.lower_bound(fast_height), uncertified_.end());
  for (auto& [sequence, kept] : entries_)
    if (kept.proof && !kept.proof->settled && kept.proof->at.content.fast_height >= fast_height) {
      kept.proof.reset();
      gone.insert(sequence);
    }
  newest_ = 0;
  for (const auto& [sequence, kept] : entries_)
    if (kept.proof)
      newest_ = sequence;
  leaves_.erase(leaves_.upper_bound(newest_), leaves_.end());  // ordered again under these numbers
  return gone;
}

void checkpoint_proofs::forget_old() {
  for (auto it = entries_.begin(); it != entries_.end() && it->first + recent < newest_;)
    it = it->second.holders == 0 ? entries_.erase(it) : std::next(it);
}

}  // namespace datagen::web

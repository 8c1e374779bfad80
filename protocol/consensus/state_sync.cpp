#include "protocol/consensus/state_sync.hpp"

namespace datagen::protocol::consensus {

std::optional<epoch_term> seated_by(const epoch_end& x, const epoch_term& serving,
                                          const signature_checker& signatures) {
  const auto& said = x.over.last.statement;
  if (x.last.index < serving.first || said.height != x.last.index || said.block != digest_of(x.last))
    return std::nullopt;
  if (check(x.over, serving.members, signatures) != hand_over_check::ok)
    return std::nullopt;
  return epoch_term{{x.over.next, said.block, x.last.timestamp_ms}, x.last.index + 1};
}

state_check check(const commit& block, const certificate& proof, const epoch_term& serving,
                  const signature_checker& signatures) {
  const auto& said = proof.statement;
  if (said.epoch != serving.members.epoch || block.index < serving.first ||
      said.next_committee != digest_of(static_cast<const roster&>(serving.members)))
    return state_check::wrong_epoch;
  if (said.height != block.index || said.block != digest_of(block))
    return state_check::not_certified;
  return check(proof, serving.members, signatures) == certificate_check::ok
           ? state_check::ok
           : state_check::bad_certificate;
}

state_fetch::piece_request state_fetch::next(std::uint64_t now_ms) {
  waiting_ = true;
  until_ms_ = now_ms + limits_.timeout_ms;
  return {++number_, height_, data_.size()};
}

bool state_fetch::begin(commit_index height, std::uint64_t size) {
  if (height == 0 || size == 0 || size > limits_.bytes_max)
    return false;
  height_ = height;
  size_ = size;
  return true;
}

bool state_fetch::add(commit_index height, std::uint64_t offset, byte_view data) {
  waiting_ = false;
  if (height != height_ || offset != data_.size() || data.empty() ||
      data.size() > limits_.piece_bytes_max || data.size() > size_ - data_.size())
    return false;
  data_.insert(data_.end(), data.begin(), data.end());
  return true;
}

}  // namespace datagen::protocol::consensus

#include "actors/heavy_start.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/ledger/machine.hpp"

namespace datagen {

using namespace protocol;

void heavy_start::ask(const peer& author) {
  if (incoming_)
    return;
  failed_ = false;
  incoming_ = {consensus::state_fetch{author.index}, {}};
  ask_for_piece();
}

void heavy_start::ask_for_piece() {
  const auto wanted = incoming_->fetch.next(context_.net->now().monotonic_ms);
  context_.net->send(self_, {role::heavy_author, incoming_->fetch.peer()},
                     v1::snapshot_query{wanted.number, 0, wanted.height, wanted.offset});
}

bool heavy_start::failed() {
  if (incoming_ && incoming_->fetch.late(context_.net->now().monotonic_ms))
    give_up();
  return std::exchange(failed_, false);
}

std::optional<ledger::standing> heavy_start::take(const peer& from, const v1::snapshot_piece& x,
                                                  std::uint64_t above) {
  if (!incoming_ || from.kind != role::heavy_author ||
      !incoming_->fetch.expects(from.index, x.request))
    return std::nullopt;
  auto& fetch = incoming_->fetch;
  if (fetch.height() == 0) {
    if (!x.proof || x.height <= above || x.proof->proof.statement.height != x.height ||
        !trust(*x.proof) || !fetch.begin(x.height, x.size)) {
      give_up();
      return std::nullopt;
    }
    incoming_->proof = *x.proof;
  }
  if (!fetch.add(x.height, x.offset, x.data)) {
    give_up();
    return std::nullopt;
  }
  if (!fetch.complete()) {
    ask_for_piece();
    return std::nullopt;
  }
  auto result = read(*incoming_);
  if (!result) {
    give_up();
    return std::nullopt;
  }
  passed_.clear();
  for (auto& end : incoming_->proof.ends)
    passed_.push_back(std::move(end.over));
  incoming_.reset();
  return result;
}

/// From genesis' committee to the one that stands behind the state.
bool heavy_start::trust(const consensus::state_proof& proof) const {
  consensus::epoch_term term{heavy_committee(*context_.chain), 1};
  for (const auto& end : proof.ends) {
    auto next = seated_by(end, term, *context_.signatures);
    if (!next)
      return false;
    term = std::move(*next);
  }
  return check(proof.block, proof.proof, term, *context_.signatures) ==
         consensus::state_check::ok;
}

std::optional<ledger::standing> heavy_start::read(const incoming& x) const {
  const auto& said = x.proof.proof.statement;
  const auto found = ledger::read_snapshot(x.fetch.data(), digest_of(*context_.chain));
  if (!found || found->clock->height != said.height || ledger::root_of(*found) != said.state_root)
    return std::nullopt;
  return ledger::standing_in(*found);
}

}  // namespace datagen

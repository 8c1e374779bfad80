#include "tests/simulation/executor.hpp"

namespace datagen::simulation {

void executor::take(const effect::output& block) {
  queue_.push_back(block);
  next();
}

void executor::next() {
  if (busy_ || queue_.empty())
    return;
  busy_ = true;
  const auto pace = pace_ms_.value_or(stage_.random() % (stage_.options.execute_max_ms + 1));
  stage_.time.after(pace, [this, life = life_] {
    if (life != life_)
      return;
    const auto block = std::move(queue_.front());
    queue_.pop_front();
    busy_ = false;
    if (!state_.epoch_over)
      done_(execute(block));
    if (life == life_)
      next();
  });
}

void executor::replay(const effect::output& block) {
  if (block.block.index > state_.index && !state_.epoch_over)
    execute(block);
}

void executor::crash() {
  ++life_;
  queue_.clear();
  busy_ = false;
}

event::commit_executed executor::execute(const effect::output& block) {
  const auto index = block.block.index;
  const auto& options = stage_.options;
  if (index > state_.index) {
    state_.index = index;
    state_.root = hash("state", state_.root, digest_of(block.block));
    for (const auto& v : block.vertices)
      for (const auto& transaction : v->body.transactions)
        if (state_.applied.insert(transaction).second)
          state_.root = hash("applied", state_.root, transaction);
    collect_shares(block);
    stage_.rules.executed(dossier_, index, state_.root);
    state_.epoch_over = index == options.last_commit_of_epoch;
  }
  event::commit_executed result{.index = index};
  if (options.beacon_every && index % options.beacon_every == 0) {
    dossier_.shares_due.insert(index);
    if (!options.beacon_withheld.contains(dossier_.author)) {
      const auto share = stage_.coin_of(dossier_.author)->share(coin_domain::audits, index);
      result.beacon_shares.push_back({index, share});
      result.urgent = true;
    }
  }
  return result;
}

void executor::collect_shares(const effect::output& block) {
  for (const auto& v : block.vertices)
    for (const auto& x : v->body.beacon_shares) {
      auto& shares = state_.shares[x.height];
      if (!shares.emplace(v->ref.author, x.share).second ||
          shares.size() != stage_.members.quorum())
        continue;
      named_shares named;
      for (const auto& [author, share] : shares)
        named.emplace_back(author, share);
      const auto coin = stage_.coin_of(dossier_.author);
      stage_.rules.beacon(dossier_, x.height,
                          {block.block.index, coin->value(coin_domain::audits, x.height, named)});
    }
}

}  // namespace datagen::simulation

#include "actors/result_supply.hpp"

namespace datagen {

using namespace protocol;

heavy_duties::duty delivery_duty(const job_id& job, std::uint8_t attempt) {
  return {hash("delivery", job, attempt), 0, duty_kind::delivery, 0};
}

result_supply::result_supply(result_supply_config config)
    : config_(std::move(config)), heavy_chain_(heavy_chain_id(*config_.context.chain)) {}

void result_supply::ask(const leaf& x) {
  open_.try_emplace({x.job, x.attempt()}, question{.content = x});
}

void result_supply::wake(const heavy_follower& heavy) {
  const auto now = config_.context.net->now().monotonic_ms;
  for (auto& [key, x] : open_) {
    if (now < x.offer_at_ms)
      continue;
    x.offer_at_ms = now + config_.retry_ms;
    offer(key, x, heavy.view().fast_authors);
  }
}

/// To as many members as must sign, starting where the last round ended.
void result_supply::offer(const job_key& key, question& x, const consensus::roster& members) {
  const auto answer = config_.find(key.first, key.second);
  if (!answer)
    return;
  const auto needed = members.size() - members.quorum() + 1;  // f+1
  for (std::size_t i = 0; i < needed; ++i)
    config_.context.net->send(
      config_.self, {role::fast_author, members.ids[x.offered++ % members.size()]},
      v1::result_offer{key.first, key.second, answer->salt, answer->result, answer->output});
}

void result_supply::kept(const heavy_follower& heavy, heavy_duties& duties,
                         const v1::result_kept& x) {
  const auto it = open_.find({x.job, x.attempt});
  if (it == open_.end())
    return;
  auto& [content, offer_at_ms, offered, signatures] = it->second;
  const auto& members = heavy.view().fast_authors;
  const auto statement =
    ledger::delivered_statement(heavy_chain_, x.job, x.attempt, content.commitment);
  const auto index = members.index_of(x.author);
  if (!index || !config_.context.signatures->check(members.authors[*index], statement, x.by))
    return;
  signatures[x.author] = x.by;
  ledger::tx::delivered answer{
    .said = {.job = x.job, .attempt = x.attempt, .validator = content.validator()},
    .signatures = {}};
  for (std::uint16_t i = 0; i < members.size(); ++i)
    if (const auto by = signatures.find(members.ids[i]); by != signatures.end())
      answer.signatures.emplace_back(i, by->second);
  if (answer.signatures.size() > members.size() - members.quorum())
    duties.owe(heavy, delivery_duty(x.job, x.attempt),
               ledger::make_unsigned(heavy_chain_, std::move(answer)));
}

}  // namespace datagen

#include "actors/input_supply.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

input_supply::input_supply(input_supply_config config)
    : config_(std::move(config)), heavy_chain_(heavy_chain_id(*config_.context.chain)) {}

void input_supply::hear(const ledger::event& what) {
  std::visit([this](const auto& x) { on(x); }, what);
}

void input_supply::on(const happened::check_requested& x) {
  const auto& order = x.subject.order.content;
  open_.try_emplace({x.subject.content.job, x.subject.content.attempt()},
                    question{.parameters = order.parameters, .input = order.input});
}

void input_supply::on(const happened::input_asked& x) {
  const auto it = open_.find({x.job, x.attempt});
  if (it == open_.end())
    return;
  it->second.asked = true;
  it->second.offer_at_ms = config_.context.net->now().monotonic_ms + config_.patience_ms;
}

void input_supply::on(const happened::input_stored& x) { open_.erase({x.job, x.attempt}); }

void input_supply::on(const happened::audit_settled& x) {
  if (x.final)
    open_.erase({x.job, x.attempt});
}

void input_supply::wake(const heavy_follower& heavy) {
  const auto now = config_.context.net->now().monotonic_ms;
  for (auto& [key, x] : open_) {
    if (!x.asked || now < x.offer_at_ms)
      continue;
    x.offer_at_ms = now + config_.retry_ms;
    offer(key, x, heavy.view().fast_authors);
  }
}

/// To as many members as must sign, starting where the last round ended.
void input_supply::offer(const job_key& key, question& x, const consensus::roster& members) {
  const auto* parameters = config_.find(x.parameters);
  const auto* input = config_.find(x.input);
  if (parameters == nullptr || input == nullptr)
    return;
  const auto needed = members.size() - members.quorum() + 1;  // f+1
  for (std::size_t i = 0; i < needed; ++i)
    config_.context.net->send(config_.self,
                              {role::fast_author, members.ids[x.offered++ % members.size()]},
                              v1::input_offer{key.first, key.second, *parameters, *input});
}

void input_supply::kept(const heavy_follower& heavy, heavy_duties& duties, const v1::input_kept& x) {
  const auto it = open_.find({x.job, x.attempt});
  if (it == open_.end() || !it->second.asked)
    return;
  const auto& members = heavy.view().fast_authors;
  const auto statement = ledger::stored_statement(heavy_chain_, x.job, x.attempt, it->second.input);
  const auto index = members.index_of(x.author);
  if (!index ||
      !config_.context.signatures->check(members.authors[*index], statement, x.by))
    return;
  auto& signatures = it->second.signatures;
  signatures[x.author] = x.by;
  ledger::tx::stored settled{x.job, x.attempt, {}};
  for (std::uint16_t i = 0; i < members.size(); ++i)
    if (const auto by = signatures.find(members.ids[i]); by != signatures.end())
      settled.signatures.emplace_back(i, by->second);
  if (settled.signatures.size() > members.size() - members.quorum())
    duties.owe(heavy, {x.job, x.attempt, duty_kind::stored, 0},
               ledger::make_unsigned(heavy_chain_, std::move(settled)));
}

}  // namespace datagen

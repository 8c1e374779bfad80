#include "tools/scenario/teller.hpp"

#include "actors/node/development.hpp"

#include "protocol/chain/development.hpp"

#include <caf/send.hpp>

namespace datagen::scenario {

namespace ledger = protocol::ledger;

namespace {

constexpr peer counter{role::gateway, 999};  // among gateways, where nobody else sits

/// What is signed for a deed; `live_ms` is Heavy's.
struct body_of {
  std::uint64_t live_ms;
  ledger::transaction_body operator()(const proposal& x) const {
    return ledger::tx::propose{x.content, live_ms + x.in_ms, x.lock};
  }
  ledger::transaction_body operator()(const auto& x) const { return x; }
};

}  // namespace

protocol::key_pair key_of(const party& x) {
  using enum protocol::development_kind;
  return protocol::development_key(x.kind == 'h' ? author : x.kind == 'u' ? account : validator,
                                   x.index);
}

teller::teller(deterministic_system& sim, const std::shared_ptr<local_transport>& net,
               const script& what, key_ring keys)
    : net_(net), script_(what), keys_(std::move(keys)), book_(std::make_shared<book>()) {
  ear_ = sim.system().spawn([kept = book_](caf::event_based_actor*) {
    return caf::behavior{[kept](const peer&, const v1::transaction_done& x) {
      if (x.outcome.code == 0)
        return;
      const auto& who = kept->signed_by[x.outcome.transaction];
      kept->nonces.erase(who);  // a refused move used none
      kept->refused.push_back(to_string(who) + ": refused: " + x.outcome.reason);
    }};
  });
  net_->attach(counter, ear_);
}

teller::~teller() { caf::anon_send_exit(ear_, caf::exit_reason::user_shutdown); }

void teller::act(const living_authors& heavy, const protocol::genesis& chain,
                 const act::move_money& x) {
  const auto* ledger = heavy.newest();
  send(heavy, chain, x.who, std::visit(body_of{ledger ? ledger->now().clock->live_ms : 0}, x.what));
}

void teller::act(const living_authors& heavy, const protocol::genesis& chain, const act::join& x) {
  const auto stake = script_.stakes.find(x.who.index);
  const auto group = script_.operators.find(x.who.index);
  send(heavy, chain, x.who,
       ledger::tx::join{
         .operator_id = group == script_.operators.end() ? x.who.index
                                                         : static_cast<std::uint32_t>(group->second),
         .stake = protocol::dg(stake == script_.stakes.end() ? usual_stake_dg : stake->second),
         .ask = x.ask != 0 ? x.ask : development_options{}.ask,
         .name = "validator-" + std::to_string(x.who.index)});
}

void teller::send(const living_authors& heavy, const protocol::genesis& chain, const party& who,
                  ledger::transaction_body body) {
  const auto* ledger = heavy.newest();
  const auto key = keys_(who);
  auto& nonce = book_->nonces[who];
  if (ledger != nullptr)
    nonce = std::max(nonce, ledger->find_account(key.identity).nonce);
  const auto signed_move =
    ledger::make_transaction(protocol::heavy_chain_id(chain), key, ++nonce, std::move(body));
  book_->signed_by[protocol::sha256(signed_move)] = who;
  for (std::uint32_t i = 0; i < script_.authors; ++i)
    net_->send(counter, {role::heavy_author, i}, v1::submit_transaction{signed_move, i == 0});
}

}  // namespace datagen::scenario

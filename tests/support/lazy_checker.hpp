#pragma once
// A checker that computes nothing: it commits whatever digest it is told the validator has. Stands in
// place of a virtual cluster's own.

#include "tests/support/virtual_cluster.hpp"

#include "actors/heavy_duties.hpp"

#include "protocol/audit/check_commitment.hpp"

namespace datagen::tests {

class lazy_checker {
public:
  /// What it copies, by job; nothing where it has not heard: then it does not appear.
  using rumours = std::shared_ptr<std::map<protocol::job_id, protocol::digest>>;

  lazy_checker(virtual_cluster& net, std::uint32_t index, rumours heard) : net_(net) {
    const peer self{role::cross_checker, index};
    auto mind = std::make_shared<state>(
      state{self, protocol::development_key(protocol::development_kind::validator, index),
            protocol::heavy_chain_id(net.net_cluster->chain()), std::move(heard)});
    actor_ = net.sim.system().spawn([mind](caf::event_based_actor* me) {
      me->delayed_send(me, std::chrono::seconds{1}, v1::alarm{});
      return caf::behavior{[mind](const peer&, const v1::heavy_news& news) { mind->follow(news); },
                           [mind, me](const v1::alarm& again) {
                             mind->follower.wake();
                             mind->duties.wake(mind->follower);
                             me->delayed_send(me, std::chrono::seconds{1}, again);
                           }};
    });
    net.net->attach(self, actor_);
    mind->follower = heavy_follower{self, net.net_cluster->context()};
    mind->duties = {self, net.net_cluster->context()};
  }
  ~lazy_checker() {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
    net_.sim.settle();
  }
  lazy_checker(const lazy_checker&) = delete;
  lazy_checker& operator=(const lazy_checker&) = delete;

private:
  struct state {
    peer self;
    protocol::key_pair key;
    protocol::chain_id chain;
    rumours heard;
    heavy_follower follower = {};
    heavy_duties duties = {};
    std::map<std::pair<protocol::job_id, std::uint8_t>, protocol::check_reveal> answers = {};

    void follow(const v1::heavy_news& news) {
      using namespace protocol::ledger;
      for (const auto& block : follower.take(news))
        for (const auto& what : block.events) {
          if (const auto* x = std::get_if<happened::check_requested>(&what))
            commit(*x);
          if (const auto* x = std::get_if<happened::reveal_requested>(&what))
            reveal(*x);
        }
    }
    void commit(const protocol::ledger::happened::check_requested& x) {
      const auto& leaf = x.subject.content;
      const auto known = heard->find(leaf.job);
      if (known == heard->end() ||
          std::find(x.checkers.begin(), x.checkers.end(), protocol::validator_id{self.index}) ==
            x.checkers.end())
        return;
      const protocol::check_reveal answer{protocol::hash("lazy salt", leaf.job, x.stage),
                                          known->second, protocol::hash("no witness")};
      answers[{leaf.job, x.stage}] = answer;
      say({leaf.job, leaf.attempt(), duty_kind::commit, x.stage},
          protocol::ledger::tx::check_commit{
            leaf.job, leaf.attempt(), x.stage,
            protocol::checker_commitment(leaf.job, {self.index}, answer)});
    }
    void reveal(const protocol::ledger::happened::reveal_requested& x) {
      const auto it = answers.find({x.job, x.stage});
      if (it != answers.end())
        say({x.job, x.attempt, duty_kind::reveal, x.stage},
            protocol::ledger::tx::check_reveal{x.job, x.attempt, x.stage, it->second.salt,
                                               it->second.result, it->second.witness});
    }
    void say(const heavy_duties::duty& what, protocol::ledger::transaction_body body) {
      duties.owe(follower, what,
                 protocol::ledger::make_transaction(chain, key, 0, std::move(body)));
    }
  };

  virtual_cluster& net_;
  caf::actor actor_;
};

}  // namespace datagen::tests

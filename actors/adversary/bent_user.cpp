// What dishonest users say: acknowledgements, inputs and Echo reports that are not what they saw.

#include "actors/adversary/straight_wire.hpp"

#include "messages/chain.hpp"
#include "messages/work.hpp"

namespace datagen {

using namespace protocol;

namespace {

/// A user that says it was given something else, to its validator and to Heavy.
class contradictor : public straight_wire {
public:
  using straight_wire::straight_wire;
  void bent(const peer& from, const peer& to, caf::message content) override {
    if (const auto* x = as<v1::job_acknowledged>(content))
      return net()->send(from, to, v1::job_acknowledged{another(x->content)});
    const auto* x = as<v1::submit_transaction>(content);
    const auto said = x ? decode<ledger::transaction>(x->transaction) : std::nullopt;
    const auto* shown = said ? std::get_if<ledger::tx::user_evidence>(&said->body) : nullptr;
    if (!shown)
      return pass(from, to, std::move(content));
    auto evidence = *shown;
    evidence.said = another(evidence.said);
    net()->send(from, to,
                v1::submit_transaction{
                  ledger::make_transaction(who().chain, who().key, said->nonce, evidence), x->tell});
  }

private:
  acknowledgement another(acknowledgement x) const {
    if (!happens(conduct_of(), to_hex(x.job)))
      return x;
    did(x.job);
    x.result = hash("another", x.result);
    x.user = sign(who().key, acknowledgement_statement(who().chain, x));
    return x;
  }
};

/// A user that has seen its own operator's validators alone.
class self_dealer : public straight_wire {
public:
  using straight_wire::straight_wire;
  void bent(const peer& from, const peer& to, caf::message content) override {
    const auto* x = as<v1::submit_transaction>(content);
    const auto said = x ? decode<ledger::transaction>(x->transaction) : std::nullopt;
    const auto* seen = said ? std::get_if<ledger::tx::echo_report>(&said->body) : nullptr;
    if (!seen || !happens(conduct_of(), std::to_string(seen->at_ms)))
      return pass(from, to, std::move(content));
    auto report = *seen;
    std::erase_if(report.best, [this](const ledger::tx::echo_entry& y) {
      return conduct_of().ring.count(y.validator.value) == 0;
    });
    if (report.best.empty())  // nobody of its own is among the best
      return pass(from, to, std::move(content));
    did(hash("report", report.session, report.at_ms));
    net()->send(from, to,
                v1::submit_transaction{
                  ledger::make_transaction(who().chain, who().key, said->nonce, report), x->tell});
  }
};

class spoiler : public straight_wire {
public:
  using straight_wire::straight_wire;
  void bent(const peer& from, const peer& to, caf::message content) override {
    const auto* x = as<v1::job_request>(content);
    if (!x || !next_happens())
      return pass(from, to, std::move(content));
    auto order = *x;
    const auto view = order.input.view();
    bytes input{view.begin(), view.end()};
    input.push_back(0);
    order.input = blob{std::move(input)};
    net()->send(from, to, std::move(order));
  }
};

}  // namespace

std::shared_ptr<transport> bend_user(std::shared_ptr<transport> net, const insider& who,
                                     const behaviour& x) {
  if (x.what == conduct::forge_user_hash)
    return std::make_shared<contradictor>(std::move(net), who, x);
  if (x.what == conduct::bad_input)
    return std::make_shared<spoiler>(std::move(net), who, x);
  return std::make_shared<self_dealer>(std::move(net), who, x);
}

}  // namespace datagen

// A user that lets its validator make leaves wrong on purpose (protocol.md section 2, step 8).

#include "actors/user.hpp"

namespace datagen {

using namespace protocol;

/// The result is what the user wanted, and the leaf will hold another one: it says so beforehand.
void user_state::proposed(const v1::canary_proposal& x) {
  const auto it = jobs_.find(x.job);
  if (!config_.offers_canaries || it == jobs_.end())
    return;
  const auto order = std::find_if(
    it->second.orders.begin(), it->second.orders.end(),
    [&x](const signed_ticket& tried) { return tried.content.attempt == x.attempt; });
  if (order == it->second.orders.end())
    return;
  const auto& content = order->content;
  if (x.truth.kernel != content.kernel || x.truth.parameters != content.parameters ||
      x.truth.input != content.input || x.truth.units > content.units_max ||
      x.truth.root != result_root(x.output.view()))
    return;
  // One truth for each attempt: two that are signed would serve to tell either.
  const auto [agreed, fresh] = it->second.agreed.try_emplace(x.attempt, x.truth);
  if (!fresh && agreed->second != x.truth)
    return;
  const auto statement =
    ledger::canary_statement(heavy_chain_, x.job, content.validator, digest_of(x.truth));
  config_.context.net->send(config_.self, config_.router,
                            v1::canary_consent{x.job, x.attempt, content.validator,
                                               sign(config_.key, statement)});
}

/// The truth of an answer whose leaf is wrong as agreed; null for any other answer. It is not
/// acknowledged: the user would sign that the wrong digest is what it was given.
const result_header* user_state::canary_of(const open_job& x, const v1::job_reply& reply) const {
  const auto agreed = x.agreed.find(reply.receipt.content.attempt());
  if (agreed == x.agreed.end() || reply.result == agreed->second ||
      agreed->second.root != result_root(reply.output.view()))
    return nullptr;
  const auto validator = heavy_.view().find(reply.receipt.order.content.validator);
  if (check(reply.receipt, config_.key.identity, validator->key, *config_.context.signatures) !=
        receipt_check::ok ||
      check_opening(reply.receipt, reply.salt, reply.result) != receipt_check::ok)
    return nullptr;
  return &agreed->second;
}

}  // namespace datagen

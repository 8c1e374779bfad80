// A user as a pool that pays for other keys, and as one of its end users (protocol.md section 1, user).

#include "actors/user.hpp"

namespace datagen {

using namespace protocol;

/// The session's id is known before it is there: it is looked for among the chain's news.
v1::pool_consent user_state::join(const v1::pool_offer& x) {
  const auto id = ledger::session_id_of(heavy_chain_, config_.key.identity, x.nonce);
  sessions_.emplace(id, open_session{.wish = {.mode = x.mode}, .expires_ms = x.expires_ms});
  const auto statement =
    ledger::delegation_statement(heavy_chain_, x.payer, x.nonce, x.expires_ms);
  return {config_.key.identity, id, sign(config_.key, statement)};
}

caf::typed_response_promise<v1::session_ready> user_state::delegate(const v1::delegation_wish& x) {
  auto promise = self_->make_response_promise<v1::session_ready>();
  const auto id = ledger::session_id_of(heavy_chain_, x.terms.key, x.nonce);
  if (x.nonce != config_.nonce + 1) {
    promise.deliver(v1::session_ready{
      .code = ec::refused_by_chain,
      .reason = "the consent is for money move " + std::to_string(x.nonce) +
                " of this pool, its next one is " + std::to_string(config_.nonce + 1),
      .session = id});
    return promise;
  }
  config_.nonce = x.nonce;
  const auto deadline_ms = config_.context.net->now().monotonic_ms + config_.session_timeout_ms;
  sessions_.emplace(
    id, open_session{.promise = promise, .for_another = true, .deadline_ms = deadline_ms});
  owe(id, ledger::make_transaction(heavy_chain_, config_.key, x.nonce, x.terms));
  return promise;
}

/// The pool's part is done; its end user finds itself a validator.
void user_state::delegated(session_id id) {
  owe(id, {});
  auto& session = sessions_.at(id);
  if (session.promise)
    session.promise->deliver(v1::session_ready{.session = id});
  sessions_.erase(id);
}

}  // namespace datagen

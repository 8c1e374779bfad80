// Canaries: jobs whose leaf a validator makes wrong on purpose, as its user agreed (protocol.md section
// 2, step 8).

#include "actors/validator.hpp"

#include "actors/storage/rows.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

/// A leaf that was signed holds the wrong digest unless the answer had to go out before the
/// registration was heard of.
void validator_state::restore_canaries() {
  canaries_ = canary_keeper{config_.self, config_.context, config_.key};
  for (const auto& x : config_.canaries) {
    const auto promised = std::find_if(
      config_.stored.begin(), config_.stored.end(), [&x](const stored_promise& held) {
        const auto& content = held.receipt.content;
        return content.job == x.opening.job && content.attempt() == x.opening.attempt &&
               digest_of(held.result) != x.opening.truth;
      });
    if (promised == config_.stored.end())
      canaries_.restore(x, canary_keeper::stage::unused);
    else
      canaries_.restore(x,
                        promised->settled ? canary_keeper::stage::undrawn
                                          : canary_keeper::stage::committed,
                        promised->receipt.content);
  }
  config_.canaries.clear();
}

/// Unverified: all that a false offer brings is a question that its user does not answer.
void validator_state::offered(const v1::canary_offer& x) { canaries_.offered({x.job, x.attempt}); }

/// The user is asked through the edges that brought its job.
void validator_state::propose(const job_key& key, held_answer answer) {
  for (const auto& to : jobs_.at(key).asked_by)
    if (to.kind == role::router)
      config_.context.net->send(
        config_.self, to,
        v1::canary_proposal{key.first, key.second, answer.truth, answer.output});
  canaries_.propose(key, std::move(answer));
}

/// Durable before it is registered: after a crash the registration must still be revealed.
void validator_state::agreed(const v1::canary_consent& x) {
  const job_key key{x.job, x.attempt};
  const auto* held = canaries_.proposed(key);
  const auto* session = held == nullptr ? nullptr : heavy_.view().find(held->order.content.session);
  if (session == nullptr || dead_ ||
      !config_.context.signatures->check(
        session->user,
        ledger::canary_statement(heavy_chain_, x.job, id_, digest_of(held->truth)), x.by))
    return;
  auto batch = std::make_shared<storage::write_batch>();
  batch->records.push_back({.kind = canary_records,
                            .key = encode(key),
                            .value = encode(canaries_.agree(heavy_, key, session->user, x.by))});
  self_->request(config_.archive, caf::infinite, v1::archive_write{std::move(batch)})
    .then([this, key](const v1::archive_written& written) {
      dead_ = dead_ || written.code != ec::ok;
      if (written.code == ec::ok)
        canaries_.enrol(heavy_, key);
    });
}

void validator_state::on(const happened::canary_registered& x) {
  if (const auto due = canaries_.hear(heavy_, x))
    give(due->first, due->second, canaries_.wrong(due->first, due->second.truth));
}

void validator_state::on(const happened::canary_revealed& x) {
  if (canaries_.hear(x))
    drop_canary({x.job, x.attempt});
}

void validator_state::watch_canaries() {
  for (const auto& [key, answer] : canaries_.wake(heavy_))
    give(key, answer, answer.truth);
  for (const auto& key : canaries_.expire(heavy_.live_ms()))
    drop_canary(key);
}

void validator_state::drop_canary(const job_key& key) {
  auto batch = std::make_shared<storage::write_batch>();
  batch->records.push_back({.kind = canary_records, .key = encode(key), .value = std::nullopt});
  write(std::move(batch));
}

}  // namespace datagen

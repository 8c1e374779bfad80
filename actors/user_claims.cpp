// A user's eye on the chains: whether its leaves are ordered (protocol.md section 2, step 6), what
// closed epochs count for its jobs, whether its results have come (step 9), and what it does about each.

#include "actors/user.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

peer user_state::next_fast_author() {
  const auto& members = heavy_.view().fast_authors.ids;
  return {role::fast_author, members[fast_author_++ % members.size()]};
}

void user_state::watch_claims(std::uint64_t now_ms) {
  for (const auto& question : claims_.due(now_ms))
    config_.context.net->send(config_.self, next_fast_author(), question);
  ask_counts(claims_.hidden(heavy_.view().fast_authors.ids.size()));
}

void user_state::watch_leaves(std::uint64_t now_ms) {
  for (const auto& question : leaves_.due(now_ms))
    config_.context.net->send(config_.self, next_fast_author(), question);
  for (auto& x : leaves_.complaints(now_ms, heavy_.live_ms(), heavy_.view().fast_authors.ids.size())) {
    const bool proof = std::holds_alternative<ledger::tx::twin_receipts>(x);
    auto transaction = proof ? ledger::make_unsigned(heavy_chain_, std::move(x))
                             : ledger::make_transaction(heavy_chain_, config_.key, 0, std::move(x));
    config_.context.net->send(config_.self, heavy_.author(complaints_++),
                              v1::submit_transaction{std::move(transaction)});
  }
}

void user_state::place(const v1::leaf_place& x) {
  leaves_.judge(x, settled_);
  deliveries_.judge(x, settled_);
}

void user_state::watch_deliveries(std::uint64_t now_ms) {
  for (const auto& question : deliveries_.due(now_ms))
    config_.context.net->send(config_.self, next_fast_author(), question);
  for (auto& x : deliveries_.filings(now_ms, settled_))
    config_.context.net->send(config_.self, heavy_.author(complaints_++),
                              v1::submit_transaction{ledger::make_transaction(
                                heavy_chain_, config_.key, 0, std::move(x))});
  for (auto& x : deliveries_.fetches(now_ms, config_.context.entropy)) {
    x.user = sign(config_.key, result_query_statement(heavy_chain_, x.job, x.attempt, x.to));
    config_.context.net->send(config_.self, next_fast_author(), x);
  }
}

/// Out of the committee's store: as good as from the validator, and acknowledged like that.
void user_state::fetched(const v1::result_sealed& x) {
  if (const auto reply = deliveries_.open(x))
    receive(*reply);
}

/// The answer to a ticket whose job is over: it came all the same, and its user says so.
void user_state::came_late(const v1::job_reply& reply) {
  const auto& order = reply.receipt.order.content;
  const auto validator = heavy_.view().find(order.validator);
  if (!validator || !deliveries_.watches(order) ||
      check_answer(reply.receipt, config_.key.identity, validator->key, reply.salt, reply.result,
                   reply.output.view(), *config_.context.signatures) != receipt_check::ok)
    return;
  deliveries_.answered(reply.receipt.content.job, order.attempt);
  acknowledge(reply.receipt, digest_of(reply.result));
}

void user_state::entry(const v1::entry_reply& x) {
  ask_counts(claims_.judge(x, heavy_.view().fast_authors.ids.size()));
}

void user_state::ask_counts(std::vector<ledger::tx::ask_for_count> questions) {
  for (const auto& x : questions)
    duties_.owe(heavy_,
                {hash("count", ledger::count_key{x.epoch, x.entry, x.job}), 0, duty_kind::count, 0},
                ledger::make_transaction(heavy_chain_, config_.key, 0, x));
}

void user_state::show_fraud() {
  for (auto& x : claims_.take_proofs()) {
    const auto& at = x.counted;
    const auto about = hash("fraud", at.epoch, at.validator, at.entry.session, at.job_index);
    duties_.owe(heavy_, {about, 0, duty_kind::fraud, 0},
                ledger::make_transaction(heavy_chain_, config_.key, 0, std::move(x)));
  }
}

void user_state::on(const happened::count_asked& x) {
  duties_.done({hash("count", ledger::count_key{x.epoch, x.entry, x.job}), 0, duty_kind::count, 0});
}

void user_state::on(const happened::claim_disproved& x) {
  duties_.done({hash("fraud", x.epoch, x.validator, x.session, x.job_index), 0, duty_kind::fraud, 0});
}

}  // namespace datagen

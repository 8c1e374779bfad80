// A job's portable receipt, and how the proofs in it are collected.

#include "actors/gateway.hpp"

#include "protocol/job/placed_leaf.hpp"

#include "protocol/receipt/portable.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

// Collecting --------------------------------------------------------------------------------------

/// A certificate may prove a checkpoint: saved jobs whose leaves are in it learn their places.
void gateway_state::place_leaves(const consensus::certificate& proof) {
  const auto made = proofs_.certify(proof);
  if (!made)
    return;
  for (std::uint32_t i = 0; i < made->leaves.size(); ++i) {
    const auto& [id, hash] = made->leaves[i];
    const auto it = saved_.find(id);
    if (it == saved_.end() || it->second.place || !it->second.receipt ||
        (placed_leaf(it->second.receipt->content, true) != hash &&
         placed_leaf(it->second.receipt->content, false) != hash))
      continue;
    it->second.place = web::leaf_place{made->sequence, i, made->tree.path(i)};
    proofs_.hold(made->sequence);
    save(it->second);
  }
  if (proofs_.held(made->sequence))
    save(*proofs_.find(made->sequence));
}

/// Certified Heavy events that are new here, beginning at the feed `feed_before`.
void gateway_state::collect(const digest& feed_before, ledger::certified_events said) {
  for (const auto& block : said.blocks) {
    const auto proof = [&] { return proof_from(feed_before, said, block.height); };
    take_committees(block, proof);
    if (said.blocks.back().height - block.height >= heavy_proof_blocks_max &&
        proof().events.blocks.size() > heavy_proof_blocks_max)
      continue;
    for (const auto& what : block.events) {
      if (const auto* settled = std::get_if<happened::checkpoint_settled>(&what)) {
        const auto sequence = settled->content.sequence;
        if (proofs_.wants(sequence) && proofs_.settle(sequence, proof()) && proofs_.held(sequence))
          if (const auto* kept = proofs_.find(sequence))
            save(*kept);
      } else if (const auto* audit = std::get_if<happened::audit_settled>(&what)) {
        const auto it = saved_.find(audit->job);
        if (it == saved_.end() || it->second.order.content.attempt != audit->attempt ||
            (it->second.audit && it->second.audit->events.proof.statement.height >= block.height))
          continue;
        it->second.audit = proof();
        save(it->second);
      } else if (const auto* admitted = std::get_if<happened::validator_admitted>(&what)) {
        admissions_.try_emplace(admitted->validator, proof());
      }
    }
  }
}

void gateway_state::save(const web::checkpoint_proof& proof) {
  if (config_.archive)
    gathered_->records.push_back(
      {std::string{web::checkpoint_records}, encode(proof.at.content.sequence), encode(proof)});
}

/// `job` is about to be forgotten or replaced.
void gateway_state::let_go(const web::saved_job& job) {
  if (job.place && proofs_.release(job.place->checkpoint) && config_.archive)
    gathered_->records.push_back(
      {std::string{web::checkpoint_records}, encode(job.place->checkpoint), std::nullopt});
}

// Answering ---------------------------------------------------------------------------------------

namespace {

/// Adds Heavy's word and the hand-overs that lead to whoever gave it, as far as they fit: a receipt
/// that proves less is better than none.
void add_proof(portable_receipt& receipt, const heavy_proof& proof,
               const web::committee_book& committees) {
  const auto epoch = proof.events.proof.statement.epoch;
  const auto reached = receipt.hand_overs.empty() ? 0 : receipt.hand_overs.back().next.epoch;
  auto before = receipt.hand_overs;
  if (epoch > reached)
    receipt.hand_overs = committees.hand_overs_to(epoch);
  receipt.heavy.push_back(proof);
  if (encode_portable(receipt).size() <= portable_bytes_max)
    return;
  receipt.heavy.pop_back();
  receipt.hand_overs = std::move(before);
}

}  // namespace

http::response gateway_state::receipt_answer(const std::string& text) const {
  const auto id = fixed_from_hex<job_id>(text);
  const auto saved = id ? saved_.find(*id) : saved_.end();
  if (saved == saved_.end() || !saved->second.receipt)
    return web::not_found("this gateway holds no receipt for job '" + text.substr(0, 80) + "'");
  const auto& job = saved->second;
  portable_receipt receipt{.held = *job.receipt,
                           .salt = job.salt,
                           .result = job.result,
                           .user = job.user,
                           .session_nonce = job.session_nonce};
  const auto validator = job.order.content.validator;
  if (const auto* known = heavy_.view().find(validator))
    receipt.validator = known->key;
  const auto add = [&](const heavy_proof& proof) { add_proof(receipt, proof, committees_); };
  if (const auto it = admissions_.find(validator); it != admissions_.end())
    add(it->second);
  if (const auto* proven = job.place ? proofs_.find(job.place->checkpoint) : nullptr) {
    const auto* seated = committees_.seating_of(proven->at.proof.statement.epoch);
    receipt.fast = fast_inclusion{job.place->index, job.place->path, proven->at};
    if (seated)
      add(*seated);
    if (proven->settled)
      add(*proven->settled);
  }
  if (job.audit)
    add(*job.audit);
  return web::bytes_answer(encode_portable(receipt));
}

}  // namespace datagen

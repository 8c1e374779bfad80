// What an archive held, taken up again: committees first, since they say which certificates count.

#include "actors/gateway.hpp"

namespace datagen {

using namespace protocol;
using web::chain_kind;

void gateway_state::restore(const web::gateway_memory& memory) {
  models_.counts = memory.counts;
  for (const auto& x : memory.hand_overs)
    committees_.take(x);
  for (const auto& x : memory.seatings)
    committees_.take(x);
  for (const auto& job : memory.jobs) {
    const auto id = job_id_of(job.order.content);
    models_.jobs.submitted(job.order.content, job.submitted_ms);
    if (job.receipt)
      models_.jobs.returned({*job.receipt, job.salt, job.result, {}}, job.output_bytes,
                            job.returned_ms, job.latency_us);
    else if (job.code != ec::ok)
      models_.jobs.refused({id, job.order.content.attempt, job.code, job.reason}, job.returned_ms);
    if (job.said)
      models_.jobs.acknowledged(*job.said, job.returned_ms);
    saved_[id] = job;
    saved_order_.emplace_back(job.submitted_ms, id);
    if (job.place)
      proofs_.hold(job.place->checkpoint);
  }
  for (const auto& x : memory.checkpoints)
    proofs_.restore(x);
  for (const auto& block : memory.fast) {  // first: Heavy speaks of leaves that these ordered
    models_.take(chain_kind::fast, block);
    proofs_.take(block);
  }
  for (const auto& block : memory.heavy)
    models_.take(chain_kind::heavy, block);
  for (const auto& proof : memory.certificates) {
    const auto x = chain_certified_by(proof);
    models_.of(x).certify(proof);
    if (x != chain_kind::fast)
      continue;
    place_leaves(proof);
    if (const auto* block = models_.fast.at(proof.statement.height))
      models_.jobs.certify(proof.statement.height, block->news.timestamp_ms);
  }
}

}  // namespace datagen

#pragma once
// What the gateway finds in its archive when it starts again, and what it keeps there: blocks of
// both chains, certificates, totals, and the jobs that passed this edge.

#include "actors/gateway/committees.hpp"
#include "actors/gateway/proofs.hpp"
#include "actors/gateway/read_models.hpp"
#include "actors/storage/store.hpp"

namespace datagen::web {

/// A job as this edge saw it; the chains tell the rest.
struct saved_job {
  protocol::signed_ticket order;
  std::uint64_t submitted_ms = 0;
  std::uint64_t returned_ms = 0;  ///< 0: no answer yet.
  std::uint64_t latency_us = 0;
  ec code = ec::ok;
  std::string reason;
  std::optional<protocol::receipt> receipt;
  protocol::digest salt;
  protocol::result_header result;
  std::uint64_t output_bytes = 0;
  std::optional<protocol::acknowledgement> said;
  protocol::account_id user;        ///< Of the session, with the nonce that makes its id.
  std::uint64_t session_nonce = 0;  ///< 0: not known.
  std::optional<leaf_place> place;  ///< In a certified checkpoint.
  std::optional<protocol::heavy_proof> audit;  ///< Of the last `audit_settled`.
};
template <class Archive>
void describe(Archive& ar, saved_job& x) {
  ar(x.order, x.submitted_ms, x.returned_ms, x.latency_us, x.code, x.reason, x.receipt, x.salt,
     x.result, x.output_bytes, x.said, x.user, x.session_nonce, x.place, x.audit);
}

inline constexpr std::string_view job_records = "gateway job";
inline constexpr std::string_view checkpoint_records = "gateway checkpoint";  ///< By sequence.
inline constexpr std::string_view hand_over_records = "gateway hand-over";  ///< By the later epoch.
inline constexpr std::string_view seating_records = "gateway seating";      ///< By Fast epoch.
inline constexpr std::string_view totals_records = "gateway totals";
/// Ascends with time, so that the oldest can be found and deleted.
inline protocol::bytes job_record_key(std::uint64_t submitted_ms, const protocol::job_id& id) {
  return protocol::encode(submitted_ms, id);
}

struct gateway_memory {
  std::vector<v1::block_news> heavy;  ///< Heights ascend.
  std::vector<v1::block_news> fast;
  std::vector<protocol::consensus::certificate> certificates;
  totals counts;
  std::vector<saved_job> jobs;  ///< Oldest first.
  std::vector<checkpoint_proof> checkpoints;  ///< Those that saved jobs are in.
  std::vector<protocol::consensus::hand_over> hand_overs;  ///< Of Heavy's authors.
  std::vector<seating> seatings;                           ///< Of Fast committees.
};

/// Reads at most `blocks_max` blocks of each chain, and all saved jobs.
storage::result<gateway_memory> load_gateway_memory(storage::store& from,
                                                    std::size_t blocks_max = 4096);

}  // namespace datagen::web

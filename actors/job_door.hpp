#pragma once
// What every door of the network asks of a job before it costs anything (protocol.md section 7.9):
// gateway, router and validator refuse alike, with the same sentences.

#include "messages/work.hpp"

#include "protocol/ledger/view.hpp"

namespace datagen {

/// Why a job is refused: nothing was kept, promised or charged. `reason` has the figures.
struct job_refusal {
  ec code = ec::ok;
  std::string reason;
};

inline constexpr std::uint64_t job_input_bytes_max = 64ULL << 20;
inline constexpr std::uint64_t job_parameter_bytes_max = 4096;  ///< No kernel takes more.

/// Is the ticket for the chain `heavy`, in a session that `now` knows, signed by its key, at a price
/// within its bid, and for a kernel that leaves are ordered of?
job_refusal check_order(const protocol::signed_ticket& order, const protocol::ledger::view& now,
                        const protocol::chain_id& heavy,
                        const protocol::signature_checker& signatures);
/// Are input and parameters within the limits, and what the ticket names?
job_refusal check_bytes(const v1::job_request& request,
                        std::uint64_t input_bytes_max = job_input_bytes_max);

}  // namespace datagen

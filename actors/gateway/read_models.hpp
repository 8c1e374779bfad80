#pragma once
// Everything the gateway knows of both chains, fed block by block.

#include "actors/gateway/audit_index.hpp"
#include "actors/gateway/job_index.hpp"
#include "actors/gateway/totals.hpp"
#include "actors/gateway/validator_index.hpp"

#include "protocol/ledger/supply.hpp"

namespace datagen::web {

/// Canonical records of Heavy's state, as an author last told them.
struct state_records {
  std::map<protocol::validator_id, protocol::ledger::validator_record> validators;
  std::optional<protocol::ledger::supply> supply;
};

struct read_models {
  struct limits {
    chain_index::limits blocks;
    job_index::limits jobs;
    std::size_t audits_max = 5'000;
  };
  read_models() : read_models(limits{}) {}
  explicit read_models(limits bounds)
      : heavy(bounds.blocks), fast(bounds.blocks), jobs(bounds.jobs), audits(bounds.audits_max) {}

  chain_index heavy;
  chain_index fast;
  settlements settled;
  job_index jobs;
  audit_index audits;
  validator_index validators;
  totals counts;
  samples results_us;   ///< From the ticket at this edge to the result.
  samples finality_ms;  ///< From a Fast block's timestamp to its certificate here.
  state_records records;

  chain_index& of(chain_kind x) { return x == chain_kind::heavy ? heavy : fast; }
  const chain_index& of(chain_kind x) const { return x == chain_kind::heavy ? heavy : fast; }

  /// What a block changed.
  struct change {
    const indexed_block* block = nullptr;  ///< Nothing when it was known.
    std::set<protocol::job_id> jobs;
    std::vector<const audit_entry*> audits;
  };
  change take(chain_kind where, v1::block_news news);
  /// Blocks from `height` on are void. @returns the jobs that changed.
  std::vector<protocol::job_id> cut(chain_kind where, std::uint64_t height);
};

}  // namespace datagen::web

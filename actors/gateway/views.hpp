#pragma once
// Read models as the JSON of the API.

#include "actors/gateway/json_forms.hpp"
#include "actors/gateway/read_models.hpp"

#include "protocol/chain/genesis.hpp"
#include "protocol/ledger/view.hpp"

namespace datagen::web {

/// `fast_final` and `settled` stand in Fast blocks alone.
json::object block_item(chain_kind where, const v1::block_news& x, const read_models& models);
json::object block_detail(chain_kind where, const v1::block_news& x,
                          const std::vector<std::uint32_t>& certifiers, const read_models& models);
json::object job_item(const job_entry& x);
json::object job_detail(const job_entry& x);
json::object audit_item(const audit_entry& x);
/// Figures come from the chain's own record where one is at hand, else from events.
json::object validator_item(protocol::validator_id id, const validator_entry& x,
                            const protocol::ledger::validator_record* record);
json::object validator_detail(protocol::validator_id id, const validator_entry& x,
                              const protocol::ledger::validator_record* record);
json::object session_item(protocol::session_id id, const protocol::ledger::session_view& x);
json::object session_detail(protocol::session_id id, const protocol::ledger::session_record& x);
json::object supply_json(const protocol::ledger::supply& x);
json::array params_json(const protocol::parameters& x);
json::object genesis_json(const protocol::genesis& x);

/// The release of the reserve as the corners of its curve, and the split of a job's price.
/// @param chain_ms Heavy's time: days are counted by it
json::object economics_json(const protocol::genesis& origin, const protocol::parameters& rules,
                            std::uint64_t chain_ms);

struct status_facts {
  std::string version;
  std::uint64_t now_ms = 0;  ///< Unix time here: what ages are counted from.
  std::uint64_t live_ms = 0;
  std::size_t heavy_authors = 0;
  std::size_t fast_authors = 0;
};
json::object status_json(const protocol::genesis& origin, const read_models& models,
                         const status_facts& facts);

}  // namespace datagen::web

// What is said to the chains and what they answer: transactions, statements of a job, events,
// proofs, and the records that a chain hands out.

#include "tests/fuzz/codec_table.hpp"

#include "actors/chain/ceremony.hpp"
#include "protocol/chain/genesis.hpp"
#include "protocol/fast/events.hpp"
#include "protocol/fast/transactions.hpp"
#include "protocol/job/echo.hpp"
#include "protocol/ledger/state.hpp"
#include "protocol/ledger/state_proof.hpp"
#include "protocol/ledger/supply.hpp"
#include "protocol/ledger/transactions.hpp"
#include "protocol/receipt/heavy_proof.hpp"
#include "protocol/receipt/trusted_checkpoint.hpp"

namespace datagen::fuzz {

using namespace protocol;

using table = codec_table<ledger::transaction, fast::transaction, ledger::event, fast::event,
                          signed_ticket, receipt, acknowledgement, leaf, result_header,
                          echo_question, ledger::certified_events, ledger::state_proof, heavy_proof,
                          trusted_checkpoint, genesis, ledger::account, ledger::session_record,
                          ledger::validator_record, ledger::audit_record, ledger::checkpoint_record,
                          ledger::supply, dkg::dealing, coin_keys>;

void check(byte_view data) { table::check(data); }
std::vector<bytes> seeds() { return table::seeds(64); }

}  // namespace datagen::fuzz

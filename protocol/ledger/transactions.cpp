#include "protocol/ledger/transactions.hpp"

namespace datagen::protocol::ledger {

bytes transaction_statement(const transaction& x) {
  return encode("datagen/v1/transaction", hash("transaction", x.chain, x.sender, x.nonce, x.body));
}

bytes make_transaction(const chain_id& chain, const key_pair& sender, std::uint64_t nonce,
                       transaction_body body) {
  transaction x{.chain = chain, .sender = sender.identity, .nonce = nonce, .body = std::move(body)};
  x.by = sign(sender, transaction_statement(x));
  return encode(x);
}

bytes make_unsigned(const chain_id& chain, transaction_body body) {
  return encode(transaction{.chain = chain, .body = std::move(body)});
}

session_id session_id_of(const chain_id& chain, const account_id& sender, std::uint64_t nonce) {
  const auto full = hash("session", chain, sender, nonce);
  session_id result;
  for (std::size_t i = 0; i < 8; ++i)
    result.value = result.value << 8 | full.value[i];
  return result;
}

bytes echo_statement(const chain_id& chain, session_id session, const digest& package,
                     validator_id validator, const digest& result) {
  return encode("datagen/v1/echo", hash("echo", chain, session, package, validator, result));
}

bytes stored_statement(const chain_id& chain, const job_id& job, std::uint8_t attempt,
                       const digest& input) {
  return encode("datagen/v1/stored", hash("stored", chain, job, attempt, input));
}

bytes canary_statement(const chain_id& chain, const job_id& job, validator_id validator,
                       const digest& truth) {
  return encode("datagen/v1/canary", hash("canary", chain, job, validator, truth));
}

digest canary_commitment(const tx::reveal_canary& x) {
  return hash("canary commitment", x.secret, x.job, x.truth, x.by);
}

bytes probe_statement(const chain_id& chain, session_id session, const digest& package,
                      validator_id validator) {
  return encode("datagen/v1/probe", hash("probe", chain, session, package, validator));
}

bytes delegation_statement(const chain_id& chain, const account_id& pool, std::uint64_t nonce,
                           std::uint64_t expires_ms) {
  return encode("datagen/v1/delegation", hash("delegation", chain, pool, nonce, expires_ms));
}

bytes delivered_statement(const chain_id& chain, const job_id& job, std::uint8_t attempt,
                          const digest& commitment) {
  return encode("datagen/v1/delivered", hash("delivered", chain, job, attempt, commitment));
}

bytes wrong_witness_statement(const chain_id& chain, const job_id& job, std::uint8_t attempt,
                              validator_id checker, const digest& witness) {
  return encode("datagen/v1/wrong-witness",
                hash("wrong witness", chain, job, attempt, checker, witness));
}

}  // namespace datagen::protocol::ledger

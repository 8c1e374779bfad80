#include "protocol/job/job.hpp"

#include "protocol/crypto/merkle.hpp"

#include <algorithm>
#include <limits>

namespace datagen::protocol {

job_id job_id_of(const ticket& x) { return hash("job", x.chain, x.session, x.sequence); }

digest digest_of(const ticket& x) { return hash("ticket", x); }

std::uint64_t price_of(const ticket& x, std::uint64_t units) {
  const auto price = (static_cast<uint128>(units) * x.unit_price + 999) / 1000;
  constexpr uint128 most = std::numeric_limits<std::uint64_t>::max();
  return static_cast<std::uint64_t>(std::min(price, most));
}

bytes ticket_statement(const ticket& x) { return encode("datagen/v1/ticket", digest_of(x)); }

digest result_root(byte_view output) {
  std::vector<digest> leaves;
  for (std::size_t at = 0; at < output.size(); at += result_chunk_bytes)
    leaves.push_back(
      merkle_leaf(output.subspan(at, std::min(result_chunk_bytes, output.size() - at))));
  return merkle_root(leaves);
}

digest digest_of(const result_header& x) { return hash("result", x); }

digest salt_for(const secret_key& validator, const job_id& job, std::uint8_t attempt) {
  return hmac(validator.view(), encode("datagen/v1/salt", job, attempt));
}

digest commitment_of(const digest& salt, const job_id& job, std::uint8_t attempt,
                     validator_id validator, const digest& result) {
  return hash("commitment", salt, job, attempt, validator, result);
}

leaf make_leaf(const ticket& x, std::uint64_t units, const digest& commitment) {
  return {.job = job_id_of(x),
          .input = x.input,
          .commitment = commitment,
          .session = x.session,
          .sequence = x.sequence,
          .validator_attempt = x.validator.value << 8 | x.attempt,
          .units = units,
          .fee = price_of(x, units)};
}

digest leaf_hash(const leaf& x) { return merkle_leaf(encode(x)); }

bytes receipt_statement(const ticket& order, const leaf& content, std::uint64_t deadline_ms) {
  return encode("datagen/v1/receipt", hash("receipt", order.chain, digest_of(order), content, deadline_ms));
}

bytes acknowledgement_statement(const chain_id& chain, const acknowledgement& x) {
  return encode("datagen/v1/acknowledgement",
                hash("acknowledgement", chain, x.job, x.attempt, x.validator, x.result));
}

const char* to_string(receipt_check x) {
  switch (x) {
    case receipt_check::ok: return "ok";
    case receipt_check::wrong_job: return "leaf and ticket name different jobs";
    case receipt_check::wrong_input: return "the leaf is about another input";
    case receipt_check::wrong_fee: return "the fee is not the ticket's price of the units used";
    case receipt_check::bad_user_signature: return "the ticket is not signed by the session's key";
    case receipt_check::bad_validator_signature: return "the leaf is not signed by the validator's key";
    case receipt_check::wrong_result: return "salt and result do not open the leaf";
  }
  return "unknown";
}

receipt_check check(const receipt& x, const public_key& user, const public_key& validator,
                    const signature_checker& signatures) {
  const auto& order = x.order.content;
  const auto expected = make_leaf(order, x.content.units, x.content.commitment);
  if (x.content.job != expected.job || x.content.session != order.session ||
      x.content.sequence != order.sequence ||
      x.content.validator_attempt != expected.validator_attempt || order.validator.value >> 24 != 0)
    return receipt_check::wrong_job;
  if (x.content.input != order.input)
    return receipt_check::wrong_input;
  if (x.content.fee != expected.fee || x.content.units > order.units_max)
    return receipt_check::wrong_fee;
  if (!signatures.check(user, ticket_statement(order), x.order.user))
    return receipt_check::bad_user_signature;
  if (!signatures.check(validator, receipt_statement(order, x.content, x.deadline_ms), x.validator))
    return receipt_check::bad_validator_signature;
  return receipt_check::ok;
}

receipt_check check_opening(const receipt& x, const digest& salt, const result_header& result) {
  const auto& order = x.order.content;
  if (result.kernel != order.kernel || result.parameters != order.parameters ||
      result.input != order.input || result.units != x.content.units)
    return receipt_check::wrong_result;
  const auto commitment = commitment_of(salt, x.content.job, x.content.attempt(),
                                        x.content.validator(), digest_of(result));
  return commitment == x.content.commitment ? receipt_check::ok : receipt_check::wrong_result;
}

receipt_check check_answer(const receipt& x, const public_key& user, const public_key& validator,
                           const digest& salt, const result_header& result, byte_view output,
                           const signature_checker& signatures) {
  if (const auto held = check(x, user, validator, signatures); held != receipt_check::ok)
    return held;
  if (const auto opens = check_opening(x, salt, result); opens != receipt_check::ok)
    return opens;
  return result_root(output) == result.root ? receipt_check::ok : receipt_check::wrong_result;
}

}  // namespace datagen::protocol

#include "protocol/job/delivery.hpp"

namespace datagen::protocol {

namespace {

bytes box_context() { return encode("datagen/v1/stored-result"); }

}  // namespace

bytes result_query_statement(const chain_id& chain, const job_id& job, std::uint8_t attempt,
                             const box_public& to) {
  return encode("datagen/v1/result-query", chain, job, attempt, to);
}

std::optional<bytes> seal_result(const box_key_pair& from, const box_public& to,
                                 const stored_result& x) {
  return seal(from, to, box_context(), encode(x));
}

std::optional<stored_result> open_result(const box_key_pair& to, const box_public& from,
                                         byte_view sealed) {
  const auto message = open(to, from, box_context(), sealed);
  return message ? decode<stored_result>(*message) : std::nullopt;
}

bool is_result_of(const stored_result& x) {
  const auto& leaf = x.held.content;
  return x.result.units == leaf.units && x.result.input == leaf.input &&
         commitment_of(x.salt, leaf.job, leaf.attempt(), leaf.validator(), digest_of(x.result)) ==
           leaf.commitment &&
         result_root(x.output) == x.result.root;
}

}  // namespace datagen::protocol

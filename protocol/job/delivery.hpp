#pragma once
// A result on its way to its user through the committee's temporary store (protocol.md section 2,
// steps 8 and 9): who may have it, and that nobody else can read it on the way.

#include "protocol/crypto/box.hpp"
#include "protocol/job/job.hpp"

namespace datagen::protocol {

/// What a user signs to be handed a result, sealed to `to`: a key of the moment, so that one who
/// repeats the question gains nothing.
bytes result_query_statement(const chain_id& chain, const job_id& job, std::uint8_t attempt,
                             const box_public& to);

/// What the store holds of a job: all that its user checks.
struct stored_result {
  receipt held;  ///< As the Heavy Chain knows it.
  digest salt;
  result_header result;
  bytes output;
};
template <class Archive>
void describe(Archive& ar, stored_result& x) { ar(x.held, x.salt, x.result, x.output); }

/// Sealed by `from`, which serves this one answer. @returns nothing where `to` is of small order
std::optional<bytes> seal_result(const box_key_pair& from, const box_public& to,
                                 const stored_result& x);
/// Nothing where the keys or any byte differ.
std::optional<stored_result> open_result(const box_key_pair& to, const box_public& from,
                                         byte_view sealed);

/// Does `x` open the leaf that it is held for, and is its output what the result is about?
bool is_result_of(const stored_result& x);

}  // namespace datagen::protocol

#pragma once
// A job's life in signed statements (protocol.md section 2, steps 5 and 6): the user signs a ticket,
// the validator answers with result, salt and receipt, the user acknowledges. The receipt is the
// validator's one signature over the leaf and its deadline: exactly what travels to the Fast Chain,
// so what the user holds and what the chain orders cannot differ unnoticed.

#include "protocol/crypto/hash.hpp"
#include "protocol/crypto/sign.hpp"

namespace datagen::protocol {

/// A kernel by name and version, e.g. {"merkle.root", 0}. Names have at most 32 characters.
struct kernel_ref {
  std::string name;
  std::uint32_t version = 0;
  friend auto operator<=>(const kernel_ref&, const kernel_ref&) = default;
};
inline constexpr std::size_t kernel_name_max = 32;

template <class Archive>
void describe(Archive& ar, kernel_ref& x) {
  ar(x.name, x.version);
  if constexpr (std::is_same_v<Archive, decoder>)
    ar.require(!x.name.empty() && x.name.size() <= kernel_name_max);
}

/// What a user is willing to pay one validator for one attempt at one job. Prices are in 10^-9 DG.
struct ticket {
  chain_id chain;                    ///< Heavy Chain that holds the escrow.
  session_id session;
  std::uint32_t sequence = 0;        ///< Counts up within the session; with it names the job.
  std::uint8_t attempt = 0;          ///< 0 = paired validator; +1 per fail-over.
  validator_id validator;            ///< Who may run it, and be paid from its lane.
  kernel_ref kernel;
  digest parameters;                 ///< SHA-256 of the kernel's canonical parameter bytes.
  digest input;                      ///< SHA-256 of the input bytes.
  std::uint64_t units_max = 0;       ///< Work bought; a job that needs more ends with `limit`.
  std::uint64_t unit_price = 0;      ///< 10^-9 DG per 1,000 units, at most the session's bid.
  std::uint64_t declared_value = 0;  ///< 10^-9 DG: what a wrong result would cost the user.
  std::uint64_t deadline_ms = 0;     ///< Unix time after which the user no longer wants it.
  std::uint8_t flags = 0;            ///< `ticket_flag` bits.
  friend bool operator==(const ticket&, const ticket&) = default;
};
enum ticket_flag : std::uint8_t {
  ticket_sensitive = 1,  ///< R33: never leaves the session's validator and its checkers.
  ticket_uninsured = 2,  ///< Runs beyond the value cap while Heavy is away; unpaid until it is back.
};

template <class Archive>
void describe(Archive& ar, ticket& x) {
  ar(x.chain, x.session, x.sequence, x.attempt, x.validator, x.kernel, x.parameters, x.input,
     x.units_max, x.unit_price, x.declared_value, x.deadline_ms, x.flags);
}

/// H("job", chain, session, sequence): the same for every attempt.
job_id job_id_of(const ticket& x);
digest digest_of(const ticket& x);
/// ceil(units * unit_price / 1000) in 10^-9 DG: what `units` cost under this ticket, saturating.
std::uint64_t price_of(const ticket& x, std::uint64_t units);

struct signed_ticket {
  ticket content;
  signature user;  ///< By the session's key over `ticket_statement`.
  friend bool operator==(const signed_ticket&, const signed_ticket&) = default;
};
template <class Archive>
void describe(Archive& ar, signed_ticket& x) {
  ar(x.content, x.user);
}
bytes ticket_statement(const ticket& x);

/// How a kernel ended; deterministic, so it is compared like the output.
enum class exit_status : std::uint8_t {
  ok = 0,
  limit = 1,    ///< More units than the ticket bought.
  refused = 2,  ///< The kernel's check refused parameters or input.
};
constexpr exit_status max_value(exit_status) { return exit_status::refused; }

/// Everything two honest machines must agree on. Its digest is what is compared in an audit.
struct result_header {
  kernel_ref kernel;
  digest parameters;
  digest input;
  exit_status exit = exit_status::ok;
  std::uint64_t units = 0;  ///< Units used.
  digest root;              ///< `result_root` of the output bytes.
  friend bool operator==(const result_header&, const result_header&) = default;
};
template <class Archive>
void describe(Archive& ar, result_header& x) {
  ar(x.kernel, x.parameters, x.input, x.exit, x.units, x.root);
}
inline constexpr std::size_t result_chunk_bytes = 65536;
/// RFC 6962 root over chunks of 64 KiB: hashing then scales over cores (kernels.md decision 7).
digest result_root(byte_view output);
digest digest_of(const result_header& x);

/// Salt = HMAC(validator secret, job id, attempt): without it a commitment tells nothing.
digest salt_for(const secret_key& validator, const job_id& job, std::uint8_t attempt);
/// H(salt, job id, attempt, validator, result digest).
digest commitment_of(const digest& salt, const job_id& job, std::uint8_t attempt,
                     validator_id validator, const digest& result);

/// What a job leaves on chain: 128 bytes, whatever the size of input and output.
struct leaf {
  job_id job;
  digest input;
  digest commitment;
  session_id session;
  std::uint32_t sequence = 0;
  std::uint32_t validator_attempt = 0;  ///< Validator id in the upper 24 bits, attempt in the lower 8.
  std::uint64_t units = 0;
  std::uint64_t fee = 0;  ///< Price of the units used, 10^-9 DG.
  friend auto operator<=>(const leaf&, const leaf&) = default;
  validator_id validator() const { return {validator_attempt >> 8}; }
  std::uint8_t attempt() const { return static_cast<std::uint8_t>(validator_attempt & 0xff); }
};
inline constexpr std::size_t leaf_bytes = 128;
template <class Archive>
void describe(Archive& ar, leaf& x) {
  ar(x.job, x.input, x.commitment, x.session, x.sequence, x.validator_attempt, x.units, x.fee);
}
/// The leaf of `x` after `units` of work with commitment `commitment`.
leaf make_leaf(const ticket& x, std::uint64_t units, const digest& commitment);
/// Leaf hash in the block's Merkle tree.
digest leaf_hash(const leaf& x);

/// A validator's promise: this leaf will be ordered on the Fast Chain before `deadline_ms` of Heavy
/// live time. Anyone who holds one whose leaf is missing or differs can prove the fault.
struct receipt {
  signed_ticket order;
  leaf content;
  std::uint64_t deadline_ms = 0;  ///< Heavy live time, milliseconds since genesis.
  signature validator;            ///< By the validator's key over `receipt_statement`.
  friend bool operator==(const receipt&, const receipt&) = default;
};
template <class Archive>
void describe(Archive& ar, receipt& x) {
  ar(x.order, x.content, x.deadline_ms, x.validator);
}
bytes receipt_statement(const ticket& order, const leaf& content, std::uint64_t deadline_ms);

/// The user's word for what it received; shortens the wait for payment, and is its evidence.
struct acknowledgement {
  job_id job;
  std::uint8_t attempt = 0;
  validator_id validator;
  digest result;
  signature user;
  friend bool operator==(const acknowledgement&, const acknowledgement&) = default;
};
template <class Archive>
void describe(Archive& ar, acknowledgement& x) {
  ar(x.job, x.attempt, x.validator, x.result, x.user);
}
bytes acknowledgement_statement(const chain_id& chain, const acknowledgement& x);

/// Why a receipt does not hold; the first failing rule wins.
enum class [[nodiscard]] receipt_check : std::uint8_t {
  ok = 0,
  wrong_job = 1,             ///< Leaf and ticket name different jobs, sessions or attempts.
  wrong_input = 2,           ///< The leaf is about another input.
  wrong_fee = 3,             ///< Fee is not the ticket's price of the units, or exceeds units_max.
  bad_user_signature = 4,    ///< The ticket was not signed by the session's key.
  bad_validator_signature = 5,
  wrong_result = 6,          ///< The result does not belong to the ticket, or does not open the leaf.
};
constexpr receipt_check max_value(receipt_check) { return receipt_check::wrong_result; }
const char* to_string(receipt_check x);

/// Does `x` hold under the keys of its user and validator (step 6, what FC checks)?
receipt_check check(const receipt& x, const public_key& user, const public_key& validator,
                    const signature_checker& signatures);
/// Do salt and result open the leaf (step 5, what the user checks)?
receipt_check check_opening(const receipt& x, const digest& salt, const result_header& result);
/// All that a user checks before it believes an answer: the receipt, its opening, and that `output`
/// is what the result is about.
receipt_check check_answer(const receipt& x, const public_key& user, const public_key& validator,
                           const digest& salt, const result_header& result, byte_view output,
                           const signature_checker& signatures);

}  // namespace datagen::protocol

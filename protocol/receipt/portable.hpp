#pragma once
// The portable receipt (protocol.md section 5): one value that binds user, code, input, result,
// price, Fast Chain inclusion, Heavy checkpoint and audit outcome. Whoever holds the genesis file
// checks it offline. Later parts may be missing: a receipt starts as the validator's promise, is
// ordered with a Fast certificate and settled with Heavy's.
//
// What it proves, it proves from a committee that the reader trusts: genesis' or a checkpoint's,
// and those that it handed over to. Alone from genesis a receipt is "valid from genesis, not proven
// recent": keys of committees long gone may be in anybody's hands.

#include "protocol/chain/committees.hpp"
#include "protocol/receipt/heavy_proof.hpp"
#include "protocol/receipt/trusted_checkpoint.hpp"

namespace datagen::protocol {

inline constexpr std::size_t portable_bytes_max = std::size_t{1024} * 1024;
inline constexpr std::size_t portable_heavy_proofs_max = 8;
/// Longer chains of committees are not carried along: their readers need a checkpoint.
inline constexpr std::size_t portable_hand_overs_max = 256;

/// The leaf's place: in a checkpoint, and the checkpoint in a certified Fast state.
struct fast_inclusion {
  std::uint32_t index = 0;
  std::vector<digest> leaf_path;  ///< To `at.content.leaf_root`.
  ledger::tx::checkpoint at;
};
template <class Archive>
void describe(Archive& ar, fast_inclusion& x) {
  ar(x.index, x.leaf_path, x.at);
}

struct portable_receipt {
  receipt held;  ///< Ticket, leaf, both signatures.
  digest salt;   ///< With `result` it opens the leaf.
  result_header result;
  public_key user;
  std::uint64_t session_nonce = 0;  ///< Of `open_session`: binds `user` to the session; 0 = unsaid.
  public_key validator;
  std::optional<fast_inclusion> fast;
  /// Heavy's, one epoch after the other, up to the newest that a proof below needs.
  std::vector<consensus::hand_over> hand_overs;
  /// Any of: the checkpoint settled, the audit's outcome, the session opened, the validator
  /// admitted, the Fast committee of `fast` seated (from epoch 1 on).
  std::vector<heavy_proof> heavy;
};
inline constexpr std::string_view portable_format = "datagen/v1/portable-receipt";

/// Canonical bytes, opening with the format's name.
bytes encode_portable(const portable_receipt& x);
/// @returns nothing for other formats, non-canonical bytes and sizes beyond `portable_bytes_max`.
std::optional<portable_receipt> decode_portable(byte_view data);

/// How far a job has come, as far as this receipt proves.
enum class portable_stage : std::uint8_t {
  promised = 0,  ///< The validator signed the leaf; it must be ordered before its deadline.
  ordered = 1,   ///< The Fast committee certified it (fast-final).
  settled = 2,   ///< Heavy ordered its checkpoint: counts for money and draws.
};
const char* to_string(portable_stage x);

/// Why a receipt is refused; the first failing rule wins. Stored and sent: append, never renumber.
enum class [[nodiscard]] portable_check : std::uint8_t{
  ok = 0,
  wrong_chain = 1,              ///< Made for another genesis.
  too_many_proofs = 2,          ///< `portable_heavy_proofs_max`.
  bad_heavy_proof = 3,          ///< `heavy_proof_check` names the rule.
  unknown_validator = 4,        ///< Neither in genesis nor admitted in a Heavy proof.
  wrong_validator = 5,          ///< Genesis or Heavy know the validator under another key.
  wrong_user = 6,               ///< The session belongs to another key.
  bad_receipt = 7,              ///< `receipt_check` names the rule.
  wrong_opening = 8,            ///< Salt and result do not open the leaf.
  wrong_leaf_path = 9,          ///< The leaf is not in the checkpoint.
  wrong_checkpoint_path = 10,   ///< The checkpoint is not in the certified Fast state.
  bad_fast_certificate = 11,    ///< No quorum of the Fast committee of its epoch.
  conflicting_checkpoint = 12,  ///< Heavy settled another checkpoint of this sequence.
  too_many_hand_overs = 13,     ///< `portable_hand_overs_max`.
  untrusted_start = 14,         ///< The hand-overs begin at a committee the reader does not trust.
  bad_hand_over = 15,           ///< `hand_over_check` names the rule; epochs count up by one.
  other_committee = 16,         ///< They lead to another committee or block than the checkpoint's.
  unknown_committee = 17,  ///< A certificate of an epoch that neither trust nor hand-over covers.
};

/// What a valid receipt proves. `reason` is a sentence for people, of success too.
struct portable_report {
  portable_check code = portable_check::ok;
  std::string reason;
  portable_stage stage = portable_stage::promised;
  bool user_proven = false;  ///< The key is the session's; otherwise only the ticket's signer.
  std::optional<ledger::happened::audit_settled> audit;  ///< The last one proven for this leaf.
  std::string
    trust;  ///< Whom the reader has to believe, e.g. "valid from genesis, not proven recent".
};

/// Checks everything `x` carries against `start` and, where given, a trusted checkpoint: no
/// network, no clock, no state.
portable_report check_portable(const genesis& start, const portable_receipt& x,
                               const signature_checker& signatures,
                               const trusted_checkpoint* anchor = nullptr);

}  // namespace datagen::protocol

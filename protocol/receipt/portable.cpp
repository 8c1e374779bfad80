#include "protocol/receipt/portable.hpp"

namespace datagen::protocol {

namespace {

namespace heard = ledger::happened;
using code = portable_check;

template <class Archive>
void describe_fields(Archive& ar, portable_receipt& x) {
  ar(x.held, x.salt, x.result, x.user, x.session_nonce, x.validator, x.fast, x.heavy);
}

/// What proven Heavy events say about one receipt; events come in the order of their heights.
struct facts {
  const portable_receipt& about;
  std::optional<public_key> validator;
  std::optional<account_id> user;
  std::optional<ledger::tx::checkpoint_content> settled;
  std::optional<heard::audit_settled> audit;
  std::uint64_t audit_height = 0;

  void hear(std::uint64_t, const heard::validator_admitted& x) {
    if (x.validator == about.held.content.validator())
      validator = x.key;
  }
  void hear(std::uint64_t, const heard::session_opened& x) {
    if (x.session == about.held.content.session)
      user = x.user;
  }
  void hear(std::uint64_t, const heard::checkpoint_settled& x) {
    if (about.fast && x.content.sequence == about.fast->at.content.sequence)
      settled = x.content;
  }
  void hear(std::uint64_t height, const heard::audit_settled& x) {
    const auto& leaf = about.held.content;
    if (x.job == leaf.job && x.attempt == leaf.attempt() && height >= audit_height) {
      audit = x;
      audit_height = height;
    }
  }
  template <class Other>
  void hear(std::uint64_t, const Other&) {}
};

portable_report refuse(portable_check why, std::string reason) {
  return {.code = why, .reason = std::move(reason)};
}

portable_report check_heavy(const genesis& start, const portable_receipt& x,
                            const signature_checker& signatures, facts& known) {
  if (x.heavy.size() > portable_heavy_proofs_max)
    return refuse(code::too_many_proofs, std::to_string(x.heavy.size()) +
                                           " Heavy proofs; at most " +
                                           std::to_string(portable_heavy_proofs_max));
  const auto committee = heavy_committee(start);
  for (const auto& proof : x.heavy) {
    if (const auto held = check(proof, committee, signatures); held != heavy_proof_check::ok)
      return refuse(code::bad_heavy_proof, to_string(held));
    for (const auto& block : proof.events.blocks)
      for (const auto& event : block.events)
        std::visit([&](const auto& said) { known.hear(block.height, said); }, event);
  }
  return {};
}

/// Who signed: the validator's key must be genesis' or Heavy's, the user's the session's.
portable_report check_signers(const genesis& start, const portable_receipt& x, facts& known) {
  const auto id = x.held.content.validator();
  if (!known.validator && id.value < start.validators.size())
    known.validator = start.validators[id.value].key;
  if (!known.validator)
    return refuse(code::unknown_validator, "validator " + std::to_string(id.value) +
                                             " is not in genesis, and no proof admits it");
  if (*known.validator != x.validator)
    return refuse(code::wrong_validator,
                  "validator " + std::to_string(id.value) + " has another key");
  if (known.user && *known.user != x.user)
    return refuse(code::wrong_user, "Heavy opened the session for another key");
  if (x.session_nonce != 0) {
    const auto session = ledger::session_id_of(heavy_chain_id(start), x.user, x.session_nonce);
    if (session != x.held.content.session)
      return refuse(code::wrong_user, "key and nonce do not make this session's id");
  }
  return {};
}

portable_report check_receipt(const portable_receipt& x, const signature_checker& signatures) {
  if (const auto held = check(x.held, x.user, x.validator, signatures); held != receipt_check::ok)
    return refuse(code::bad_receipt, to_string(held));
  if (const auto opens = check_opening(x.held, x.salt, x.result); opens != receipt_check::ok)
    return refuse(code::wrong_opening, to_string(opens));
  return {};
}

portable_report check_fast(const genesis& start, const portable_receipt& x,
                           const signature_checker& signatures) {
  const auto& [content, proof, sections, path] = x.fast->at;
  if (!merkle_verify(content.leaf_root, leaf_hash(x.held.content), x.fast->index, content.leaves,
                     x.fast->leaf_path))
    return refuse(code::wrong_leaf_path,
                  "the leaf is not in checkpoint " + std::to_string(content.sequence));
  const auto section = merkle_leaf(digest_of(content).view());
  if (!merkle_verify(proof.statement.state_root, section, 0, sections, path))
    return refuse(code::wrong_checkpoint_path, "checkpoint " + std::to_string(content.sequence) +
                                                 " is not in the certified Fast state");
  if (check(proof, fast_committee(start), signatures) != consensus::certificate_check::ok)
    return refuse(code::bad_fast_certificate,
                  "no quorum of genesis' Fast committee signed the checkpoint's block");
  return {};
}

}  // namespace

bytes encode_portable(const portable_receipt& x) {
  encoder ar;
  ar(portable_format);
  describe_fields(ar, const_cast<portable_receipt&>(x));
  return ar.take();
}

std::optional<portable_receipt> decode_portable(byte_view data) {
  if (data.size() > portable_bytes_max)
    return std::nullopt;
  decoder ar{data};
  std::string format;
  ar(format);
  if (!ar.ok() || format != portable_format)
    return std::nullopt;
  portable_receipt result;
  describe_fields(ar, result);
  if (!ar.finished())
    return std::nullopt;
  return result;
}

const char* to_string(portable_stage x) {
  switch (x) {
    case portable_stage::promised:
      return "promised";
    case portable_stage::ordered:
      return "ordered";
    case portable_stage::settled:
      return "settled";
  }
  return "unknown";
}

portable_report check_portable(const genesis& start, const portable_receipt& x,
                               const signature_checker& signatures) {
  if (x.held.order.content.chain != heavy_chain_id(start))
    return refuse(code::wrong_chain, "the ticket names another chain than this genesis makes");
  facts known{.about = x};
  if (auto bad = check_heavy(start, x, signatures, known); bad.code != code::ok)
    return bad;
  if (auto bad = check_signers(start, x, known); bad.code != code::ok)
    return bad;
  if (auto bad = check_receipt(x, signatures); bad.code != code::ok)
    return bad;
  portable_report result{.user_proven = known.user.has_value() || x.session_nonce != 0,
                         .audit = known.audit};
  if (x.fast) {
    if (auto bad = check_fast(start, x, signatures); bad.code != code::ok)
      return bad;
    result.stage = portable_stage::ordered;
    if (known.settled && *known.settled != x.fast->at.content)
      return refuse(code::conflicting_checkpoint,
                    "Heavy settled another checkpoint " + std::to_string(known.settled->sequence));
    if (known.settled)
      result.stage = portable_stage::settled;
  }
  result.reason = std::string{to_string(result.stage)} + ": valid from genesis, not proven recent";
  return result;
}

}  // namespace datagen::protocol

#include "protocol/receipt/portable.hpp"

#include "protocol/job/placed_leaf.hpp"
#include <algorithm>

namespace datagen::protocol {

namespace {

namespace heard = ledger::happened;
using code = portable_check;

template <class Archive>
void describe_fields(Archive& ar, portable_receipt& x) {
  ar(x.held, x.salt, x.result, x.user, x.session_nonce, x.validator, x.fast, x.hand_overs, x.heavy);
}

/// Committees of one chain by epoch: those trusted, and those that are proven to follow.
using rosters = std::map<std::uint32_t, consensus::roster>;

/// What proven Heavy events say about one receipt; events come in the order of their heights.
struct facts {
  const portable_receipt& about;
  rosters fast;  ///< Genesis' Fast committee and those that Heavy seated.
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
  void hear(std::uint64_t, const heard::committee_seated& x) {
    if (x.now.chain == fast.begin()->second.chain)
      fast.try_emplace(x.now.epoch, x.now);
  }
  template <class Other>
  void hear(std::uint64_t, const Other&) {}
};

portable_report refuse(portable_check why, std::string reason) {
  return {.code = why, .reason = std::move(reason)};
}

std::string epoch_text(std::uint32_t epoch) { return "epoch " + std::to_string(epoch); }

portable_report check_in_line(const trusted_checkpoint* anchor,
                              const consensus::finality_statement& x) {
  if (!anchor || !contradicts(*anchor, x))
    return {};
  return refuse(code::other_committee, "Heavy block " + std::to_string(x.height) + " of " +
                                         epoch_text(x.epoch) + " contradicts " + to_text(*anchor));
}

/// Takes the reader's own committee among those that are trusted.
portable_report check_anchor(const trusted_checkpoint* anchor, const chain_id& chain,
                             rosters& known) {
  if (!anchor)
    return {};
  if (anchor->authors.chain != chain)
    return refuse(code::wrong_chain, "the checkpoint is of another chain than this genesis");
  const auto [place, fresh] = known.try_emplace(anchor->authors.epoch, anchor->authors);
  if (!fresh && place->second != anchor->authors)
    return refuse(code::other_committee,
                  "the checkpoint names another first committee than genesis");
  return {};
}

portable_report check_hand_over(const consensus::hand_over& step,
                                const signature_checker& signatures, rosters& known) {
  const auto epoch = step.next.epoch;
  const auto serving = known.find(epoch - 1);
  if (serving == known.end())
    return refuse(code::untrusted_start, "the hand-over to " + epoch_text(epoch) +
                                           " needs a trusted checkpoint of the one before");
  if (const auto held = check(step, serving->second, signatures);
      held != consensus::hand_over_check::ok)
    return refuse(code::bad_hand_over, epoch_text(epoch) + ": " + consensus::to_string(held));
  const auto [place, fresh] = known.try_emplace(epoch, step.next);
  if (!fresh && place->second != step.next)
    return refuse(code::other_committee, "the hand-overs lead to another committee in " +
                                           epoch_text(epoch) + " than the trusted checkpoint");
  return {};
}

/// Where a reader begins to follow. A chain that does not begin at genesis is ballast up to the
/// reader's own committee.
std::size_t first_step(const portable_receipt& x, const trusted_checkpoint* anchor) {
  const auto& steps = x.hand_overs;
  if (!anchor || steps.empty() || steps.front().next.epoch == 1)
    return 0;
  const auto first = std::find_if(steps.begin(), steps.end(), [anchor](const auto& step) {
    return step.next.epoch > anchor->authors.epoch;
  });
  return static_cast<std::size_t>(first - steps.begin());
}

portable_report check_hand_overs(const portable_receipt& x, const trusted_checkpoint* anchor,
                                 const signature_checker& signatures, rosters& known) {
  if (x.hand_overs.size() > portable_hand_overs_max)
    return refuse(code::too_many_hand_overs, std::to_string(x.hand_overs.size()) +
                                               " hand-overs; at most " +
                                               std::to_string(portable_hand_overs_max));
  for (std::size_t i = first_step(x, anchor); i < x.hand_overs.size(); ++i) {
    const auto& step = x.hand_overs[i];
    if (i > 0 && step.next.epoch != x.hand_overs[i - 1].next.epoch + 1)
      return refuse(code::bad_hand_over, "the hand-over to " + epoch_text(step.next.epoch) +
                                           " follows that to " +
                                           epoch_text(x.hand_overs[i - 1].next.epoch));
    if (auto bad = check_hand_over(step, signatures, known); bad.code != code::ok)
      return bad;
    if (auto bad = check_in_line(anchor, step.last.statement); bad.code != code::ok)
      return bad;
  }
  return {};
}

portable_report check_heavy(const portable_receipt& x, const rosters& committees,
                            const trusted_checkpoint* anchor, const signature_checker& signatures,
                            facts& known) {
  if (x.heavy.size() > portable_heavy_proofs_max)
    return refuse(code::too_many_proofs, std::to_string(x.heavy.size()) +
                                           " Heavy proofs; at most " +
                                           std::to_string(portable_heavy_proofs_max));
  for (const auto& proof : x.heavy) {
    const auto& statement = proof.events.proof.statement;
    const auto authors = committees.find(statement.epoch);
    if (authors == committees.end())
      return refuse(code::unknown_committee, "no trusted committee of Heavy " +
                                               epoch_text(statement.epoch) +
                                               ", and no hand-over leads there");
    if (const auto held = check(proof, authors->second, signatures); held != heavy_proof_check::ok)
      return refuse(code::bad_heavy_proof, to_string(held));
    if (auto bad = check_in_line(anchor, statement); bad.code != code::ok)
      return bad;
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

portable_report check_fast(const portable_receipt& x, const rosters& committees,
                           const signature_checker& signatures) {
  const auto& [content, proof, sections, path] = x.fast->at;
  if (!find_placed(content.leaf_root, x.held.content, x.fast->index, content.leaves,
                   x.fast->leaf_path))
    return refuse(code::wrong_leaf_path,
                  "the leaf is not in checkpoint " + std::to_string(content.sequence));
  const auto section = merkle_leaf(digest_of(content).view());
  if (!merkle_verify(proof.statement.state_root, section, 0, sections, path))
    return refuse(code::wrong_checkpoint_path, "checkpoint " + std::to_string(content.sequence) +
                                                 " is not in the certified Fast state");
  const auto epoch = proof.statement.epoch;
  const auto members = committees.find(epoch);
  if (members == committees.end())
    return refuse(code::unknown_committee,
                  "no Heavy proof seats the Fast committee of " + epoch_text(epoch));
  if (check(proof, members->second, signatures) != consensus::certificate_check::ok)
    return refuse(
      code::bad_fast_certificate,
      "no quorum of the Fast committee of " + epoch_text(epoch) + " signed the checkpoint's block");
  return {};
}

/// What Heavy's word in a valid receipt rests on.
std::string trust_text(const portable_receipt& x, const trusted_checkpoint* anchor) {
  if (!anchor)
    return "valid from genesis, not proven recent";
  const auto trusted = anchor->authors.epoch;
  const auto is_older = [trusted](const heavy_proof& proof) {
    return proof.events.proof.statement.epoch < trusted;
  };
  if (!x.heavy.empty() && std::none_of(x.heavy.begin(), x.heavy.end(), is_older))
    return "valid from " + to_text(*anchor);
  const bool reached = !x.hand_overs.empty() && x.hand_overs.back().next.epoch >= trusted;
  return (reached ? "valid from genesis and in line with "
                  : "valid from genesis, not connected to ") +
         to_text(*anchor);
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
                               const signature_checker& signatures,
                               const trusted_checkpoint* anchor) {
  const auto chain = heavy_chain_id(start);
  if (x.held.order.content.chain != chain)
    return refuse(code::wrong_chain, "the ticket names another chain than this genesis makes");
  rosters committees{{0, heavy_roster(start)}};
  if (auto bad = check_anchor(anchor, chain, committees); bad.code != code::ok)
    return bad;
  facts known{.about = x, .fast = {{0, fast_roster(start)}}};
  if (auto bad = check_hand_overs(x, anchor, signatures, committees); bad.code != code::ok)
    return bad;
  if (auto bad = check_heavy(x, committees, anchor, signatures, known); bad.code != code::ok)
    return bad;
  if (auto bad = check_signers(start, x, known); bad.code != code::ok)
    return bad;
  if (auto bad = check_receipt(x, signatures); bad.code != code::ok)
    return bad;
  portable_report result{.user_proven = known.user.has_value() || x.session_nonce != 0,
                         .audit = known.audit,
                         .trust = trust_text(x, anchor)};
  if (x.fast) {
    if (auto bad = check_fast(x, known.fast, signatures); bad.code != code::ok)
      return bad;
    result.stage = portable_stage::ordered;
    if (known.settled && *known.settled != x.fast->at.content)
      return refuse(code::conflicting_checkpoint,
                    "Heavy settled another checkpoint " + std::to_string(known.settled->sequence));
    if (known.settled)
      result.stage = portable_stage::settled;
  }
  result.reason = std::string{to_string(result.stage)} + ": " + result.trust;
  return result;
}

}  // namespace datagen::protocol

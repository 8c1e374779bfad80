#include "protocol/ledger/state_proof.hpp"

namespace datagen::protocol::ledger {

namespace {

constexpr section_index sections[] = {section_index::accounts, section_index::validators,
                                      section_index::sessions, section_index::audits,
                                      section_index::history};

bool has_more(section_index x) {
  return x == section_index::sessions || x == section_index::history;
}

template <class Key, class Value>
std::optional<state_proof> prove(const state& now, section_index where,
                                 const proven_map<Key, Value>& all, const Key& key,
                                 std::optional<digest> beside = {}) {
  auto path = all.path(key);
  if (!path)
    return std::nullopt;
  return state_proof{std::pair{key, all.at(key)}, std::move(*path), std::move(beside),
                     merkle_path(section_leaves(now), static_cast<std::size_t>(where))};
}

}  // namespace

proof_check check(const state_proof& x, const digest& state_root) {
  const auto where = sections[x.entry.index()];
  if (x.path.size() > proof_path_max || x.beside.has_value() != has_more(where))
    return proof_check::bad_shape;
  auto content = std::visit(
    [&x](const auto& entry) {
      return trie_root(entry_place(entry.first), entry_leaf(entry.first, entry.second), x.path);
    },
    x.entry);
  if (x.beside)
    content = merkle_node(content, *x.beside);
  if (!merkle_verify(state_root, merkle_leaf(content.view()), static_cast<std::uint64_t>(where),
                     section_count, x.section_path))
    return proof_check::bad_path;
  return proof_check::ok;
}

proof_check check(const state_proof& x, const consensus::certificate& proof,
                  const consensus::roster& authors, const signature_checker& signatures) {
  if (const auto found = check(x, proof.statement.state_root); found != proof_check::ok)
    return found;
  return consensus::check(proof, authors, signatures) == consensus::certificate_check::ok
           ? proof_check::ok
           : proof_check::bad_certificate;
}

std::optional<state_proof> prove_account(const state& now, const account_id& id) {
  return prove(now, section_index::accounts, *now.accounts, id);
}

std::optional<state_proof> prove_validator(const state& now, validator_id id) {
  return prove(now, section_index::validators, *now.validators, id);
}

std::optional<state_proof> prove_session(const state& now, session_id id) {
  return prove(now, section_index::sessions, now.sessions->all, id, rest_digest(*now.sessions));
}

std::optional<state_proof> prove_audit(const state& now, const job_id& job, std::uint8_t attempt) {
  const audit_key key{job, attempt};
  if (now.audits->contains(key))
    return prove(now, section_index::audits, *now.audits, key);
  for (const auto& [number, entry] : now.history->entries)
    if (entry.key() == key)
      return prove(now, section_index::history, now.history->entries, number,
                   rest_digest(*now.history));
  return std::nullopt;
}

}  // namespace datagen::protocol::ledger

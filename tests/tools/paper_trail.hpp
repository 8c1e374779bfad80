#pragma once
// Proofs that a receipt collects, really signed by the development committees: what a chain would
// say about a job, without running one.

#include "protocol/chain/committees.hpp"
#include "protocol/chain/development.hpp"
#include "protocol/crypto/merkle.hpp"
#include "protocol/receipt/portable.hpp"

namespace tools_test {

using namespace datagen::protocol;
namespace heard = ledger::happened;

inline key_pair account_key(std::uint32_t i) {
  return development_key(development_kind::account, i);
}
inline key_pair validator_key(std::uint32_t i) {
  return development_key(development_kind::validator, i);
}

/// Four validators and four authors with development keys.
inline genesis development_genesis(std::string name = "test") {
  genesis result{
    .name = std::move(name), .development = true, .time_ms = 1'000'000, .params = dev_preset()};
  for (std::uint32_t i = 0; i < 4; ++i) {
    result.heavy_authors.push_back(
      {development_key(development_kind::author, i).identity, dg(10'000)});
    result.validators.push_back({.key = validator_key(i).identity,
                                 .operator_id = i,
                                 .stake = dg(1'000),
                                 .ask = 10 + i,
                                 .name = "v" + std::to_string(i)});
  }
  result.accounts[account_key(0).identity] = dg(1'000);
  result.kernels = {{"merkle.root", 0}};
  result.heavy_coin = development_coin("heavy", result.heavy_authors.size()).keys;
  result.fast_coin = development_coin("fast", fast_committee_size(result)).keys;
  return result;
}

/// A validator's promise for `order`, with its opening.
inline portable_receipt promise(const signed_ticket& order, const public_key& user,
                                std::uint64_t session_nonce, std::uint64_t units,
                                byte_view output) {
  const auto& x = order.content;
  const auto key = validator_key(x.validator.value);
  portable_receipt paper{.result = {.kernel = x.kernel,
                                    .parameters = x.parameters,
                                    .input = x.input,
                                    .units = units,
                                    .root = result_root(output)},
                         .user = user,
                         .session_nonce = session_nonce,
                         .validator = key.identity};
  const auto job = job_id_of(x);
  paper.salt = salt_for(key.secret, job, x.attempt);
  paper.held = {.order = order,
                .content = make_leaf(x, units, commitment_of(paper.salt, job, x.attempt, x.validator,
                                                             digest_of(paper.result))),
                .deadline_ms = 60'000};
  paper.held.validator =
    sign(key, receipt_statement(x, paper.held.content, paper.held.deadline_ms));
  return paper;
}

/// Checkpoint 1 with this leaf alone, certified by the Fast committee.
inline void order(const genesis& start, portable_receipt& paper) {
  fast_inclusion place;
  const auto leaf = leaf_hash(paper.held.content);
  place.at.content = {.sequence = 1, .fast_height = 812, .leaf_root = merkle_root({&leaf, 1}),
                      .leaves = 1};
  const std::vector<digest> sections{merkle_leaf(digest_of(place.at.content).view()),
                                     merkle_leaf(bytes{1})};
  place.at.sections = 2;
  place.at.path = merkle_path(sections, 0);
  place.at.proof.statement = {fast_chain_id(start), 0,       812, hash("fast-block"),
                              merkle_root(sections), digest{}};
  for (std::uint16_t i = 0; i < 3; ++i)
    place.at.proof.signatures.emplace_back(
      i, sign(validator_key(i), consensus::signing_bytes(place.at.proof.statement)));
  paper.fast = place;
}

/// What Heavy said in block `height`, certified; each call is a feed of its own from genesis.
inline heavy_proof announce(const genesis& start, std::uint64_t height,
                            std::vector<ledger::event> events) {
  const ledger::block_events block{height, height * 100, std::move(events)};
  const auto feed = ledger::extend_feed({}, block);
  const std::vector<digest> sections{merkle_leaf(feed.view()), merkle_leaf(bytes{1, 2, 3})};
  heavy_proof result;
  result.events = {.blocks = {block}, .sections = 2, .path = merkle_path(sections, 0)};
  auto& proof = result.events.proof;
  proof.statement = {heavy_chain_id(start), 0,       height, hash("heavy-block", height),
                     merkle_root(sections), digest{}};
  for (std::uint16_t i = 0; i < 3; ++i)
    proof.signatures.emplace_back(i, sign(development_key(development_kind::author, i),
                                          consensus::signing_bytes(proof.statement)));
  return result;
}

inline void settle(const genesis& start, portable_receipt& paper) {
  paper.heavy.push_back(announce(start, 7, {heard::checkpoint_settled{paper.fast->at.content}}));
}

inline void audit(const genesis& start, portable_receipt& paper) {
  paper.heavy.push_back(announce(start, 9, {heard::audit_settled{.job = paper.held.content.job,
                                                                 .validator = {0},
                                                                 .outcome = "pass",
                                                                 .rule = "h1",
                                                                 .final = true}}));
}

}  // namespace tools_test

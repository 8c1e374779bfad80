#pragma once
// One job from ticket to audit, with everything a user collects on the way, over as many Heavy
// committees as a test wants and in a Fast epoch of its choice.

#include "protocol/receipt/portable.hpp"

#include "../fast/fixture.hpp"

namespace receipt_test {

using namespace fast_test;

/// Genesis' author `i`, or its successor in a later epoch.
inline key_pair heavy_key(std::uint32_t epoch, std::uint32_t i) {
  return epoch == 0 ? author_key(i) : key_of("successor", 100 * epoch + i);
}
inline key_pair fast_key(std::uint32_t epoch, std::uint32_t i) {
  return epoch == 0 ? validator_key(i) : key_of("fast successor", 100 * epoch + i);
}
template <class Key>
consensus::roster roster_of(const chain_id& chain, std::uint32_t epoch, Key key) {
  consensus::roster result{chain, epoch, {}, {}, {}};
  for (std::uint32_t i = 0; i < 4; ++i) {
    result.authors.push_back(key(epoch, i).identity);
    result.ids.push_back(4 * epoch + i);
  }
  return result;
}
/// Signed by three of four.
template <class Key>
consensus::certificate certified(const consensus::finality_statement& x, Key key) {
  consensus::certificate result{x, {}};
  for (std::uint16_t i = 0; i < 3; ++i)
    result.signatures.emplace_back(i, sign(key(x.epoch, i), consensus::signing_bytes(x)));
  return result;
}

struct journey {
  world net;
  session_id session = ledger::session_id_of(heavy_chain_id(net.start), user_key(0).identity, 1);
  portable_receipt paper;
  consensus::roster serving = heavy_roster(net.start);  ///< On Heavy.
  std::uint32_t fast_epoch = 0;
  ledger::certified_events opened;
  digest feed_before_settled;

  /// @param hand_overs of Heavy's authors between the session's opening and the settlement
  /// @param fast whose certificate the checkpoint has
  explicit journey(std::uint32_t hand_overs = 0, std::uint32_t fast = 0) : fast_epoch(fast) {
    opened = say({heard::session_opened{
                    .session = session, .user = user_key(0).identity, .bid = bid},
                  heard::paired{.session = session, .validator = {0}, .lanes = {{{0}, dg(1)}}}});
    REQUIRE(net.code(world::heavy_tx(opened)) == 0);
    make_receipt();
    order_it();
    for (std::uint32_t i = 0; i < hand_overs; ++i)
      hand_over();
    settle_it();
    if (fast > 0)
      seat_it();
  }

  void make_receipt() {
    ticket order = net.order(0, 1);
    order.session = session;
    paper.result = {.kernel = order.kernel,
                    .parameters = order.parameters,
                    .input = order.input,
                    .units = 100,
                    .root = result_root(bytes{1, 2, 3})};
    paper.salt = salt_for(validator_key(0).secret, job_id_of(order), 0);
    auto& held = paper.held;
    held.order = {order, sign(user_key(0), ticket_statement(order))};
    held.content = make_leaf(
      order, 100, commitment_of(paper.salt, job_id_of(order), 0, {0}, digest_of(paper.result)));
    held.deadline_ms = 5'000;
    held.validator = sign(validator_key(0), receipt_statement(order, held.content, 5'000));
    paper.user = user_key(0).identity;
    paper.session_nonce = 1;
    paper.validator = validator_key(0).identity;
  }

  void order_it() {
    auto neighbour = [&](std::uint32_t sequence) {
      auto x = net.order(0, sequence);
      x.session = session;
      receipt result{.order = {x, sign(user_key(0), ticket_statement(x))}, .deadline_ms = 1};
      result.content = make_leaf(x, 10, hash("commitment"));
      result.validator = sign(validator_key(0), receipt_statement(x, result.content, 1));
      return world::leaf_tx(result);
    };
    const auto block =
      net.run({neighbour(2), neighbour(3), world::leaf_tx(paper.held), neighbour(4)});
    const auto status = net.machine.leaf_status(paper.held.content.job, 0);
    fast_inclusion place{.index = status.index,
                         .leaf_path = *net.machine.leaf_path(status.checkpoint, status.index),
                         .at = *net.machine.checkpoint_made()};
    const auto members = fast_members();
    place.at.proof = certified({members.chain, members.epoch, net.machine.height(), hash("b"),
                                block.state_root, digest_of(members)},
                               fast_key);
    paper.fast = place;
  }

  consensus::roster fast_members() const {
    return fast_epoch == 0 ? fast_roster(net.start)
                           : roster_of(fast_chain_id(net.start), fast_epoch, fast_key);
  }

  /// Heavy's word, signed by whoever serves there.
  ledger::certified_events certify(std::vector<ledger::block_events> blocks) const {
    const std::vector<digest> sections{merkle_leaf(net.heavy.feed.view()), hash("other")};
    ledger::certified_events result{
      .blocks = std::move(blocks), .proof = {}, .sections = 2, .path = merkle_path(sections, 0)};
    const auto height = net.heavy.height;
    result.proof = certified({serving.chain, serving.epoch, height, hash("heavy-block", height),
                              merkle_root(sections), digest_of(serving)},
                             heavy_key);
    return result;
  }
  ledger::certified_events say(std::vector<ledger::event> events) {
    return certify({net.heavy.add(std::move(events))});
  }
  /// A proof of one more block.
  heavy_proof prove(ledger::event event) {
    const auto feed = net.heavy.feed;
    return {feed, say({std::move(event)})};
  }

  /// The serving authors' last block names those of the next epoch.
  void hand_over() {
    auto next = roster_of(serving.chain, serving.epoch + 1, heavy_key);
    const auto height = ++net.heavy.height;
    paper.hand_overs.push_back(
      {certified({serving.chain, serving.epoch, height, hash("heavy-block", height),
                  hash("state", height), digest_of(next)},
                 heavy_key),
       next});
    serving = std::move(next);
  }

  void settle_it() {
    const auto feed = net.heavy.feed;
    const auto quiet = net.heavy.add({heard::emitted{1, dg(5)}});
    feed_before_settled = net.heavy.feed;
    const auto main = net.heavy.add({heard::checkpoint_settled{paper.fast->at.content}});
    const auto after = net.heavy.add({heard::emitted{2, dg(5)}});
    paper.heavy = {proof_from(feed, certify({quiet, main, after}), main.height)};
  }

  void seat_it() { paper.heavy.push_back(prove(heard::committee_seated{fast_members(), {}})); }

  void audit_it(const std::string& outcome) {
    paper.heavy.push_back(prove(heard::audit_settled{.job = paper.held.content.job,
                                                     .validator = {0},
                                                     .outcome = outcome,
                                                     .rule = "h1",
                                                     .final = true}));
  }

  /// Of the committee that serves on Heavy, at its newest block.
  trusted_checkpoint checkpoint() const {
    return {serving, net.heavy.height, hash("heavy-block", net.heavy.height)};
  }

  portable_report verdict(const portable_receipt& x, const trusted_checkpoint* at = nullptr) const {
    return check_portable(net.start, x, net.checker, at);
  }
  portable_check code(const portable_receipt& x, const trusted_checkpoint* at = nullptr) const {
    return verdict(x, at).code;
  }
};

/// What a report together with its receipt tells its reader.
inline bytes claims(const portable_report& report, const portable_receipt& x) {
  return encode(x.held.order.content, x.held.content, x.held.deadline_ms, x.result, x.user,
                x.validator, static_cast<std::uint8_t>(report.stage), report.user_proven,
                x.fast ? x.fast->at.content : ledger::tx::checkpoint_content{}, report.audit,
                report.trust);
}

}  // namespace receipt_test

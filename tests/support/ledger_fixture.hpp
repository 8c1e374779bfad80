#pragma once
// A small Heavy Chain for tests: four authors, seven validators and users with known keys; blocks
// with beacon shares, jobs with real receipts, checkpoints with real certificates.

#include "protocol/audit/check_commitment.hpp"
#include "protocol/ledger/claims.hpp"
#include "tests/support/epoch_tree.hpp"
#include "tests/support/ledger_genesis.hpp"

#include <doctest/doctest.h>

namespace ledger_test {

/// A job as its validator ran it, with what opens its leaf.
struct job {
  receipt paper;
  digest salt;
  digest result;
  const job_id& id() const { return paper.content.job; }
};

struct world {
  genesis start;
  remembering_checker checker;
  ledger::ledger_machine machine;
  std::vector<chain::block_input> blocks;       ///< Everything executed, for replay.
  std::vector<ledger::event> events;            ///< Everything announced.
  std::vector<std::uint64_t> shares;            ///< Of these beacons, in the next block.
  std::uint64_t clock_ms;
  std::uint64_t checkpoints = 0;
  std::uint32_t sequence = 0;
  std::uint64_t unit_price = nano_per_dg;  ///< Of the jobs that are made.

  explicit world(genesis from = test_genesis())
      : start(std::move(from)), machine(start, checker, mock()), clock_ms(start.time_ms) {}

  static std::shared_ptr<const coin_checker> mock() {
    return std::make_shared<datagen::test_support::mock_coin_checker>();
  }
  const ledger::committees_section& committees() const { return *machine.now().committees; }
  chain_id chain() const { return heavy_chain_id(start); }

  chain::block_result block(std::vector<bytes> transactions = {}, std::uint64_t passed_ms = 100) {
    clock_ms += passed_ms;
    const auto& members = committees().heavy.now;
    chain::block_input input{.epoch = members.epoch, .height = machine.height() + 1,
                             .timestamp_ms = clock_ms};
    input.block = hash("test-block", input.height);
    for (std::uint16_t i = 0; i < members.size(); ++i) {
      consensus::signed_vertex v;
      v.body.epoch = members.epoch;
      v.body.author = i;
      for (const auto height : shares)
        v.body.beacon_shares.push_back(
          {height, datagen::test_support::mock_coin_checker::share(i)});
      if (i == 0)
        v.body.transactions = std::move(transactions);
      input.vertices.push_back(consensus::seal(std::move(v)));
    }
    auto result = machine.execute(input);
    shares = result.beacon_requests;
    blocks.push_back(std::move(input));
    const auto& news = machine.announced().events;
    events.insert(events.end(), news.begin(), news.end());
    return result;
  }
  /// Lets `ms` of live time pass in idle blocks.
  void wait(std::uint64_t ms) {
    for (; ms > 0; ms -= std::min<std::uint64_t>(ms, 500))
      block({}, std::min<std::uint64_t>(ms, 500));
  }

  bytes money(const key_pair& who, ledger::transaction_body body) const {
    return ledger::make_transaction(chain(), who, machine.find_account(who.identity).nonce + 1,
                                    std::move(body));
  }
  bytes duty(const key_pair& who, ledger::transaction_body body) const {
    return ledger::make_transaction(chain(), who, 0, std::move(body));
  }
  chain::transaction_outcome run(bytes transaction) {
    return block({std::move(transaction)}).outcomes.at(0);
  }
  chain::transaction_outcome pay(const key_pair& who, ledger::transaction_body body) {
    return run(money(who, std::move(body)));
  }
  chain::transaction_outcome say(const key_pair& who, ledger::transaction_body body) {
    return run(duty(who, std::move(body)));
  }
  chain::transaction_outcome prove(ledger::transaction_body body) {
    return run(ledger::make_unsigned(chain(), std::move(body)));
  }

  amount balance(const key_pair& who) const { return machine.find_account(who.identity).balance; }
  const ledger::validator_record& validator(std::uint32_t i) const {
    return *machine.find_validator({i});
  }

  session_id open_session(const key_pair& user, amount escrow = dg(100),
                          tx::pairing_mode mode = tx::pairing_mode::latency,
                          std::uint64_t bid = 2 * nano_per_dg) {
    const auto nonce = machine.find_account(user.identity).nonce + 1;
    const auto done = pay(user, tx::open_session{mode, bid, escrow});
    REQUIRE_MESSAGE(done.code == 0, done.reason);
    return ledger::session_id_of(chain(), user.identity, nonce);
  }
  tx::echo_entry answer(session_id session, std::uint32_t validator, std::uint64_t round_trip_us,
                        bool correct = true) const {
    const auto package = hash("package", session);
    const auto result = hash("echo-result", correct);
    return {{validator}, round_trip_us, correct, result,
            sign(validator_key(validator), ledger::echo_statement(chain(), session, package,
                                                                  {validator}, result))};
  }
  mutable std::uint64_t reports = 0;  ///< Made so far: each is later than the one before.
  tx::echo_report report(session_id session, std::vector<tx::echo_entry> best) const {
    return {.session = session, .at_ms = ++reports, .package = hash("package", session),
            .entries = static_cast<std::uint32_t>(best.size()), .best = std::move(best)};
  }
  /// Opens a session of `user` that is paired with validator 0, stand-ins 1 and 2.
  session_id paired_session(const key_pair& user, amount escrow = dg(100)) {
    const auto id = open_session(user, escrow);
    const auto done = say(user, report(id, {answer(id, 0, 100), answer(id, 1, 200),
                                            answer(id, 2, 300)}));
    REQUIRE_MESSAGE(done.code == 0, done.reason);
    return id;
  }

  /// A job of 1,000 units, for 1 DG if nothing else is set, that `validator` answered with `result`.
  job make_job(const key_pair& user, session_id session, std::uint32_t validator = 0,
               digest result = hash("right")) {
    ticket order{.chain = chain(), .session = session, .sequence = ++sequence,
                 .validator = {validator}, .kernel = {"merkle.root", 0}, .units_max = 1'000,
                 .unit_price = unit_price};
    const auto id = job_id_of(order);
    job made{.salt = salt_for(validator_key(validator).secret, id, 0), .result = result};
    made.paper.order = {order, sign(user, ticket_statement(order))};
    made.paper.content =
      make_leaf(order, 1'000, commitment_of(made.salt, id, 0, {validator}, result));
    made.paper.deadline_ms = 1'000'000;
    made.paper.validator =
      sign(validator_key(validator),
           receipt_statement(order, made.paper.content, made.paper.deadline_ms));
    return made;
  }

  tx::checkpoint make_checkpoint(tx::checkpoint_content content) const {
    return make_checkpoint(content, committees().fast.now);
  }
  tx::checkpoint make_checkpoint(tx::checkpoint_content content, std::size_t signers) const {
    return make_checkpoint(content, committees().fast.now, signers);
  }
  /// The last one that `by` certifies names who is ready to follow.
  tx::checkpoint make_checkpoint(tx::checkpoint_content content, const consensus::roster& by,
                                 std::size_t signers = 0) const {
    const std::vector<digest> sections{merkle_leaf(digest_of(content).view()),
                                       merkle_leaf(bytes{1, 2})};
    tx::checkpoint result{.content = content, .proof = {}, .sections = 2,
                          .path = merkle_path(sections, 0)};
    result.proof.statement = {by.chain, by.epoch, content.fast_height,
                              hash("fast", content.sequence), merkle_root(sections), {}};
    if (const auto& next = committees().fast.next; content.last && next)
      result.proof.statement.next_committee = digest_of(next->next);
    for (std::uint16_t i = 0; i < (signers > 0 ? signers : by.quorum()); ++i)
      result.proof.signatures.emplace_back(
        i, sign(validator_key(by.ids[i]), consensus::signing_bytes(result.proof.statement)));
    return result;
  }
  static std::vector<digest> leaf_hashes(std::span<const job> jobs) {
    std::vector<digest> leaves;
    for (const auto& x : jobs)
      leaves.push_back(leaf_hash(x.paper.content));
    return leaves;
  }
  tx::checkpoint_content content_of(std::span<const job> jobs, std::uint64_t epoch = 0) const {
    return {.sequence = checkpoints + 1, .fast_height = checkpoints + 1, .claim_epoch = epoch,
            .leaf_root = merkle_root(leaf_hashes(jobs)),
            .leaves = static_cast<std::uint32_t>(jobs.size())};
  }
  /// One checkpoint with the leaves of `jobs`; closes `epoch` with their totals if asked to.
  void settle(std::span<const job> jobs, std::uint64_t epoch = 0, bool closes = true) {
    auto content = content_of(jobs, epoch);
    if (closes)
      content.closes = closed(jobs, epoch);
    const auto done = prove(make_checkpoint(content));
    REQUIRE_MESSAGE(done.code == 0, done.reason);
    ++checkpoints;
    block();  // shares, beacon, draw
  }
  void settle(const job& x, std::uint64_t epoch = 0, bool closes = true) {
    settle(std::span{&x, 1}, epoch, closes);
  }
  tx::open_leaf opening(std::span<const job> jobs, std::uint32_t index) const {
    const auto leaves = leaf_hashes(jobs);
    return {checkpoints, index, jobs[index].paper, merkle_path(leaves, index)};
  }
  /// Opens the only leaf of the last checkpoint and draws its checkers.
  void open(const job& x) {
    const auto done = prove(opening(std::span{&x, 1}, 0));
    REQUIRE_MESSAGE(done.code == 0, done.reason);
    block();
  }

  /// An epoch's tree over `jobs`, as if they were the leaves of one checkpoint.
  static epoch_tree tree_of(std::span<const job> jobs, std::uint64_t checkpoint = 0) {
    epoch_tree result;
    for (std::uint32_t i = 0; i < jobs.size(); ++i)
      result.add(jobs[i].paper.content, checkpoint, i);
    return result;
  }
  static tx::closed_epoch closed(std::span<const job> jobs, std::uint64_t epoch) {
    return tree_of(jobs).closed(epoch);
  }
  /// The claim over `jobs`, all of one validator, in an epoch of nothing else.
  static tx::claim claim_of(std::span<const job> jobs, std::uint64_t epoch = 0) {
    return tree_of(jobs).claim(epoch, jobs.front().paper.content.validator());
  }
  static tx::claim claim_of(const job& x, std::uint64_t epoch = 0) {
    return claim_of(std::span{&x, 1}, epoch);
  }
  /// Claims when the time has passed in which a settled epoch is open to fraud proofs.
  chain::transaction_outcome collect(const key_pair& who, const tx::claim& x) {
    wait(ledger::fraud_window_ms(machine.params()) + 100);
    return say(who, x);
  }

  const ledger::audit_record& audit(const job& x) const { return *machine.find_audit(x.id(), 0); }
  check_reveal answer_of(const digest& result, validator_id who) const {
    return {hash("salt", who), result, hash("witness", who, result)};
  }
  void commit(const job& x, validator_id who, const digest& result) {
    const auto stage = static_cast<std::uint8_t>(audit(x).stages.size() - 1);
    const auto sealed = checker_commitment(x.id(), who, answer_of(result, who));
    const auto done = say(validator_key(who.value), tx::check_commit{x.id(), 0, stage, sealed});
    REQUIRE_MESSAGE(done.code == 0, done.reason);
  }
  void reveal(const job& x, validator_id who, const digest& result) {
    const auto stage = static_cast<std::uint8_t>(audit(x).stages.size() - 1);
    const auto all = answer_of(result, who);
    const auto done = say(validator_key(who.value),
                          tx::check_reveal{x.id(), 0, stage, all.salt, all.result, all.witness});
    REQUIRE_MESSAGE(done.code == 0, done.reason);
  }
  /// Every checker of the stage under way finds `digests[i]`, or the last of them.
  void check_all(const job& x, std::vector<digest> digests) {
    const auto seats = audit(x).stage().seats;
    const auto at = [&digests](std::size_t i) { return digests[std::min(i, digests.size() - 1)]; };
    for (std::size_t i = 0; i < seats.size(); ++i)
      commit(x, seats[i].checker, at(i));
    for (std::size_t i = 0; i < seats.size(); ++i)
      reveal(x, seats[i].checker, at(i));
  }
  chain::transaction_outcome open_commitment(const job& x) {
    return say(validator_key(x.paper.content.validator().value),
               tx::open_commitment{x.id(), 0, x.salt, x.result});
  }
  tx::user_evidence evidence(const key_pair& user, const job& x, const digest& said) const {
    tx::user_evidence result{.said = {x.id(), 0, x.paper.content.validator(), said, {}},
                             .held = {}, .salt = {}};
    result.said.user = sign(user, acknowledgement_statement(chain(), result.said));
    return result;
  }
  /// The audit of `x` from the drawn checkers to the end of the first stage.
  void audit_once(const key_pair& user, const job& x, std::vector<digest> digests) {
    settle(x, x.paper.content.sequence, true);
    open(x);
    check_all(x, std::move(digests));
    REQUIRE(open_commitment(x).code == 0);
    REQUIRE(say(user, evidence(user, x, x.result)).code == 0);
    block();
  }

  template <class Event>
  std::vector<Event> heard() const {
    std::vector<Event> result;
    for (const auto& x : events)
      if (const auto* found = std::get_if<Event>(&x))
        result.push_back(*found);
    return result;
  }
};

/// The number that a transaction outcome carries for rule `x` of body `Body`.
template <class Body, class Check>
std::uint16_t code(Check x) {
  const ledger::transaction_body body{Body{}};
  return static_cast<std::uint16_t>((body.index() + 1) * 100 + static_cast<std::uint16_t>(x));
}

}  // namespace ledger_test

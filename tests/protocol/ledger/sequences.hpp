#pragma once
// Random lives of a Heavy Chain: every kind of transaction, valid ones made from what the state
// asks for, and spoiled ones. The machine itself stops on a broken invariant; what is compared here
// are roots: of a replay, and of machines restored from snapshots on the way.

#include "tests/support/ledger_fixture.hpp"

#include <random>

namespace ledger_test {

class sequences {
public:
  explicit sequences(std::uint64_t seed) : w_(start()), random_(seed) {
    for (std::uint32_t i = 0; i < 16; ++i)
      for (const auto& key : {user_key(i), validator_key(i)})
        keys_.emplace(key.identity, key);
  }

  static genesis start() {
    auto p = dev_preset();
    p.audit_rate_ppm = 500'000;
    p.checker_fee_permille = 300;
    p.vote_length_ms = 6'000;
    p.user_bond = dg(1);
    auto result = test_genesis(p, dg(2'500), 12);
    for (std::uint32_t i = 0; i < 8; ++i)
      result.accounts[user_key(i).identity] = dg(20'000);
    for (std::uint32_t i = 0; i < 12; ++i)
      result.accounts[validator_key(i).identity] = dg(1'500);
    return result;
  }

  /// Executes one block of up to 24 random transactions.
  void step() {
    used_.clear();
    std::vector<bytes> all;
    for (auto i = below(24); i > 0; --i)
      all.push_back(spoiled(transaction()));
    for (auto& x : due_)
      all.push_back(std::move(x));
    due_.clear();
    sent_ += all.size();
    const auto passed = chance(30) ? below(20'000) : 50 + below(600);
    for (const auto& outcome : w_.block(std::move(all), passed).outcomes)
      applied_ += outcome.code == 0;
    if (chance(40))
      saved_.emplace_back(w_.machine.height(), w_.machine.snapshot());
    if (saved_.size() > 4)
      saved_.erase(saved_.begin());
  }

  /// Replays everything, and what followed each of the last snapshots. @returns whether roots agree
  bool replays() const {
    ledger::ledger_machine again(w_.start, w_.checker, world::mock());
    for (const auto& block : w_.blocks)
      (void)again.execute(block);
    bool same = again.state_root() == w_.machine.state_root();
    for (const auto& [height, snapshot] : saved_) {
      ledger::ledger_machine restored(w_.start, w_.checker, world::mock());
      same = same && restored.restore(snapshot) && restored.snapshot() == snapshot;
      for (auto i = height; same && i < w_.blocks.size(); ++i)
        (void)restored.execute(w_.blocks[i]);
      same = same && restored.state_root() == w_.machine.state_root();
    }
    return same;
  }

  std::uint64_t sent() const { return sent_; }
  std::uint64_t applied() const { return applied_; }
  const world& chain() const { return w_; }

private:
  using body = ledger::transaction_body;
  struct settled_jobs {
    std::uint64_t epoch = 0;
    std::vector<job> jobs;
    epoch_tree tree;
    tx::checkpoint_content content;
  };

  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : random_() % bound; }
  bool chance(std::uint32_t one_in) { return below(one_in) == 0; }
  const key_pair& user() { return keys_.at(user_key(below(8)).identity); }
  const ledger::state& now() const { return w_.machine.now(); }
  amount some(std::uint64_t dg_max) { return {below(dg_max) * units_per_dg + below(3)}; }
  const key_pair& key_of(validator_id id) { return keys_.at(w_.machine.find_validator(id)->key); }
  validator_id some_validator() {
    return {static_cast<std::uint32_t>(below(now().validators->size()))};
  }
  session_id some_session() {
    const auto& all = now().sessions->all;
    if (all.empty())
      return {below(9)};
    return std::next(all.begin(), static_cast<std::ptrdiff_t>(below(all.size())))->first;
  }
  template <class Map>
  const typename Map::mapped_type* some_of(const Map& all) {
    return all.empty() ? nullptr
                       : &std::next(all.begin(), static_cast<std::ptrdiff_t>(below(all.size())))->second;
  }

  bytes money(const key_pair& who, body x) {
    const auto nonce = w_.machine.find_account(who.identity).nonce + 1 + used_[who.identity]++;
    return ledger::make_transaction(w_.chain(), who, nonce, std::move(x));
  }
  bytes proof(body x) { return ledger::make_unsigned(w_.chain(), std::move(x)); }

  /// One in eight does not arrive as it was meant.
  bytes spoiled(bytes x) {
    if (x.empty() || !chance(8))
      return x;
    switch (below(3)) {
      case 0: x.resize(below(x.size())); break;
      case 1: x[below(x.size())] ^= static_cast<std::uint8_t>(1 + below(255)); break;
      default: x.push_back(static_cast<std::uint8_t>(random_())); break;
    }
    return x;
  }

  bytes transaction() {
    switch (below(11)) {
      case 0: case 1: return market();
      case 10: return delivery();
      case 2: return registry();
      case 3: return ballot();
      case 4: case 5: return work();
      case 6: return dispute();
      case 7: return claim();
      default: return audit();
    }
  }

  bytes market() {
    switch (below(5)) {
      case 0: return money(user(), tx::transfer{user().identity, some(3'000)});
      case 1: return money(user(), tx::open_session{chance(3) ? tx::pairing_mode::random
                                                              : tx::pairing_mode::latency,
                                                    below(3 * nano_per_dg), some(400)});
      case 2: return chance(4) ? money(owner(some_session()), tx::close_session{some_session()})
                               : report(some_session());
      case 3: return chance(3) ? pool() : w_.duty(owner(some_session()), tx::ask_echo{some_session()});
      default: return report(some_session());
    }
  }
  bytes pool() {
    const auto &owner = user(), &key = user();
    const auto nonce = w_.machine.find_account(owner.identity).nonce + 1 + used_[owner.identity];
    const auto until = now().clock->live_ms + below(20'000);
    return money(owner, tx::delegate_session{
                          key.identity,
                          sign(key, ledger::delegation_statement(w_.chain(), owner.identity, nonce,
                                                                 until)),
                          tx::pairing_mode::latency, 2 * nano_per_dg, some(200), until});
  }
  std::uint64_t some_ask() { return nano_per_dg * (5 + below(11)) / 10; }
  const key_pair& owner(session_id id) {
    const auto* found = w_.machine.find_session(id);
    return found == nullptr ? user() : keys_.at(found->user);
  }
  bytes report(session_id id) {
    std::vector<tx::echo_entry> best;
    std::uint64_t took = 0;
    for (auto who = some_validator().value; best.size() < 1 + below(4); ++who) {
      const validator_id validator{who % static_cast<std::uint32_t>(now().validators->size())};
      auto entry = w_.answer(id, 0, took += 1 + below(99), !chance(6));
      entry.validator = validator;
      entry.by = sign(key_of(validator), ledger::echo_statement(w_.chain(), id, hash("package", id),
                                                                validator, entry.result));
      best.push_back(entry);
    }
    auto x = w_.report(id, std::move(best));
    const auto* session = w_.machine.find_session(id);
    if (session != nullptr && session->paired && chance(3)) {
      const auto statement = ledger::probe_statement(w_.chain(), id, x.package, *session->paired);
      for (const std::uint16_t i : {1, 2, 4})
        x.probes.emplace_back(i, sign(validator_key(i), statement));
    }
    return w_.duty(owner(id), x);
  }

  bytes registry() {
    const auto& who = chance(2) ? user() : key_of(some_validator());
    switch (below(8)) {
      case 0: return money(who, tx::join{.operator_id = static_cast<std::uint32_t>(20 + below(4)),
                                         .stake = dg(900 + below(2'000)), .ask = some_ask(),
                                         .name = "n"});
      case 1: return chance(6) ? money(who, tx::leave{}) : money(who, tx::set_ask{some_ask()});
      case 2: return money(who, tx::stand{dg(4'000 + below(4'000))});
      case 3: return money(who, tx::stand_down{});
      case 4: return w_.duty(who, tx::register_canary{
                                  hash("canary", random_()),
                                  now().clock->live_ms + now().params().audit_grace_ms});
      default: return money(who, tx::add_stake{some(300)});
    }
  }

  bytes ballot() {
    const auto live = now().clock->live_ms;
    const auto& section = *now().governance;
    if (section.open && !chance(5))
      return money(user(), tx::vote{section.open->first, !chance(3), some(4'000)});
    if (!section.drafts.empty() && !chance(3))
      return money(user(), tx::support{section.drafts.begin()->first, some(1'500)});
    const auto burn = static_cast<std::uint8_t>(below(102));
    tx::proposal_content content = tx::emission_split{static_cast<std::uint8_t>(100 - burn), burn};
    if (chance(2)) {
      const std::pair<std::string, std::string> rows[] = {
        {"user_bond", std::to_string(1 + below(9)) + " DG"}, {"audit_rate_ppm", "400000"},
        {"bounty", std::to_string(below(400)) + " DG"}, {"appeal_window_ms", "2000"},
        {"reward_cap", chance(2) ? "true" : "false"}, {"audit_mode", "whitepaper"},
        {"refills_max", "1"}, {"epoch_ms", "5"}, {"minimum_stake", "1200 DG"}};
      content = tx::parameter_change{{rows[below(std::size(rows))]},
                                     static_cast<std::uint32_t>(below(40))};
    }
    return money(user(), tx::propose{content, live + 600 + below(8'000), some(1'500)});
  }

  /// Jobs of paired sessions; now and then a checkpoint over those done so far, or an opening.
  bytes work() {
    if (!jobs_.empty() && chance(6))
      return checkpoint();
    if (!settled_.empty() && chance(2))
      return opening();
    const auto id = some_session();
    const auto* session = w_.machine.find_session(id);
    if (session == nullptr || !session->paired || jobs_.size() > 40)
      return report(id);
    const auto payee = !session->stand_ins.empty() && chance(5) ? session->stand_ins[0]
                                                                : *session->paired;
    auto x = w_.make_job(owner(id), id, payee.value, chance(4) ? hash("wrong") : hash("right"));
    x.salt = salt_for(key_of(payee).secret, x.id(), 0);
    x.paper.content.commitment = commitment_of(x.salt, x.id(), 0, payee, x.result);
    x.paper.deadline_ms = now().clock->live_ms + below(5'000);
    x.paper.validator = sign(key_of(payee), receipt_statement(x.paper.order.content, x.paper.content,
                                                              x.paper.deadline_ms));
    known_[x.id()] = x;
    jobs_.push_back(std::move(x));
    return report(id);
  }
  bytes checkpoint() {
    auto content = w_.content_of(jobs_, epoch_ + 1);
    content.sequence = now().checkpoints->last + 1;
    auto tree = world::tree_of(jobs_, content.sequence);
    const auto& first = jobs_.front().paper.content;
    if (chance(12))  // a committee that counts one leaf twice
      tree.add(first, content.sequence, 0);
    content.closes = tree.closed(epoch_ + 1);
    if (!chance(10)) {  // else its leaves never come: they may be asked for
      settled_[content.sequence] = {epoch_ + 1, jobs_, tree, content};
      due_.push_back(proof(w_.make_checkpoint(content)));
      ++epoch_;
    }
    jobs_.clear();
    return proof(w_.make_checkpoint(content, 1 + below(7)));
  }
  bytes opening() {
    const auto& [sequence, batch] = *std::next(
      settled_.begin(), static_cast<std::ptrdiff_t>(below(settled_.size())));
    const auto* record = w_.machine.find_checkpoint(sequence);
    auto index = static_cast<std::uint32_t>(below(batch.jobs.size()));
    // A batch that Heavy refused was followed by another one of its number.
    if (record != nullptr && !record->unopened.empty() &&
        *record->unopened.begin() < batch.jobs.size())
      index = *record->unopened.begin();
    const auto leaves = world::leaf_hashes(batch.jobs);
    const tx::open_leaf x{sequence, index, batch.jobs[index].paper, merkle_path(leaves, index)};
    return chance(2) ? w_.duty(user(), x) : proof(x);
  }

  bytes claim() {
    if (settled_.empty())
      return market();
    const auto& batch = std::next(settled_.begin(),
                                  static_cast<std::ptrdiff_t>(below(settled_.size())))->second;
    const auto& some = batch.jobs[below(batch.jobs.size())].paper.content;
    if (chance(4))
      return fraud(batch);
    return w_.duty(user(), batch.tree.claim(batch.epoch, some.validator()));
  }
  /// Honest totals hold against all three; the committee's that counted a leaf twice do not.
  bytes fraud(const settled_jobs& batch) {
    const auto& some = batch.jobs.front().paper.content;
    const epoch_tree::owner owner{some.validator(), some.session};
    const auto first = batch.tree.place(batch.epoch, owner, 0);
    const auto last = batch.tree.place(batch.epoch, owner, first.entry.jobs - 1);
    switch (below(6)) {
      case 4: {
        const auto beyond = first.entry.jobs + static_cast<std::uint32_t>(below(2));
        return w_.duty(user(), tx::ask_for_count{batch.epoch, first.entry_index,
                                                 static_cast<std::uint32_t>(below(beyond))});
      }
      case 5: return shown_count(batch);
      case 0: return w_.duty(user(), tx::claim_fraud{first, tx::leaf_differs{some}});
      case 1: return w_.duty(user(), tx::claim_fraud{first, tx::leaf_not_there{}});
      default: return w_.duty(user(), tx::claim_fraud{last, tx::job_counted_twice{some, first, some}});
    }
  }
  /// A job of the totals that somebody asks for, or that nobody does.
  bytes shown_count(const settled_jobs& batch) {
    const auto& some = batch.jobs[below(batch.jobs.size())].paper.content;
    const epoch_tree::owner owner{some.validator(), some.session};
    const auto first = batch.tree.place(batch.epoch, owner, 0);
    const auto which = static_cast<std::uint32_t>(below(first.entry.jobs));
    const auto place = batch.tree.place(batch.epoch, owner, which);
    for (const auto& x : batch.jobs)
      if (leaf_hash(x.paper.content) == place.job.leaf)
        return ledger::make_unsigned(w_.chain(), tx::show_count{which, place, x.paper.content});
    return ledger::make_unsigned(w_.chain(), tx::show_count{which, place, some});
  }
  /// A user that says it got nothing, or an answer to one that said so.
  bytes delivery() {
    if (const auto& asked = now().disputes->deliveries; !asked.empty() && chance(2)) {
      const auto& content = some_of(asked)->content;
      tx::delivered x{.said = {content.job, content.attempt(), content.validator(), hash("right"), {}},
                      .signatures = {}};
      if (chance(2))
        x.said.user = sign(owner(content.session), acknowledgement_statement(w_.chain(), x.said));
      for (std::uint16_t i = 0; i < 5; ++i)
        x.signatures.emplace_back(
          i, sign(validator_key(i), ledger::delivered_statement(w_.chain(), content.job,
                                                                content.attempt(),
                                                                content.commitment)));
      return proof(x);
    }
    if (settled_.empty())
      return market();
    const auto& batch = std::next(settled_.begin(),
                                  static_cast<std::ptrdiff_t>(below(settled_.size())))->second;
    const auto i = static_cast<std::uint32_t>(below(batch.jobs.size()));
    const auto& paper = batch.jobs[i].paper;
    return w_.duty(owner(paper.content.session),
                   tx::not_delivered{paper, batch.content, {}, i,
                                     merkle_path(world::leaf_hashes(batch.jobs), i)});
  }

  bytes audit() {
    const auto* found = some_of(*now().audits);
    if (found == nullptr)
      return work();
    const auto& x = known_.at(found->content().job);
    const auto stage = static_cast<std::uint8_t>(found->stages.size() - 1);
    const auto& seats = found->stage().seats;
    switch (below(9)) {
      case 0: return w_.duty(user(), tx::open_commitment{x.id(), 0, x.salt, x.result});
      case 1: return w_.duty(user(), w_.evidence(keys_.at(found->user), x,
                                                 chance(9) ? hash("lie") : x.result));
      case 2: return w_.duty(key_of(found->validator()), tx::appeal{x.id(), 0});
      default: break;
    }
    if (seats.empty())
      return market();
    const auto who = seats[below(seats.size())].checker;
    const auto& key = key_of(who);
    if (chance(40))
      return w_.duty(key, tx::unavailable{x.id(), 0, stage});
    // Each checker keeps to one answer: right, or now and then wrong.
    const auto mine = w_.answer_of(hash("mood", who, x.id()).value[0] < 40 ? hash("wrong")
                                                                          : hash("right"), who);
    if (found->stage().phase == ledger::stage_phase::committing)
      return w_.duty(key, tx::check_commit{x.id(), 0, stage,
                                           checker_commitment(x.id(), who, mine)});
    return w_.duty(key, tx::check_reveal{x.id(), 0, stage, mine.salt, mine.result, mine.witness});
  }

  bytes dispute() {
    if (known_.empty())
      return market();
    const auto& x = *some_of(known_);
    switch (below(7)) {
      case 0: return w_.duty(user(), tx::ask_for_leaf{x.paper});
      case 1: return proof(tx::show_leaf{x.paper, 0, 0, {}});
      case 2: {
        auto second = x.paper;
        second.content.commitment = hash("twin");
        if (chance(12))
          second.validator = sign(key_of(second.content.validator()),
                                  receipt_statement(second.order.content, second.content,
                                                    second.deadline_ms));
        return proof(tx::twin_receipts{x.paper, second});
      }
      case 3: {
        auto second = x.paper.order;
        second.content.units_max += 1;
        second.user = sign(owner(second.content.session), ticket_statement(second.content));
        return proof(tx::twin_tickets{x.paper.order, second});
      }
      case 4: {
        tx::stored all{x.id(), 0, {}};
        const auto statement =
          ledger::stored_statement(w_.chain(), x.id(), 0, x.paper.content.input);
        for (std::uint16_t i = 0; i < 5; ++i)
          all.signatures.emplace_back(i, sign(validator_key(i), statement));
        return proof(all);
      }
      case 5: {
        tx::wrong_witness all{x.id(), 0, some_validator(), {}};
        const auto* audit = w_.machine.find_audit(x.id(), 0);
        for (const auto& stage : audit == nullptr ? std::vector<ledger::audit_stage>{} : audit->stages)
          for (const auto& seat : stage.seats)
            if (seat.answer && chance(30)) {
              all.checker = seat.checker;
              all.signatures.clear();
              for (std::uint16_t i = 0; i < 5; ++i)
                all.signatures.emplace_back(
                  i, sign(validator_key(i),
                          ledger::wrong_witness_statement(w_.chain(), x.id(), 0, seat.checker,
                                                          seat.answer->witness)));
            }
        return proof(all);
      }
      default: return w_.duty(user(), tx::challenge_witness{x.id(), 0, some_validator(), {}, {}});
    }
  }

  world w_;
  std::mt19937_64 random_;
  std::map<public_key, key_pair> keys_;
  std::map<account_id, std::uint64_t> used_;  ///< Nonces in this block.
  std::vector<job> jobs_;                     ///< Done, not settled.
  std::map<job_id, job> known_;
  std::map<std::uint64_t, settled_jobs> settled_;  ///< By checkpoint.
  std::vector<bytes> due_;
  std::uint64_t epoch_ = 0;
  std::vector<std::pair<std::uint64_t, bytes>> saved_;  ///< Height, snapshot.
  std::uint64_t sent_ = 0;
  std::uint64_t applied_ = 0;
};

}  // namespace ledger_test

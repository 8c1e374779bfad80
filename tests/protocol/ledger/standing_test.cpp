// Who starts from a state stands where those stand who heard every event.

#include "tests/protocol/ledger/sequences.hpp"

#include "protocol/ledger/standing.hpp"

using namespace ledger_test;

namespace {

/// What of an audit is under way, as its events tell it.
struct open_audit {
  std::uint8_t stage = 0;
  std::vector<validator_id> checkers;
  std::uint64_t commit_ms = 0;  ///< Deadline.
  std::set<std::uint32_t> committed;
  bool revealing = false;
  bool asked = false;
  bool stored = false;
  std::set<std::string> said;
  bool convicted = false;
};

/// Duties of all roles together.
struct duties {
  std::map<ledger::audit_key, open_audit> audits;
  std::map<std::uint64_t, std::set<std::uint32_t>> undrawn;  ///< Checkpoints; none has indices.
  std::set<ledger::leaf_key> leaves, deliveries;
  std::set<ledger::count_key> counts;
  std::map<session_id, std::uint64_t> echoes;

  void hear(const ledger::block_events& block) {
    for (const auto& what : block.events)
      std::visit([this](const auto& x) { on(x); }, what);
    std::erase_if(echoes, [&](const auto& x) { return x.second < block.live_ms; });
  }

private:
  open_audit& of(const job_id& job, std::uint8_t attempt) { return audits[{job, attempt}]; }
  void on(const happened::check_requested& x) {
    auto& audit = of(x.subject.content.job, x.subject.content.attempt());
    audit.stage = x.stage;
    audit.checkers = x.checkers;
    audit.commit_ms = x.commit_deadline_ms;
    audit.committed.clear();
    audit.revealing = false;
  }
  void on(const happened::check_committed& x) {
    of(x.job, x.attempt).committed.insert(x.checker.value);
  }
  void on(const happened::reveal_requested& x) { of(x.job, x.attempt).revealing = true; }
  void on(const happened::digest_revealed& x) { of(x.job, x.attempt).said.insert(x.who); }
  void on(const happened::input_asked& x) { of(x.job, x.attempt).asked = true; }
  void on(const happened::input_stored& x) {
    auto& audit = of(x.job, x.attempt);
    audit.stored = true;
    audit.commit_ms = x.commit_deadline_ms;
  }
  void on(const happened::audit_settled& x) {
    if (x.final)
      audits.erase({x.job, x.attempt});
    else if (x.outcome == "fault")
      of(x.job, x.attempt).convicted = true;
  }
  void on(const happened::checkpoint_settled& x) { undrawn[x.content.sequence]; }
  void on(const happened::checkpoint_drawn& x) { undrawn.erase(x.sequence); }
  void on(const happened::leaf_asked& x) { leaves.insert(ledger::key_of(x.held.content)); }
  void on(const happened::leaf_shown& x) { leaves.erase(ledger::key_of(x.content.content)); }
  void on(const happened::delivery_asked& x) { deliveries.insert(ledger::key_of(x.held.content)); }
  void on(const happened::delivery_settled& x) {
    deliveries.erase({{x.job, x.attempt}, x.validator});
  }
  void on(const happened::count_asked& x) { counts.insert({x.epoch, x.entry, x.job}); }
  void on(const happened::count_shown& x) {
    counts.erase({x.counted.epoch, x.counted.entry_index, x.asked});
  }
  void on(const happened::entry_voided& x) {
    std::erase_if(counts, [&](const auto& y) { return y.epoch == x.epoch && y.entry == x.entry; });
  }
  void on(const happened::echo_opened& x) { echoes[x.session] = x.until_ms; }
  void on(const happened::session_closed& x) { echoes.erase(x.session); }
  template <class Other>
  void on(const Other&) {}
};

void check_same(const ledger::view& a, const ledger::view& b) {
  CHECK(a.position.height >= b.position.height);  // the last blocks may have no events
  CHECK(a.position.feed == b.position.feed);
  CHECK(a.position.authors == b.position.authors);
  CHECK(a.params.in_force == b.params.in_force);
  CHECK(encode(a.params.scheduled) == encode(b.params.scheduled));
  CHECK(a.fast_authors == b.fast_authors);
  CHECK(a.fast_began == b.fast_began);
  CHECK(a.next == b.next);
  CHECK(a.suspended == b.suspended);
  REQUIRE(a.authors.size() == b.authors.size());
  for (const auto& [id, x] : a.authors) {
    const auto& y = b.authors.at(id);
    CHECK(std::tie(x.key, x.stake, x.now) == std::tie(y.key, y.stake, y.now));
  }
  REQUIRE(a.validators.size() == b.validators.size());
  for (const auto& [id, x] : a.validators) {
    const auto& y = b.validators.at(id);
    CHECK(x.key == y.key);
    CHECK(x.operator_id == y.operator_id);
    CHECK(x.stake == y.stake);
    CHECK(x.stake_highest <= y.stake_highest);  // what was longer ago than unbonding counts no more
    CHECK(x.ask == y.ask);
    CHECK(x.now == y.now);
    CHECK(x.name == y.name);
  }
  REQUIRE(a.sessions.size() == b.sessions.size());
  for (const auto& [id, x] : a.sessions) {
    const auto& y = b.sessions.at(id);
    CHECK(x.user == y.user);
    CHECK(x.mode == y.mode);
    CHECK(x.bid == y.bid);
    CHECK(x.paired == y.paired);
    CHECK(x.stand_ins == y.stand_ins);
    std::set<validator_id> payees{x.stand_ins.begin(), x.stand_ins.end()};
    if (x.paired)
      payees.insert(*x.paired);
    for (const auto payee : payees)
      CHECK(x.lanes.at(payee) == y.lanes.at(payee));
    for (const auto& [payee, reserved] : x.lanes)  // of former ones nothing is reserved any more
      CHECK(reserved <= y.lanes.at(payee));
  }
}

/// Of audits that wait for a draw there is nobody yet who owes anything.
void check_same(const std::map<ledger::audit_key, open_audit>& fresh,
                const std::map<ledger::audit_key, open_audit>& owed, const ledger::state& now) {
  for (const auto& [key, record] : *now.audits) {
    if (record.stage().phase == ledger::stage_phase::drawing)
      continue;
    REQUIRE(fresh.count(key) == 1);
    auto expected = owed.at(key);
    auto found = fresh.at(key);
    if (record.input != ledger::input_state::asked)  // who has it after all does not say so
      expected.asked = found.asked;
    if (record.input == ledger::input_state::stored)
      expected.stored = found.stored;
    if (record.stage().phase == ledger::stage_phase::over)
      found.revealing = expected.revealing = true;
    CHECK(int{found.stage} == int{expected.stage});
    CHECK(found.checkers == expected.checkers);
    if (!found.revealing && !found.asked && !found.stored)
      CHECK(found.commit_ms == expected.commit_ms);
    CHECK(found.committed == expected.committed);
    CHECK(found.revealing == expected.revealing);
    CHECK(found.asked == expected.asked);
    CHECK(found.stored == expected.stored);
    CHECK(found.said == expected.said);
    CHECK(found.convicted == expected.convicted);
  }
  for (const auto& [key, audit] : fresh)
    CHECK(now.audits->find(key) != now.audits->end());
}

}  // namespace

TEST_CASE("R29 whoever starts from a state knows and owes what those know and owe who heard every "
          "event of a random life up to it") {
  std::random_device device;
  const auto seed = std::uint64_t{device()} << 32 | device();
  INFO("seed " << seed);
  sequences life(seed);
  auto heard = ledger::view_of(life.chain().start);
  duties owed;
  std::size_t audits = 0;
  for (int i = 0; i < 150; ++i) {
    life.step();
    const auto& told = life.chain().machine.announced();
    heard.live_ms = told.live_ms;
    heard.params.reach(told.height);
    for (const auto& what : told.events)
      ledger::apply(heard, what);
    owed.hear(told);
    const auto& now = life.chain().machine.now();
    heard.position = {now.committees->heavy.now, now.clock->height, now.feed};
    const auto stands = ledger::standing_in(now);
    check_same(stands.known, heard);
    duties fresh;
    fresh.hear(stands.open);
    check_same(fresh.audits, owed.audits, now);
    CHECK(fresh.undrawn == owed.undrawn);
    CHECK(fresh.deliveries == owed.deliveries);
    const auto open = [&now](std::set<ledger::count_key> counts) {
      std::erase_if(counts, [&](const ledger::count_key& key) {
        const auto epoch = now.checkpoints->epochs.find(key.epoch);
        return epoch == now.checkpoints->epochs.end() ||
               epoch->second.void_entries.contains(key.entry);
      });
      return counts;
    };
    CHECK(open(fresh.counts) == open(owed.counts));
    CHECK(fresh.leaves.size() == now.disputes->asked.size());
    CHECK(std::includes(owed.leaves.begin(), owed.leaves.end(), fresh.leaves.begin(),
                        fresh.leaves.end()));
    for (const auto& [session, until_ms] : fresh.echoes)
      CHECK(owed.echoes.at(session) == until_ms);
    audits += fresh.audits.size();
  }
  CHECK(audits > 100);
}

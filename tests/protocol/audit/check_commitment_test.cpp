#include "protocol/audit/check_commitment.hpp"

using namespace datagen::protocol;

namespace {

const check_windows windows = {.commit_until_ms = 1'000, .reveal_until_ms = 2'000};

/// One audit: result bytes, the right digest, and an honest checker 1 whose reveal all can see.
struct audit {
  digest beacon;
  job_id job;
  bytes result;
  digest right;
  check_reveal honest;
  digest honest_commitment;
};

audit make_audit(std::mt19937_64& random) {
  audit x;
  const auto seed = random();
  x.beacon = hash("beacon", seed);
  x.job = hash("job", seed);
  x.result.resize(1 + seed % 200);
  for (auto& b : x.result)
    b = static_cast<std::uint8_t>(random());
  x.right = hash("result", x.result);
  x.honest = {hash("salt", seed), x.right, check_witness(x.beacon, x.job, {1}, x.result)};
  x.honest_commitment = checker_commitment(x.job, {1}, x.honest);
  return x;
}

/// What the chain and the other checkers find: a commitment that opens in time, the right digest,
/// and the witness that whoever holds the right result computes for this checker.
bool passes(const audit& x, validator_id checker, const digest& commitment,
            const check_reveal& shown) {
  return check(shown, commitment, x.job, checker, windows, 1'500) == reveal_check::ok &&
         shown.result == x.right &&
         shown.witness == check_witness(x.beacon, x.job, checker, x.result);
}

}  // namespace

TEST_CASE("R18 check: copying a digest passes 0 of 1,000 audits, computing it passes all") {
  std::mt19937_64 random{11};
  std::map<std::string, int> passed;
  for (int i = 0; i < 1'000; ++i) {
    const auto x = make_audit(random);
    const validator_id copier{2};
    passed["honest"] += passes(x, {1}, x.honest_commitment, x.honest) ? 1 : 0;
    // Copies everything checker 1 showed, commitment included.
    passed["mirror"] += passes(x, copier, x.honest_commitment, x.honest) ? 1 : 0;
    // Knows the validator's digest beforehand and commits to it with a guessed witness.
    for (const auto& guess : {digest{}, x.right, x.honest_commitment,
                              check_witness(x.beacon, x.job, copier, x.right.view()),
                              check_witness(x.beacon, x.job, copier, {})}) {
      const check_reveal mine{hash("own salt", random()), x.right, guess};
      passed["digest"] += passes(x, copier, checker_commitment(x.job, copier, mine), mine) ? 1 : 0;
    }
    // Commits to anything, then reveals what it learned from checker 1's reveal.
    const check_reveal early{hash("own salt", random()), {}, {}};
    const auto commitment = checker_commitment(x.job, copier, early);
    const check_reveal late{early.salt, x.honest.result, x.honest.witness};
    passed["late"] += passes(x, copier, commitment, late) ? 1 : 0;
    // Had checker 1's witness before committing: it is still another checker's.
    passed["stolen"] += passes(x, copier, checker_commitment(x.job, copier, late), late) ? 1 : 0;
  }
  CHECK(passed["honest"] == 1'000);
  CHECK(passed["mirror"] == 0);
  CHECK(passed["digest"] == 0);
  CHECK(passed["late"] == 0);
  CHECK(passed["stolen"] == 0);
}

TEST_CASE("R18 check: a reveal is refused before the commit window closes and after its own") {
  std::mt19937_64 random{12};
  const auto x = make_audit(random);
  const auto at = [&x](std::uint64_t now_ms) {
    return check(x.honest, x.honest_commitment, x.job, {1}, windows, now_ms);
  };
  CHECK(at(0) == reveal_check::commit_window_open);
  CHECK(at(999) == reveal_check::commit_window_open);
  CHECK(at(1'000) == reveal_check::ok);
  CHECK(at(1'999) == reveal_check::ok);
  CHECK(at(2'000) == reveal_check::reveal_window_over);
}

TEST_CASE("R18 check: changing any part of a reveal, its author or its job breaks the opening") {
  std::mt19937_64 random{13};
  const auto x = make_audit(random);
  for (digest check_reveal::*part :
       {&check_reveal::salt, &check_reveal::result, &check_reveal::witness}) {
    auto shown = x.honest;
    (shown.*part).value[31] ^= 1;
    CHECK(check(shown, x.honest_commitment, x.job, {1}, windows, 1'500) ==
          reveal_check::not_committed);
  }
  CHECK(check(x.honest, x.honest_commitment, x.job, {2}, windows, 1'500) ==
        reveal_check::not_committed);
  CHECK(check(x.honest, x.honest_commitment, x.beacon, {1}, windows, 1'500) ==
        reveal_check::not_committed);
}

TEST_CASE("R18 check: a witness depends on beacon, job, checker and every byte of the result") {
  const bytes result = {1, 2, 3};
  const auto base = check_witness({}, {}, {1}, result);
  CHECK(base == hash("witness", hash("witness key", digest{}, job_id{}, validator_id{1}), result));
  CHECK(base != check_witness({{1}}, {}, {1}, result));
  CHECK(base != check_witness({}, {{1}}, {1}, result));
  CHECK(base != check_witness({}, {}, {2}, result));
  CHECK(base != check_witness({}, {}, {1}, bytes{1, 2, 4}));
}

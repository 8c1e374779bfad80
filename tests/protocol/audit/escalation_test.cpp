#include "protocol/audit/escalation.hpp"

using namespace datagen::protocol;

namespace {
const digest right{{1}}, wrong{{2}}, other{{3}};
std::vector<std::optional<digest>> seats(int rights, int wrongs, int others, int absents) {
  std::vector<std::optional<digest>> result;
  result.insert(result.end(), static_cast<std::size_t>(rights), right);
  result.insert(result.end(), static_cast<std::size_t>(wrongs), wrong);
  result.insert(result.end(), static_cast<std::size_t>(others), other);
  result.insert(result.end(), static_cast<std::size_t>(absents), std::nullopt);
  return result;
}
}  // namespace

TEST_CASE("R19 escalation: seven present and ceil(7/9) of them on one digest decide, and no less") {
  const auto p = default_preset();
  const std::map<int, int> needed = {{7, 6}, {8, 7}, {9, 7}};
  int decided = 0;
  for (int r = 0; r <= 9; ++r)
    for (int w = 0; r + w <= 9; ++w)
      for (int o = 0; r + w + o <= 9; ++o) {
        const int present = r + w + o;
        const auto got = decide_escalation(p, right, seats(r, w, o, 9 - present));
        stage_verdict want;
        if (present >= 7 && r >= needed.at(present))
          want = {audit_outcome::pass, right};
        else if (present >= 7 && w >= needed.at(present))
          want = {audit_outcome::fault, wrong};
        else if (present >= 7 && o >= needed.at(present))
          want = {audit_outcome::fault, other};
        CHECK(got == want);
        decided += want.truth ? 1 : 0;
      }
  CHECK(decided == 36);
  CHECK(decide_escalation(p, right, seats(6, 0, 0, 3)).outcome == audit_outcome::escalate);
  CHECK(decide_escalation(p, right, seats(6, 1, 0, 2)).outcome == audit_outcome::pass);
  CHECK(decide_escalation(p, right, seats(6, 2, 0, 1)).outcome == audit_outcome::escalate);
}

TEST_CASE("R19 escalation: the order of seats does not matter") {
  auto x = seats(2, 7, 0, 0);
  std::mt19937 random{3};
  for (int i = 0; i < 20; ++i) {
    std::shuffle(x.begin(), x.end(), random);
    CHECK(decide_escalation(default_preset(), right, x) ==
          stage_verdict{audit_outcome::fault, wrong});
  }
}

TEST_CASE(
  "R19 escalation: the last stage takes more than two thirds of eligible stake, not of cast") {
  const amount eligible{9'000};
  const auto votes = [](std::uint64_t r, std::uint64_t w) {
    return std::vector<stake_vote>{{right, {r / 2}}, {wrong, {w}}, {right, {r - r / 2}}};
  };
  CHECK(decide_last_stage(right, votes(6'001, 0), eligible, false).outcome == audit_outcome::pass);
  CHECK(decide_last_stage(right, votes(6'000, 0), eligible, false).outcome ==
        audit_outcome::escalate);
  CHECK(decide_last_stage(right, votes(6'000, 3'000), eligible, true).outcome ==
        audit_outcome::undetermined);
  CHECK(decide_last_stage(right, votes(2'999, 6'001), eligible, false) ==
        stage_verdict{audit_outcome::fault, wrong});
  CHECK(decide_last_stage(right, {}, eligible, true).outcome == audit_outcome::undetermined);
  CHECK(decide_last_stage(right, {}, {}, true).outcome == audit_outcome::undetermined);
  // Not divisible by three: 2/3 of 10,000 is 6666.67, so 6,667 is more and 6,666 is not.
  CHECK(decide_last_stage(right, votes(6'667, 0), {10'000}, true).outcome == audit_outcome::pass);
  CHECK(decide_last_stage(right, votes(6'666, 0), {10'000}, true).outcome ==
        audit_outcome::undetermined);
}

// Bad input at the doors of router and validator: each kind has its code and a sentence with the
// figures, and costs the user nothing.

#include "tests/support/ticket_bench.hpp"

#include <filesystem>

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;
namespace happened = ledger::happened;

namespace {

struct bad_job {
  std::string name;
  ec code;
  std::vector<std::string> figures;  ///< Each must be in the sentence.
  v1::job_request job;
};

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const auto& x : parts)
    all += "[" + x + "] ";
  return all;
}

/// `job` after `change` to its ticket, signed again.
template <class Change>
v1::job_request changed(v1::job_request job, Change change) {
  change(job.order.content);
  return ticket_bench::sign(std::move(job));
}

v1::job_request with_input(v1::job_request job, std::string_view kernel, bytes input) {
  job.order.content.kernel = {std::string{kernel}, 0};
  job.input = blob{std::move(input)};
  return ticket_bench::named(std::move(job));
}

bytes text(std::string_view x) { return {x.begin(), x.end()}; }

/// What neither door lets pass.
std::vector<bad_job> refused_everywhere(const ticket_bench& bench, std::uint32_t sequence) {
  const auto good = bench.job(sequence);
  auto forged = ticket_bench::sign(good, development_key(development_kind::account, 1));
  auto other_input = good;
  other_input.input = blob{bytes(900, 8)};
  auto other_parameters = good;
  other_parameters.parameters = blob{text("depth=1")};
  auto long_parameters = good;
  long_parameters.parameters = blob{bytes(5000, 'a')};
  const auto number = std::to_string(sequence);
  return {
    {"wrong signature", ec::bad_signature, {"ticket " + number, "session's key dg1"}, forged},
    {"altered after signing",
     ec::bad_signature,
     {"ticket " + number},
     [&] {
       auto x = good;
       x.order.content.unit_price += 1;
       return x;
     }()},
    {"another chain",
     ec::wrong_chain,
     {to_hex(hash("elsewhere")).substr(0, 16)},
     changed(good, [](ticket& x) { x.chain = hash("elsewhere"); })},
    {"price above the bid",
     ec::price_above_bid,
     {"pays 100000000000001", "bids at most 100000000000000"},
     changed(good, [](ticket& x) { x.unit_price = ticket_bench::bid + 1; })},
    {"no such session",
     ec::unknown_session,
     {"session 4711", "height "},
     changed(good, [](ticket& x) { x.session = {4711}; })},
    {"wrong input digest",
     ec::wrong_digest,
     {"900 bytes", to_hex(sha256(bytes(900, 8))).substr(0, 16),
      to_hex(good.order.content.input).substr(0, 16)},
     other_input},
    {"wrong parameter digest",
     ec::wrong_digest,
     {"7 bytes", to_hex(sha256({})).substr(0, 16)},
     other_parameters},
    {"oversized input",
     ec::too_large,
     {"67108865 bytes", "67108864"},
     bench.job(sequence, (64u << 20) + 1)},
    {"oversized parameters", ec::too_large, {"5000 bytes", "4096"}, long_parameters},
  };
}

/// What only the validator can judge.
std::vector<bad_job> refused_by_validator(const ticket_bench& bench, std::uint32_t sequence) {
  const auto good = bench.job(sequence);
  const auto cap = dg(1'000);
  return {
    {"not this session's validator",
     ec::wrong_validator,
     {"validator 6"},
     changed(good, [](ticket& x) { x.validator = {6}; })},
    {"deadline passed",
     ec::deadline_passed,
     {"deadline passed 6", " ms ago"},
     changed(good, [](ticket& x) { x.deadline_ms -= 120'000; })},
    {"price below the ask",
     ec::price_too_low,
     {"1999", "2000"},
     changed(good, [](ticket& x) { x.unit_price = 1'999; })},
    {"overdrawn lane",
     ec::lane_overdrawn,
     {"validator 0 holds 12 DG", "has 11.9999", "may cost 14 DG"},
     changed(good, [](ticket& x) { x.unit_price = 14'000'000; })},
    {"value cap",
     ec::value_cap_reached,
     {"worth 1000 DG", "cap of 93.408 DG for unmatured work 0"},
     changed(good,
             [&](ticket& x) {
               x.declared_value = static_cast<std::uint64_t>(cap.units / units_per_nano_dg);
             })},
    {"one user's share of the cap",
     ec::value_cap_reached,
     {"worth 50 DG", "one user may fill 23.352 DG"},
     changed(good, [](ticket& x) { x.declared_value = 50'000'000'000; })},
    {"sequence out of reach",
     ec::outside_window,
     {"job 4000000000", "65536"},
     changed(good, [](ticket& x) { x.sequence = 4'000'000'000; })},
    {"unknown kernel",
     ec::unknown_kernel,
     {"'merkle.tree'", "known: "},
     changed(good, [](ticket& x) { x.kernel.name = "merkle.tree"; })},
    {"too few units",
     ec::units_exceeded,
     {"needs 1 units", "the ticket buys 0"},
     changed(good, [](ticket& x) { x.units_max = 0; })},
    {"malformed scene",
     ec::bad_input,
     {"line 1, column "},
     with_input(good, "render.path", text("[camera\n"))},
    {"malformed parameters",
     ec::bad_parameters,
     {"'colour'"},
     [&] {
       auto x = good;
       x.parameters = blob{text("colour=7")};
       return ticket_bench::named(std::move(x));
     }()},
  };
}

/// The leaves and fees that the Fast Chain's checkpoints and the claims on Heavy brought.
struct tally {
  std::uint32_t leaves = 0;
  amount paid;
};
tally tally_of(const heavy_log& log) {
  tally result;
  log.each<happened::checkpoint_settled>([&](const auto& x) { result.leaves += x.content.leaves; });
  log.each<happened::claim_paid>(
    [&](const auto& x) { result.paid += x.to_validator + x.to_audit_fund + x.burned; });
  return result;
}

/// Sends every bad job to `door`, each followed by the good one of the same sequence.
void check_table(const peer& door, bool validator_rules) {
  virtual_cluster net;
  heavy_log log{net};
  ticket_bench bench{net, dg(20)};
  REQUIRE(bench.validator == validator_id{0});
  std::uint32_t sequence = 1;
  amount fees;
  const auto good = [&] {
    const auto done = bench.send(door, bench.job(sequence));
    REQUIRE_MESSAGE(done.reply, (done.refused ? done.refused->reason : "no answer"));
    fees += {done.reply->receipt.content.fee * units_per_nano_dg};
    ++sequence;
  };
  good();
  const auto rows = [&] {
    auto all = refused_everywhere(bench, sequence);
    if (validator_rules)
      for (auto& x : refused_by_validator(bench, sequence))
        all.push_back(std::move(x));
    return all;
  };
  const auto count = rows().size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto bad = rows().at(i);
    INFO(bad.name);
    const auto said = bench.send(door, bad.job);
    CHECK_FALSE(said.reply);
    REQUIRE(said.refused);
    CHECK(said.refused->code == bad.code);
    CHECK(said.refused->job == job_id_of(bad.job.order.content));
    for (const auto& x : bad.figures)
      CHECK_MESSAGE(said.refused->reason.find(x) != std::string::npos,
                    said.refused->reason << " should have " << joined(bad.figures));
    good();  // the very sequence that the bad ticket named is free for the good one
  }
  // Not one 10^-9 DG of the lane was used up or stays reserved for a refused job.
  const auto left_nano = static_cast<std::uint64_t>((dg(12) - fees).units / units_per_nano_dg);
  auto last = bench.job(sequence);
  last.order.content.unit_price = 1'000 * left_nano + 1'000;
  last.order.content.units_max = 1;
  last = with_input(last, "merkle.root", {});
  REQUIRE(bench.send(door, last).refused);
  CHECK(bench.send(door, last).refused->code == ec::lane_overdrawn);
  last.order.content.unit_price = 1'000 * left_nano;
  const auto done = bench.send(door, ticket_bench::sign(last));
  REQUIRE_MESSAGE(done.reply, (done.refused ? done.refused->reason : "no answer"));
  fees += {done.reply->receipt.content.fee * units_per_nano_dg};
  ++sequence;

  net.sim.run_for(60'000);
  const auto all = tally_of(log);
  CHECK(all.leaves == sequence - 1);  // no leaf of a refused job, and every one of the good
  CHECK(all.paid == fees);
}

}  // namespace

TEST_CASE(
  "R5 bad input: every kind is refused by the validator with its code and figures, leaves no "
  "leaf, and the same user's next job passes") {
  check_table({role::validator, 0}, true);
}

TEST_CASE(
  "R5 bad input: through the router the same jobs are refused the same way, before anything "
  "of them is kept") {
  check_table({role::router, 0}, true);
}

TEST_CASE(
  "R5 replay: a ticket sent again brings the receipt it had, byte for byte, and once it is paid "
  "a refusal, and it is ordered and charged once, also across a restart") {
  const auto dir = std::filesystem::temp_directory_path() /
                   ("datagen-replay-" + std::to_string(std::random_device{}()));
  std::filesystem::create_directories(dir);
  const peer door{role::validator, 0};
  v1::job_request job;
  session_id session;
  {
    virtual_cluster net{{.data_dir = dir.string()}};
    heavy_log log{net};
    ticket_bench bench{net, dg(20)};
    session = bench.session;
    job = bench.job(1);
    const auto first = bench.send(door, job);
    const auto again = bench.send(door, job);
    REQUIRE(first.reply);
    REQUIRE(again.reply);
    CHECK(encode(first.reply->receipt) == encode(again.reply->receipt));
    CHECK(first.reply->salt == again.reply->salt);

    const auto other = bench.send(door, changed(job, [](ticket& x) { x.unit_price += 1; }));
    REQUIRE(other.refused);
    CHECK(other.refused->code == ec::replayed_ticket);
    CHECK(other.refused->reason == "job 1 of session " + std::to_string(session.value) +
                                     ", attempt 0, was accepted with another ticket; a repeat must "
                                     "be identical");
    net.sim.run_for(30'000);
    auto late = job;  // the same job as a later attempt, after it was paid
    late.order.content.attempt = 1;
    late.order.content.deadline_ms += 60'000;
    for (const auto& x : {ticket_bench::sign(late), job}) {
      const auto refused = bench.send(door, x).refused;
      REQUIRE(refused);
      CHECK(refused->code == ec::replayed_ticket);
      CHECK(refused->reason == "job 1 of session " + std::to_string(session.value) +
                                 " is done and paid; its receipt was given out then");
    }
    CHECK(tally_of(log).leaves == 1);
    CHECK(tally_of(log).paid.units == first.reply->receipt.content.fee * units_per_nano_dg);
  }
  virtual_cluster again{{.data_dir = dir.string(), .seed = 2, .unix_ms = 1'750'000'060'000}};
  again.net->pause(role::fast_author);  // it has only its own database to remember the job by
  again.sim.run_for(10'000);
  ticket_bench bench{again};
  auto late = job;
  late.order.content.deadline_ms += 600'000;
  const auto refused = bench.send(door, ticket_bench::sign(late)).refused;
  REQUIRE(refused);
  CHECK_MESSAGE(refused->code == ec::replayed_ticket, refused->reason);
  again.stop();
  std::filesystem::remove_all(dir);
}

TEST_CASE(
  "R5 replay: nobody takes a user's answer away: not with a forged ticket for its running job, "
  "nor by sending the user's own ticket after it") {
  for (const peer door : {peer{role::validator, 0}, peer{role::router, 0}}) {
    CAPTURE(to_string(door));
    virtual_cluster net;
    ticket_bench bench{net, dg(20)};
    const auto job = bench.job(1);
    auto forged = job;
    forged.order.content.unit_price += 1;
    forged = ticket_bench::sign(forged, development_key(development_kind::account, 1));
    const auto alice = bench.send_as(60, door, job);
    const auto mallory = bench.send_as(61, door, forged);
    const auto copycat = bench.send_as(62, door, job);
    net.sim.run_for(1'000);
    REQUIRE(alice->said.reply);
    CHECK_FALSE(alice->said.refused);
    CHECK_FALSE(mallory->said.reply);
    REQUIRE(mallory->said.refused);
    CHECK(mallory->said.refused->code == ec::bad_signature);
    REQUIRE(copycat->said.reply);
    CHECK(encode(alice->said.reply->receipt) == encode(copycat->said.reply->receipt));
  }
}

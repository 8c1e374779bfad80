// A pool and its end users (R9; protocol.md section 1, user): one escrow, a key and a pairing each.

#include <caf/all.hpp>

#include "tests/support/client.hpp"

using namespace datagen;
using namespace datagen::tests;
using namespace datagen::protocol;

namespace {

/// A pool, account 9, and the end users that it pays for.
struct pool {
  virtual_cluster net;
  heavy_log log{net};
  user_actor owner = net.user(9);
  std::uint64_t nonce = 0;

  template <class Reply, class Wish>
  Reply ask(const user_actor& who, const Wish& wish) {
    const auto reply = net.sim.ask<Reply>(who, wish);
    REQUIRE(net.sim.run_until([&] { return reply->has_value(); }, 60'000));
    return **reply;
  }
  /// Delegates to account `index` until `expires_ms`, and waits for its pairing.
  user_actor delegate(std::uint32_t index, amount limit, std::uint64_t expires_ms,
                      std::uint32_t router = 0) {
    const auto user = net.user(index, 0, router);
    const v1::pool_offer offer{.payer = development_key(development_kind::account, 9).identity,
                               .nonce = nonce + 1, .expires_ms = expires_ms};
    const auto consent = ask<v1::pool_consent>(user, offer);
    const auto opened = ask<v1::session_ready>(owner, wish_of(consent, limit, expires_ms, ++nonce));
    REQUIRE_MESSAGE(opened.code == ec::ok, opened.reason);
    CHECK(opened.session == consent.session);
    REQUIRE(net.sim.run_until([&] { return paired().contains(consent.session); }, 30'000));
    net.sim.run_for(1'000);
    return user;
  }
  static v1::delegation_wish wish_of(const v1::pool_consent& by, amount limit,
                                     std::uint64_t expires_ms, std::uint64_t nonce) {
    return {nonce, {.key = by.key, .consent = by.by, .bid = 5'000, .escrow = limit,
                    .expires_ms = expires_ms}};
  }
  std::map<session_id, validator_id> paired() const {
    std::map<session_id, validator_id> result;
    log.each<happened::paired>([&](const auto& x) { result[x.session] = x.validator; });
    return result;
  }
  v1::job_outcome run(const user_actor& who, std::uint64_t units_max = 1'000'000) {
    return ask<v1::job_outcome>(who, v1::job_wish{.kernel = {"merkle.root", 0},
                                                  .input = blob{bytes(1'000, 7)},
                                                  .units_max = units_max});
  }
};

constexpr std::uint64_t long_time_ms = 600'000;

}  // namespace

TEST_CASE("R9 pool: end users run jobs under keys of their own, each with its own pairing, and the pool "
          "pays for all of them") {
  pool p;
  const auto one = p.delegate(1, dg(500), long_time_ms);
  const auto two = p.delegate(2, dg(500), long_time_ms);
  CHECK(p.paired().size() == 2);
  const auto first = p.run(one), second = p.run(two);
  REQUIRE_MESSAGE(first.code == ec::ok, first.reason);
  REQUIRE_MESSAGE(second.code == ec::ok, second.reason);
  CHECK(first.receipt.content.session != second.receipt.content.session);
  const auto payer = development_key(development_kind::account, 9).identity;
  p.log.each<happened::session_opened>([&](const auto& x) { CHECK(x.payer == payer); });
  p.net.sim.run_for(60'000);
  CHECK(price_paid(p.log) == uint128{first.receipt.content.fee} + second.receipt.content.fee);
}

TEST_CASE("R9 pool: a ticket beyond a delegated key's limit is refused with the figures") {
  pool p;
  const auto user = p.delegate(1, amount{10'000 * units_per_nano_dg}, long_time_ms);
  const auto done = p.run(user, 1'000'000'000);
  CHECK(done.code == ec::lane_overdrawn);
  CHECK_MESSAGE(done.reason.find("has") != std::string::npos, done.reason);
}

TEST_CASE("R9 pool: when a delegated key's time is over its jobs are refused, and say so") {
  pool p;
  const auto user = p.delegate(1, dg(500), 30'000);
  REQUIRE(p.run(user).code == ec::ok);
  p.net.sim.run_for(40'000);
  const auto late = p.run(user);
  CHECK(late.code == ec::not_paired);
  CHECK_MESSAGE(late.reason.find("was delegated until 30000 ms") != std::string::npos, late.reason);
}

TEST_CASE("R9 pool: a consent for another money move, or another end, opens nothing") {
  pool p;
  const auto user = p.net.user(1);
  const auto pool_key = development_key(development_kind::account, 9).identity;
  const auto consent = p.ask<v1::pool_consent>(
    user, v1::pool_offer{.payer = pool_key, .nonce = 1, .expires_ms = long_time_ms});
  auto opened =
    p.ask<v1::session_ready>(p.owner, pool::wish_of(consent, dg(500), long_time_ms, 2));
  CHECK(opened.code == ec::refused_by_chain);
  CHECK_MESSAGE(opened.reason.find("its next one is 1") != std::string::npos, opened.reason);
  opened = p.ask<v1::session_ready>(p.owner, pool::wish_of(consent, dg(500), long_time_ms + 1, 1));
  CHECK(opened.code == ec::refused_by_chain);
  CHECK_MESSAGE(opened.reason.find("has not signed") != std::string::npos, opened.reason);
  CHECK(p.log.count<happened::session_opened>() == 0);
}

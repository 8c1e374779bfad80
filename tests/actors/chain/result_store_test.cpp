// The committee's bounded temporary store for results (protocol.md section 2, step 9).

#include "actors/chain/result_store.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
namespace happened = ledger::happened;

namespace {

struct job {
  v1::result_offer offer;
  happened::delivery_asked question;
};

job job_of(std::uint32_t sequence, std::size_t size) {
  const ticket order{.sequence = sequence, .units_max = 5};
  job result;
  result.offer = {.job = job_id_of(order),
                  .salt = hash("salt", sequence),
                  .output = blob{bytes(size, static_cast<std::uint8_t>(sequence))}};
  result.offer.result = {.units = 5, .root = result_root(result.offer.output.view())};
  result.question.held.order.content = order;
  result.question.held.content =
    make_leaf(order, 5, commitment_of(result.offer.salt, result.offer.job, 0, {},
                                      digest_of(result.offer.result)));
  result.question.until_ms = 1'000;
  return result;
}

}  // namespace

TEST_CASE("R15 result store: nothing is kept that Heavy does not ask for, and nothing that does not open the "
          "leaf") {
  result_store store{500};
  const auto x = job_of(1, 300);
  CHECK_FALSE(store.offer(x.offer));
  store.hear(x.question);
  auto wrong = x.offer;
  wrong.output = blob{bytes(300, 9)};
  CHECK_FALSE(store.offer(wrong));
  wrong.result.root = result_root(wrong.output.view());
  CHECK_FALSE(store.offer(wrong));
  wrong = x.offer;
  wrong.salt = hash("another salt");
  CHECK_FALSE(store.offer(wrong));
  CHECK(store.bytes() == 0);
  CHECK(store.find(x.offer.job, 0) == nullptr);
  CHECK(store.offer(x.offer) == x.question.held.content.commitment);
  CHECK(store.offer(x.offer).has_value());  // once more, kept once
  CHECK(store.bytes() == 300);
  REQUIRE(store.find(x.offer.job, 0) != nullptr);
  CHECK(is_result_of(*store.find(x.offer.job, 0)));
  CHECK(store.find(x.offer.job, 1) == nullptr);
}

TEST_CASE("R15 result store: a full store takes no more until a result has had its time, or was refunded") {
  result_store store{500, 1'000};
  const auto x = job_of(1, 700), y = job_of(2, 700);
  store.hear(x.question);
  store.hear(y.question);
  CHECK(store.offer(x.offer).has_value());
  CHECK_FALSE(store.offer(y.offer).has_value());
  store.hear(happened::delivery_settled{x.offer.job, 0, {}, true});
  CHECK(store.bytes() == 700);  // its user has not fetched it yet
  store.expire(1'499);
  CHECK_FALSE(store.offer(y.offer).has_value());
  store.expire(1'500);
  CHECK(store.bytes() == 0);
  store.hear(y.question);
  CHECK(store.offer(y.offer).has_value());
  store.hear(happened::delivery_settled{y.offer.job, 0, {}, false});
  CHECK(store.bytes() == 0);
}

// The committee's bounded temporary store (protocol.md section 2, step 8).

#include "actors/chain/input_store.hpp"

#include <doctest/doctest.h>

using namespace datagen;
using namespace datagen::protocol;
namespace happened = ledger::happened;

namespace {

struct job {
  v1::input_offer offer;
  happened::check_requested request;
};

job job_of(std::uint32_t sequence, std::size_t size) {
  const bytes input(size, static_cast<std::uint8_t>(sequence)), parameters{1, 2};
  ticket order{.sequence = sequence, .parameters = sha256(parameters), .input = sha256(input)};
  job result;
  result.request.subject.order.content = order;
  result.request.subject.content = make_leaf(order, 1, {});
  result.offer = {job_id_of(order), 0, blob{parameters}, blob{input}};
  return result;
}

}  // namespace

TEST_CASE("R16 input store: nothing is kept that Heavy does not ask for, and no other bytes than the "
          "ticket's") {
  input_store store;
  const auto x = job_of(1, 500);
  CHECK_FALSE(store.offer(x.offer));
  store.hear(x.request);
  CHECK_FALSE(store.offer(x.offer));  // under audit, but nobody misses it
  store.hear(happened::input_asked{x.offer.job, 0, 1});
  auto wrong = x.offer;
  wrong.input = blob{bytes(500, 9)};
  CHECK_FALSE(store.offer(wrong));
  wrong = x.offer;
  wrong.parameters = blob{bytes{3}};
  CHECK_FALSE(store.offer(wrong));
  CHECK(store.bytes() == 0);
  CHECK(store.offer(x.offer) == sha256(x.offer.input.view()));
  CHECK(store.offer(x.offer).has_value());  // once more, kept once
  CHECK(store.bytes() == 502);
  REQUIRE(store.find(sha256(x.offer.input.view())) != nullptr);
  CHECK(store.find(sha256(x.offer.input.view()))->size() == 500);
  CHECK(store.find(sha256(x.offer.parameters.view()))->size() == 2);
  CHECK(store.find(hash("else")) == nullptr);
}

TEST_CASE("R16 input store: a full store takes no more until an audit is final") {
  input_store store{1'000};
  const auto x = job_of(1, 700), y = job_of(2, 700);
  for (const auto* z : {&x, &y}) {
    store.hear(z->request);
    store.hear(happened::input_asked{z->offer.job, 0, 1});
  }
  CHECK(store.offer(x.offer).has_value());
  CHECK_FALSE(store.offer(y.offer).has_value());
  store.hear(happened::audit_settled{.job = x.offer.job, .final = false});
  CHECK_FALSE(store.offer(y.offer).has_value());
  store.hear(happened::audit_settled{.job = x.offer.job, .final = true});
  CHECK(store.bytes() == 0);
  CHECK(store.offer(y.offer).has_value());
}

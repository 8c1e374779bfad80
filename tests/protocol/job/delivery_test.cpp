#include "protocol/job/delivery.hpp"

#include <doctest/doctest.h>

using namespace datagen::protocol;

namespace {

box_key_pair key_of(std::string_view who) {
  return box_key_pair::from_secret({hash("delivery-test", who).value});
}

stored_result make_stored() {
  stored_result x{.salt = hash("salt"), .output = {1, 2, 3}};
  const ticket order{.sequence = 7, .kernel = {"merkle.root", 0}, .units_max = 5};
  x.result = {.kernel = order.kernel, .units = 5, .root = result_root(x.output)};
  x.held.order.content = order;
  x.held.content =
    make_leaf(order, 5, commitment_of(x.salt, job_id_of(order), 0, {}, digest_of(x.result)));
  return x;
}

}  // namespace

TEST_CASE("stored results: only the key that asked opens one, and no byte of it can be changed") {
  const auto x = make_stored();
  const auto user = key_of("user"), member = key_of("member");
  const auto sealed = seal_result(member, user.published, x);
  REQUIRE(sealed);
  const auto opened = open_result(user, member.published, *sealed);
  REQUIRE(opened);
  CHECK(encode(*opened) == encode(x));
  CHECK_FALSE(open_result(key_of("another"), member.published, *sealed));
  CHECK_FALSE(open_result(user, key_of("another").published, *sealed));
  auto changed = *sealed;
  changed[5] ^= 1;
  CHECK_FALSE(open_result(user, member.published, changed));
}

TEST_CASE("stored results: one belongs to its leaf when salt, header and output do") {
  CHECK(is_result_of(make_stored()));
  auto x = make_stored();
  x.output.push_back(4);
  CHECK_FALSE(is_result_of(x));
  x = make_stored();
  x.salt = hash("another");
  CHECK_FALSE(is_result_of(x));
  x = make_stored();
  x.result.units = 4;
  CHECK_FALSE(is_result_of(x));
  x = make_stored();
  x.held.content.input = hash("another");
  CHECK_FALSE(is_result_of(x));
}

TEST_CASE("stored results: the question for one names chain, job, attempt and key") {
  const auto to = key_of("user").published;
  const chain_id chain{};
  const job_id job{};
  const auto said = result_query_statement(chain, job, 0, to);
  CHECK(said != result_query_statement(hash("chain"), job, 0, to));
  CHECK(said != result_query_statement(chain, hash("job"), 0, to));
  CHECK(said != result_query_statement(chain, job, 1, to));
  CHECK(said != result_query_statement(chain, job, 0, key_of("another").published));
}

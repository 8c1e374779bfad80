#include "protocol/job/job.hpp"

using namespace datagen::protocol;

namespace {

struct story {
  key_pair user = key_pair::from_secret({{1}});
  key_pair paired = key_pair::from_secret({{2}});
  ticket order{.chain = hash("test-chain"), .session = {9}, .sequence = 4, .validator = {3},
               .kernel = {"merkle.root", 0}, .parameters = sha256({}), .input = sha256(bytes{7}),
               .units_max = 1000, .unit_price = 1500};
  result_header result{.kernel = order.kernel, .parameters = order.parameters, .input = order.input,
                       .units = 333, .root = result_root(bytes{1, 2, 3})};
  digest salt = salt_for(paired.secret, job_id_of(order), order.attempt);

  receipt sealed() const {
    receipt x{.order = {order, sign(user, ticket_statement(order))}, .deadline_ms = 77};
    x.content = make_leaf(order, result.units,
                          commitment_of(salt, job_id_of(order), order.attempt, order.validator,
                                        digest_of(result)));
    x.validator = sign(paired, receipt_statement(order, x.content, x.deadline_ms));
    return x;
  }
  receipt_check verdict(const receipt& x) const {
    return check(x, user.identity, paired.identity, signature_checker{});
  }
};

}  // namespace

TEST_CASE("job: a leaf takes 128 bytes whatever the job") {
  CHECK(encode(story{}.sealed().content).size() == leaf_bytes);
}

TEST_CASE("job: an honest receipt holds, and its salt and result open the leaf") {
  const story s;
  const auto x = s.sealed();
  CHECK(s.verdict(x) == receipt_check::ok);
  CHECK(check_opening(x, s.salt, s.result) == receipt_check::ok);
  CHECK(x.content.fee == 500);  // ceil(333 * 1500 / 1000)
  CHECK(decode<receipt>(encode(x)) == x);
}

TEST_CASE("job: any flipped byte of a receipt is refused") {
  const story s;
  const auto good = encode(s.sealed());
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 0x10;
    const auto x = decode<receipt>(bad);
    const bool held = x && s.verdict(*x) == receipt_check::ok;
    CHECK_MESSAGE(!held, "byte " << i);
  }
}

TEST_CASE("job: another result, salt or validator does not open the leaf") {
  const story s;
  const auto x = s.sealed();
  auto other = s.result;
  other.root = result_root(bytes{1, 2, 4});
  CHECK(check_opening(x, s.salt, other) == receipt_check::wrong_result);
  CHECK(check_opening(x, hash("another salt"), s.result) == receipt_check::wrong_result);
  auto more = s.result;
  more.units += 1;
  CHECK(check_opening(x, s.salt, more) == receipt_check::wrong_result);
}

TEST_CASE("job: an answer is whole with the bytes that its header's root stands for, and no others") {
  const story s;
  const auto said = [&](const bytes& output) {
    return check_answer(s.sealed(), s.user.identity, s.paired.identity, s.salt, s.result, output,
                        signature_checker{});
  };
  CHECK(said({1, 2, 3}) == receipt_check::ok);
  for (const auto& other : {bytes{1, 2, 4}, bytes{1, 2}, bytes{1, 2, 3, 0}, bytes{}})
    CHECK(said(other) == receipt_check::wrong_result);
}

TEST_CASE("job: what a user says of a result names its chain, job, attempt, validator and digest") {
  const auto chain = hash("chain");
  const acknowledgement x{.job = hash("job"), .attempt = 1, .validator = {3}, .result = hash("r")};
  std::set<bytes> statements{acknowledgement_statement(chain, x),
                             acknowledgement_statement(hash("other chain"), x)};
  for (auto other : {acknowledgement{hash("other"), 1, {3}, hash("r"), {}},
                     acknowledgement{hash("job"), 2, {3}, hash("r"), {}},
                     acknowledgement{hash("job"), 1, {4}, hash("r"), {}},
                     acknowledgement{hash("job"), 1, {3}, hash("other"), {}}})
    statements.insert(acknowledgement_statement(chain, other));
  CHECK(statements.size() == 6);
}

TEST_CASE("job: a fee above the ticket's price and units above its limit are refused") {
  const story s;
  auto x = s.sealed();
  x.content.fee += 1;
  x.validator = sign(s.paired, receipt_statement(s.order, x.content, x.deadline_ms));
  CHECK(s.verdict(x) == receipt_check::wrong_fee);
  x = s.sealed();
  x.content.units = 1001;
  x.content.fee = price_of(s.order, 1001);
  x.validator = sign(s.paired, receipt_statement(s.order, x.content, x.deadline_ms));
  CHECK(s.verdict(x) == receipt_check::wrong_fee);
}

TEST_CASE("job: prices round up and saturate instead of wrapping") {
  ticket x{.unit_price = 1};
  CHECK(price_of(x, 0) == 0);
  CHECK(price_of(x, 1) == 1);
  CHECK(price_of(x, 1001) == 2);
  x.unit_price = ~0ULL;
  CHECK(price_of(x, ~0ULL) == ~0ULL);
}

#include "protocol/consensus/certificate.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

namespace {

struct fixture {
  std::vector<key_pair> keys;
  committee members;
  finality_statement statement;
  signature_checker signatures;

  explicit fixture(std::size_t n = 4) {
    for (std::size_t i = 0; i < n; ++i) {
      secret_key secret;
      secret.value.fill(static_cast<std::uint8_t>(i + 1));
      keys.push_back(key_pair::from_secret(secret));
      members.authors.push_back(keys.back().identity);
    }
    statement = {members.chain,     members.epoch,     12,
                 hash("block", 12), hash("state", 12), digest_of(members)};
  }
  certificate signed_by(std::vector<author_index> authors) const {
    certificate result{statement, {}};
    for (const auto a : authors)
      result.signatures.emplace_back(a, sign_finality(statement, keys[a]).sig);
    return result;
  }
  certificate_check verdict(const certificate& c) const { return check(c, members, signatures); }
};

}  // namespace

TEST_CASE("certificate: q distinct members of the right committee, and no fewer, make it valid") {
  const fixture f;
  CHECK(f.verdict(f.signed_by({0, 1, 3})) == certificate_check::ok);
  CHECK(f.verdict(f.signed_by({0, 1, 2, 3})) == certificate_check::ok);
  CHECK(f.verdict(f.signed_by({1, 3})) == certificate_check::too_few_signatures);
  CHECK(f.verdict(f.signed_by({0, 1, 1})) == certificate_check::authors_unordered);
  CHECK(f.verdict(f.signed_by({1, 0, 2})) == certificate_check::authors_unordered);
  auto c = f.signed_by({0, 1, 2});
  c.signatures[2].first = 4;
  CHECK(f.verdict(c) == certificate_check::unknown_author);
  c.signatures[2].first = 3;
  CHECK(f.verdict(c) == certificate_check::bad_signature);
  c = f.signed_by({0, 1, 2});
  c.statement.state_root.value[0] ^= 1;
  CHECK(f.verdict(c) == certificate_check::bad_signature);
  c.statement.epoch = 1;
  CHECK(f.verdict(c) == certificate_check::wrong_committee);
  CHECK(decode<certificate>(encode(f.signed_by({0, 1, 2})))->signatures.size() == 3);
}

TEST_CASE("certificate: votes are counted once each, for our own statement only") {
  const fixture f;
  vote_collector votes{f.members};
  const auto vote = [&](author_index a) { return sign_finality(f.statement, f.keys[a]); };
  CHECK(votes.add(0, vote(0), f.signatures) == vote_check::not_expected);
  votes.expect(f.statement);
  CHECK(votes.add(0, vote(0), f.signatures) == vote_check::ok);
  CHECK(votes.add(0, vote(0), f.signatures) == vote_check::repeated);
  CHECK(votes.add(1, vote(0), f.signatures) == vote_check::bad_signature);
  CHECK(votes.add(4, vote(0), f.signatures) == vote_check::unknown_author);
  auto other = vote(2);
  other.state_root.value[0] ^= 1;
  CHECK(votes.add(2, other, f.signatures) == vote_check::diverged);
  CHECK(votes.add(3, vote(3), f.signatures) == vote_check::ok);
  CHECK_FALSE(votes.take(12));
  CHECK(votes.add(1, vote(1), f.signatures) == vote_check::ok);
  const auto c = votes.take(12);
  REQUIRE(c);
  CHECK(f.verdict(*c) == certificate_check::ok);
  CHECK_FALSE(votes.take(12));
  CHECK(votes.add(2, vote(2), f.signatures) == vote_check::not_expected);
}

TEST_CASE("certificate: any two quorums share a correct member, for 4 to 20 authors") {
  for (std::size_t n = 4; n <= 20; ++n) {
    CAPTURE(n);
    committee c;
    c.authors.resize(n);
    const auto f = c.faults(), q = c.quorum();
    CHECK(3 * f + 1 <= n);
    CHECK(2 * q - n >= f + 1);  // the smallest intersection exceeds the faulty
    CHECK(q + f <= n);          // the correct ones alone are a quorum
    // The same by trying: the two quorums that overlap least.
    std::set<std::size_t> low, both;
    for (std::size_t i = 0; i < q; ++i)
      low.insert(i);
    for (std::size_t i = n - q; i < n; ++i)
      if (low.contains(i))
        both.insert(i);
    CHECK(both.size() > f);
  }
}

#include "protocol/consensus/state_sync.hpp"

#include "protocol/chain/development.hpp"

#include <doctest/doctest.h>

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

namespace {

const signature_checker signatures;

/// Committees of four, whose keys begin at `first_key`.
roster roster_of(std::uint32_t epoch, std::uint32_t first_key) {
  roster result{.chain = hash("chain"), .epoch = epoch};
  for (std::uint32_t i = 0; i < 4; ++i) {
    result.authors.push_back(development_key(development_kind::author, first_key + i).identity);
    result.ids.push_back(first_key + i);
  }
  return result;
}

epoch_term term_of(std::uint32_t epoch, std::uint32_t first_key, commit_index first) {
  return {{roster_of(epoch, first_key), hash("before", epoch), 1'000}, first};
}

commit block_at(commit_index height) {
  return {.index = height, .previous = hash("previous", height), .timestamp_ms = 10 * height};
}

certificate certify(const commit& block, const epoch_term& by, const roster& next,
                    author_index signers = 3) {
  certificate result{{.chain = by.members.chain,
                      .epoch = by.members.epoch,
                      .height = block.index,
                      .block = digest_of(block),
                      .state_root = hash("root", block.index),
                      .next_committee = digest_of(next)},
                     {}};
  for (author_index i = 0; i < signers; ++i)
    result.signatures.emplace_back(
      i, sign(development_key(development_kind::author, by.members.ids[i]),
              signing_bytes(result.statement)));
  return result;
}

epoch_end end_of(const epoch_term& serving, const roster& next, commit_index height) {
  const auto block = block_at(height);
  return {{certify(block, serving, next), next}, block};
}

}  // namespace

TEST_CASE("state sync: an epoch's last certificate seats whom it names, behind its block") {
  const auto serving = term_of(3, 0, 100);
  const auto next = roster_of(4, 8);
  const auto end = end_of(serving, next, 250);
  const auto seated = seated_by(end, serving, signatures);
  REQUIRE(seated);
  CHECK(static_cast<const roster&>(seated->members) == next);
  CHECK(seated->first == 251);
  CHECK(seated->members.previous_commit == digest_of(end.last));
  CHECK(seated->members.genesis_time_ms == 2'500);

  const auto refused = [&](auto change) {
    auto x = end;
    change(x);
    return !seated_by(x, serving, signatures);
  };
  CHECK(refused([](auto& x) { x.last.timestamp_ms += 1; }));
  CHECK(refused([](auto& x) { x.over.next.ids[0] = 99; }));
  CHECK(refused([](auto& x) { x.over.last.signatures.pop_back(); }));
  CHECK(refused([&](auto& x) { x = end_of(term_of(3, 4, 100), next, 250); }));  // other signers
  CHECK(refused([&](auto& x) { x = end_of(serving, roster_of(5, 8), 250); }));  // skips an epoch
  CHECK(refused([&](auto& x) { x = end_of(serving, next, 99); }));  // before its own first block
}

TEST_CASE("state sync: a state counts where the committee that goes on has certified its block") {
  const auto serving = term_of(3, 0, 100);
  const auto block = block_at(128);
  const auto proof = certify(block, serving, serving.members);
  CHECK(check(block, proof, serving, signatures) == state_check::ok);
  CHECK(check(block, certify(block, serving, roster_of(4, 8)), serving, signatures) ==
        state_check::wrong_epoch);
  CHECK(check(block, proof, term_of(4, 0, 100), signatures) == state_check::wrong_epoch);
  CHECK(check(block, proof, term_of(3, 0, 129), signatures) == state_check::wrong_epoch);
  CHECK(check(block_at(129), proof, serving, signatures) == state_check::not_certified);
  CHECK(check(block, certify(block, serving, serving.members, 2), serving, signatures) ==
        state_check::bad_certificate);
}

TEST_CASE("state sync: pieces that are not what was asked for end a fetch, and so does silence") {
  const bytes whole(2'500, 7);
  const auto piece = [&](std::size_t from, std::size_t size) {
    return byte_view{whole}.subspan(from, size);
  };
  state_fetch fetch{5, {.bytes_max = 3'000, .piece_bytes_max = 1'000, .timeout_ms = 10}};
  auto asked = fetch.next(100);
  CHECK(asked.height == 0);
  CHECK_FALSE(fetch.late(109));
  CHECK(fetch.late(110));
  CHECK_FALSE(fetch.expects(6, asked.number));
  CHECK_FALSE(fetch.expects(5, asked.number + 1));
  CHECK_FALSE(state_fetch{fetch}.begin(64, 3'001));
  CHECK_FALSE(state_fetch{fetch}.begin(0, 100));
  CHECK_FALSE(state_fetch{fetch}.begin(64, 0));
  REQUIRE(fetch.begin(64, whole.size()));
  REQUIRE(fetch.add(64, 0, piece(0, 1'000)));
  CHECK_FALSE(fetch.expects(5, asked.number));  // it came already
  CHECK_FALSE(fetch.late(1'000));
  asked = fetch.next(200);
  CHECK(asked.height == 64);
  CHECK(asked.offset == 1'000);
  CHECK_FALSE(state_fetch{fetch}.add(96, 1'000, piece(1'000, 10)));
  CHECK_FALSE(state_fetch{fetch}.add(64, 999, piece(999, 10)));
  CHECK_FALSE(state_fetch{fetch}.add(64, 1'000, {}));
  CHECK_FALSE(state_fetch{fetch}.add(64, 1'000, piece(1'000, 1'001)));
  REQUIRE(fetch.add(64, 1'000, piece(1'000, 1'000)));
  CHECK_FALSE(fetch.complete());
  CHECK_FALSE(state_fetch{fetch}.add(64, 2'000, piece(0, 501)));
  REQUIRE(fetch.add(64, 2'000, piece(2'000, 500)));
  CHECK(fetch.complete());
  CHECK(fetch.data() == whole);
}

#include "protocol/link/address_book.hpp"

#include "protocol/crypto/hash.hpp"

using namespace datagen::protocol;
using namespace datagen::protocol::link;

namespace {

const digest network = hash("test-genesis");
constexpr std::uint64_t now_ms = 1'700'000'000'000;

key_pair holder(std::uint8_t i) { return key_pair::from_secret({{i}}); }

address_record record(std::uint8_t who, std::uint64_t sequence, std::uint64_t life_ms = 3'600'000) {
  address_record x{.genesis = network,
                   .key = holder(who).identity,
                   .sequence = sequence,
                   .expires_ms = now_ms + life_ms,
                   .addresses = {{"validator.example", 4'433}, {"2001:db8::7", 4'433}}};
  seal(x, holder(who));
  return x;
}

address_book book(std::uint8_t registered = 9) {
  return {network, holder(0).identity, [registered](const public_key& key) {
            for (std::uint8_t i = 0; i <= registered; ++i)
              if (holder(i).identity == key)
                return true;
            return false;
          }};
}

}  // namespace

TEST_CASE("address_record: holds until it expires, in its own network, as its key signed it") {
  const auto x = record(1, 5);
  CHECK(check(x, network, now_ms) == record_check::ok);
  CHECK(check(x, network, x.expires_ms - 1) == record_check::ok);
  CHECK(check(x, network, x.expires_ms) == record_check::expired);
  CHECK(check(x, hash("other"), now_ms) == record_check::wrong_genesis);
  CHECK(check(record(1, 5, record_life_max_ms), network, now_ms) == record_check::ok);
  CHECK(check(record(1, 5, record_life_max_ms + 1), network, now_ms) ==
        record_check::lives_too_long);
  CHECK(decode<address_record>(encode(x)) == x);
}

TEST_CASE("address_record: any flipped byte is refused") {
  const auto good = encode(record(1, 5));
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 0x04;
    const auto x = decode<address_record>(bad);
    const bool held = x && check(*x, network, now_ms) == record_check::ok;
    CHECK_MESSAGE(!held, "byte " << i);
  }
}

TEST_CASE("address_record: addresses without port or host, with blanks or in crowds are refused") {
  const auto verdict = [](std::vector<host_port> addresses) {
    auto x = record(1, 5);
    x.addresses = std::move(addresses);
    seal(x, holder(1));
    return check(x, network, now_ms);
  };
  CHECK(verdict({}) == record_check::ok);  // it says that it can no longer be reached
  CHECK(verdict({{"a", 0}}) == record_check::bad_address);
  CHECK(verdict({{"", 1}}) == record_check::bad_address);
  CHECK(verdict({{"a b", 1}}) == record_check::bad_address);
  CHECK(verdict({{std::string(256, 'a'), 1}}) == record_check::bad_address);
  CHECK(verdict(std::vector<host_port>(4, {"a", 1})) == record_check::ok);
  CHECK(verdict(std::vector<host_port>(5, {"a", 1})) == record_check::bad_address);
}

TEST_CASE("address_book: takes what is new and registered, and says what the rest is") {
  auto x = book();
  CHECK(x.merge(record(1, 5), now_ms) == merge_result::taken);
  CHECK(x.merge(record(1, 5), now_ms) == merge_result::known);
  CHECK(x.merge(record(1, 4), now_ms) == merge_result::known);
  CHECK(x.merge(record(1, 6), now_ms) == merge_result::taken);
  CHECK(x.merge(record(0, 9), now_ms) == merge_result::unwanted);   // about itself
  CHECK(x.merge(record(77, 9), now_ms) == merge_result::unwanted);  // about nobody
  CHECK(x.merge(record(2, 1), now_ms + 3'600'000) == merge_result::invalid);
  auto forged = record(2, 1);
  forged.addresses[0].host = "mallory.example";
  CHECK(x.merge(forged, now_ms) == merge_result::forged);
  CHECK(x.size() == 1);
  x.expire(now_ms + 3'600'000);
  CHECK(x.find(holder(1).identity) == nullptr);
}

TEST_CASE("address_book: in whatever order and how often records come, all books end alike") {
  std::mt19937_64 dice{19};
  for (int round = 0; round < 20; ++round) {
    std::vector<address_record> records;
    for (int i = 0; i < 20; ++i)  // two lives of one sequence among them
      records.push_back(
        record(static_cast<std::uint8_t>(1 + dice() % 5), dice() % 4, 3'600'000 + dice() % 2));
    auto first = book(), second = book();
    for (const auto& x : records)
      (void)first.merge(x, now_ms);
    std::shuffle(records.begin(), records.end(), dice);
    for (int i = 0; i < 2; ++i)
      for (const auto& x : records)
        (void)second.merge(x, now_ms);
    CHECK(first == second);
    for (const auto& x : records)
      CHECK(first.find(x.key)->sequence >= x.sequence);
  }
}

TEST_CASE("address_book: shares a bounded number, not with whom they are about, long lives first") {
  auto x = book(100);
  for (std::uint8_t i = 1; i <= 80; ++i)
    CHECK(x.merge(record(i, 1, 1'000 + i), now_ms) == merge_result::taken);
  const auto shared = x.to_share(holder(80).identity);
  REQUIRE(shared.size() == exchange_records_max);
  CHECK(shared.front().expires_ms == now_ms + 1'079);
  CHECK(encode(shared).size() < 64 << 10);
}

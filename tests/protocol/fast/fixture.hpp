#pragma once
// A small world for Fast Chain tests: four Heavy authors who really sign, four validators, users
// with sessions and lanes, and a machine that executes blocks of transactions.

#include "protocol/fast/machine.hpp"

#include <doctest/doctest.h>

namespace fast_test {

using namespace datagen::protocol;
namespace heard = ledger::happened;

inline key_pair key_of(std::string_view role, std::uint32_t number) {
  return key_pair::from_secret({hash("fast-test", role, number).value});
}
inline key_pair author_key(std::uint32_t i) { return key_of("heavy-author", i); }
inline key_pair validator_key(std::uint32_t i) { return key_of("validator", i); }
inline key_pair user_key(std::uint32_t i) { return key_of("user", i); }

inline constexpr std::uint64_t bid = 100'000'000;  ///< Of every session.

inline genesis small_genesis() {
  genesis result{.name = "test", .development = true, .time_ms = 1'000'000, .params = dev_preset()};
  for (std::uint32_t i = 0; i < 4; ++i) {
    result.heavy_authors.push_back({author_key(i).identity, dg(10'000)});
    result.validators.push_back({.key = validator_key(i).identity,
                                 .operator_id = i,
                                 .stake = dg(1'000),
                                 .ask = 10,
                                 .name = "v" + std::to_string(i)});
  }
  return result;
}

/// The Heavy Chain reduced to its feed: every call is one certified block.
struct heavy_chain {
  genesis start;
  std::uint64_t height = 0;
  digest feed{};

  ledger::certified_events say(std::vector<ledger::event> events) {
    return certify({add(std::move(events))});
  }
  /// A block that is announced only with a later certificate.
  ledger::block_events add(std::vector<ledger::event> events) {
    ledger::block_events block{++height, height * 100, std::move(events)};
    feed = ledger::extend_feed(feed, block);
    return block;
  }
  ledger::certified_events certify(std::vector<ledger::block_events> blocks) const {
    const std::vector<digest> sections{merkle_leaf(feed.view()), merkle_leaf(bytes{1, 2, 3})};
    ledger::certified_events result{
      .blocks = std::move(blocks), .proof = {}, .sections = 2, .path = merkle_path(sections, 0)};
    result.proof.statement = {
      heavy_chain_id(start),         0, height, hash("heavy-block", height), merkle_root(sections),
      digest_of(heavy_roster(start))};
    for (std::uint16_t i = 0; i < 3; ++i)
      result.proof.signatures.emplace_back(
        i, sign(author_key(i), consensus::signing_bytes(result.proof.statement)));
    return result;
  }
};

/// Remembers what it has verified: as a process with several nodes does.
struct remembering_checker : signature_checker {
  mutable std::map<digest, bool> known;
  bool check(const public_key& key, byte_view message, const signature& sig) const override {
    const auto name = hash("seen", key, sha256(message), sig);
    const auto [place, fresh] = known.try_emplace(name, false);
    if (fresh)
      place->second = verify(key, message, sig);
    return place->second;
  }
};

struct world {
  genesis start;
  remembering_checker checker;
  heavy_chain heavy;
  fast::fast_machine machine;
  std::uint64_t clock_ms;
  std::uint32_t epoch = 0;  ///< Whose blocks `run` makes.

  explicit world(genesis from = small_genesis())
      : start(std::move(from)), heavy{start}, machine(start, checker), clock_ms(start.time_ms) {}

  ticket order(std::uint32_t session, std::uint32_t sequence, std::uint32_t validator = 0,
               std::uint8_t attempt = 0) const {
    return {.chain = heavy_chain_id(start),
            .session = {session},
            .sequence = sequence,
            .attempt = attempt,
            .validator = {validator},
            .kernel = {"merkle.root", 0},
            .parameters = sha256({}),
            .input = hash("input", sequence),
            .units_max = 10'000,
            .unit_price = 1'000};
  }
  /// User number = session number.
  receipt sealed(const ticket& x, std::uint64_t units = 100, std::uint8_t variant = 0) const {
    receipt result{.order = {x, sign(user_key(static_cast<std::uint32_t>(x.session.value)),
                                     ticket_statement(x))},
                   .deadline_ms = 5'000};
    result.content = make_leaf(x, units, hash("commitment", variant));
    result.validator = sign(validator_key(x.validator.value),
                            receipt_statement(x, result.content, result.deadline_ms));
    return result;
  }
  static bytes leaf_tx(const receipt& x) {
    return encode(fast::transaction{fast::tx::submit_leaf{x}});
  }
  bytes leaf_tx(std::uint32_t session, std::uint32_t sequence, std::uint32_t validator = 0,
                std::uint8_t attempt = 0, std::uint64_t units = 100) const {
    return leaf_tx(sealed(order(session, sequence, validator, attempt), units));
  }
  static bytes heavy_tx(const ledger::certified_events& x) {
    return encode(fast::transaction{fast::tx::heavy_events{x}});
  }
  chain::block_input block_of(std::vector<bytes> transactions) {
    consensus::signed_vertex vertex;
    vertex.body.transactions = std::move(transactions);
    clock_ms += 10;
    return {.epoch = epoch,
            .height = machine.height() + 1,
            .block = hash("block", machine.height() + 1),
            .timestamp_ms = clock_ms,
            .vertices = {consensus::seal(std::move(vertex))}};
  }
  chain::block_result run(std::vector<bytes> transactions) {
    return machine.execute(block_of(std::move(transactions)));
  }
  std::uint16_t code(const bytes& transaction) { return run({transaction}).outcomes.at(0).code; }

  static std::vector<ledger::event> session_events(std::uint32_t session, std::uint64_t lane_nano,
                                                   std::uint32_t payees = 2) {
    heard::paired paired{.session = {session}, .validator = {0}};
    for (std::uint32_t i = 0; i < payees; ++i)
      paired.lanes.push_back({{i}, {lane_nano * units_per_nano_dg}});
    return {heard::session_opened{
              .session = {session}, .user = user_key(session).identity, .bid = bid},
            paired};
  }
  void open(std::uint32_t session, std::uint64_t lane_nano = 1'000'000) {
    REQUIRE(code(heavy_tx(heavy.say(session_events(session, lane_nano)))) == 0);
  }
};

inline constexpr std::uint16_t number(fast::transaction_check x) {
  return static_cast<std::uint16_t>(x);
}
template <class Event>
std::vector<Event> all_of(const chain::block_result& x) {
  std::vector<Event> result;
  for (const auto& raw : x.events)
    if (const auto event = decode<fast::event>(raw); event && std::holds_alternative<Event>(*event))
      result.push_back(std::get<Event>(*event));
  return result;
}

}  // namespace fast_test

#include "tools/bench/ledger_bench.hpp"

#include "tools/bench/clock.hpp"

#include "actors/storage/database.hpp"

#include "protocol/chain/development.hpp"
#include "protocol/fast/transactions.hpp"
#include "protocol/ledger/machine.hpp"

namespace datagen::bench {

using namespace protocol;

namespace {

constexpr amount first_balance = dg(100);

key_pair account_key(std::uint32_t i) { return development_key(development_kind::account, i); }

genesis chain_of(const ledger_options& options) {
  genesis x{.name = "bench", .development = true, .time_ms = 1'700'000'000'000,
            .params = default_preset()};
  for (std::uint32_t i = 0; i < 4; ++i) {
    x.heavy_authors.push_back({development_key(development_kind::author, i).identity, dg(5'000)});
    x.validators.push_back({.key = development_key(development_kind::validator, i).identity,
                            .operator_id = i, .stake = dg(1'000), .ask = 1,
                            .name = "v" + std::to_string(i)});
  }
  for (std::uint32_t i = 0; i < options.accounts; ++i)
    x.accounts[account_key(i).identity] = first_balance;
  x.heavy_coin = development_coin("heavy", 4).keys;
  x.fast_coin = development_coin("fast", 4).keys;
  return x;
}

/// One signed transfer, as bytes and as the numbers that SQL is given.
struct move {
  bytes data;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

class load {
public:
  load(const ledger_options& options, const chain_id& chain) : options_(options), chain_(chain) {
    for (std::uint32_t i = 0; i < options.accounts; ++i)
      keys_.push_back(account_key(i));
    nonces_.resize(options.accounts);
  }
  std::vector<move> block() {
    std::vector<move> result;
    for (std::uint32_t i = 0; i < options_.per_block; ++i) {
      const auto from = next_++ % options_.accounts;
      const auto to = static_cast<std::uint32_t>((from * 7'919ull + 1) % options_.accounts);
      const ledger::tx::transfer body{keys_[to].identity, {units_per_dg / 1'000}};
      result.push_back(
        {ledger::make_transaction(chain_, keys_[from], ++nonces_[from], body), from, to});
    }
    return result;
  }

private:
  const ledger_options& options_;
  chain_id chain_;
  std::vector<key_pair> keys_;
  std::vector<std::uint64_t> nonces_;
  std::uint32_t next_ = 0;
};

template <class Work>
double processor_us_of(const Work& work) {
  const auto start = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  work();
  return 1e6 * (seconds_of(CLOCK_THREAD_CPUTIME_ID) - start);
}

chain::block_input input_of(const std::vector<move>& moves, std::uint64_t height,
                            std::uint64_t start_ms) {
  chain::block_input result{.height = height, .block = hash("bench-block", height),
                            .timestamp_ms = start_ms + 100 * height};
  consensus::signed_vertex v;
  for (const auto& x : moves)
    v.body.transactions.push_back(x.data);
  result.vertices.push_back(consensus::seal(std::move(v)));
  return result;
}

void bound_work(const std::vector<move>& moves) {
  for (const auto& x : moves) {
    const auto id = sha256(x.data);
    const auto content = decode<ledger::transaction>(x.data);
    invariant(content && id != digest{} &&
                verify(content->sender, ledger::transaction_statement(*content), content->by),
              "the bench's own signatures hold");
  }
}

using sql = storage::database;

storage::result<storage::done> fill(sql& db, std::uint32_t accounts) {
  if (auto made = db.script("drop table if exists account;"
                            "create table account(id integer primary key, nonce integer, "
                            "balance integer check (balance >= 0));begin");
      !made)
    return made;
  for (std::uint32_t i = 0; i < accounts; ++i)  // balances in 10^-9 DG: SQL has 64 bits
    if (auto made = db.execute("insert into account values(?, 0, ?)", std::uint64_t{i},
                               std::uint64_t{100'000'000'000});
        !made)
      return made;
  return db.script("commit");
}

storage::result<storage::done> sql_work(sql& db, const std::vector<move>& moves) {
  if (auto begun = db.script("begin"); !begun)
    return begun;
  constexpr std::uint64_t nano = 1'000'000;
  for (const auto& x : moves) {
    if (auto done = db.execute("update account set balance = balance - ?, nonce = nonce + 1 "
                               "where id = ?", nano, std::uint64_t{x.from});
        !done)
      return done;
    if (auto done = db.execute("update account set balance = balance + ? where id = ?", nano,
                               std::uint64_t{x.to});
        !done)
      return done;
  }
  return db.script("commit");
}

}  // namespace

std::string measure_ledger(const ledger_options& options, ledger_costs& costs) {
  auto opened = sql::open(options.database, 1'000);
  if (!opened)
    return opened.error().sentence;
  auto& db = **opened;
  if (auto filled = fill(db, options.accounts); !filled)
    return filled.error().sentence;
  const auto origin = chain_of(options);
  const signature_checker signatures;
  ledger::ledger_machine machine(origin, signatures,
                                 std::make_shared<coin_checker>(coin_group_by_name("openssl")));
  load transfers(options, heavy_chain_id(origin));
  std::string why;
  // The first block, which emits and grows every table, is not counted.
  for (std::uint32_t i = 0; i <= options.blocks && why.empty(); ++i) {
    const auto moves = transfers.block();
    const auto input = input_of(moves, i + 1, origin.time_ms);
    const auto bound = processor_us_of([&] { bound_work(moves); });
    chain::block_result result;
    const auto executed = processor_us_of([&] { result = machine.execute(input); });
    const auto stored = processor_us_of([&] {
      if (auto done = sql_work(db, moves); !done)
        why = done.error().sentence;
    });
    for (const auto& outcome : result.outcomes)
      if (outcome.code != 0)
        why = outcome.reason;
    if (i > 0)
      costs.bound_us += bound, costs.ledger_us += executed, costs.sql_us += stored;
  }
  const auto count = static_cast<double>(options.blocks) * options.per_block;
  for (auto* x : {&costs.bound_us, &costs.ledger_us, &costs.sql_us})
    *x /= count;
  return why;
}

bytes_per_job measure_bytes(std::uint32_t jobs_per_block, std::uint32_t checkpoint_blocks,
                            std::uint32_t authors, std::uint32_t sessions_per_checkpoint) {
  receipt paper;
  paper.order.content.kernel = {"merkle.root", 0};
  bytes_per_job result{.jobs_per_block = jobs_per_block};
  result.leaf = encode(paper.content).size();
  result.submitted = encode(fast::transaction{fast::tx::submit_leaf{paper}}).size();
  const auto jobs = jobs_per_block * checkpoint_blocks;
  ledger::tx::checkpoint brought{.sections = 6, .path = std::vector<digest>(3)};
  brought.content.leaves = jobs;
  brought.content.closes.emplace();
  for (std::uint16_t i = 0; i < authors - (authors - 1) / 3; ++i)
    brought.proof.signatures.emplace_back(i, signature{});
  result.heavy = static_cast<double>(ledger::make_unsigned({}, brought).size()) / jobs;
  ledger::tx::claim claim;
  claim.entries.resize(sessions_per_checkpoint);
  for (std::uint32_t width = 1; width < sessions_per_checkpoint; width *= 2)
    claim.path.resize(claim.path.size() + 2);  // other validators' entries on both sides
  const ledger::transaction said{.body = claim};
  result.heavy_claim = static_cast<double>(encode(said).size()) / jobs;
  return result;
}

}  // namespace datagen::bench

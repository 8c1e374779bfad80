#pragma once
// A discrete-event simulator of one committee: the real cores, an event heap, seeded delays and
// faults, and the invariants of consensus.md 4.2 checked after every effect.

#include "protocol/consensus/core.hpp"
#include "protocol/consensus/threshold_coin.hpp"
#include "protocol/consensus/verify.hpp"
#include "protocol/crypto/coin/dealer.hpp"
#include "tests/support/mock_coin.hpp"

#include <functional>
#include <queue>
#include <random>
#include <tuple>
#include <unordered_set>

namespace datagen::tests {

using namespace datagen::protocol;
using namespace datagen::protocol::consensus;

/// Where a crash hits an own vertex's way out (scenario 10).
enum class crash_point { before_write, after_write, after_send };

struct simulation_options {
  std::uint64_t seed = 1;
  std::size_t n = 4;
  engine_params params = quick_params();
  std::uint64_t delay_min_ms = 1;
  std::uint64_t delay_max_ms = 30;
  std::uint64_t write_max_ms = 3;  ///< A record is durable after 0 to this.
  std::uint32_t loss_permille = 0;
  std::set<author_index> dead;   ///< Never start.
  std::set<author_index> twins;  ///< Byzantine: sign two vertices per round.
  bool real_signatures = false;
  bool real_coin = false;
  bool transactions = true;  ///< Every node submits one every 40 ms until `quiet_ms`.
  std::uint64_t quiet_ms = 800;

  static engine_params quick_params() {
    auto result = fast_params(4);
    result.gc_depth = 40;
    result.resync_ms = 400;
    result.idle_ms = 100;
    result.wait_all_ms = 20;
    return result;
  }
};

class simulation {
public:
  explicit simulation(simulation_options o) : options(std::move(o)), random(options.seed) {
    for (std::size_t i = 0; i < options.n; ++i) {
      secret_key secret;
      secret.value.fill(static_cast<std::uint8_t>(i + 1));
      keys.push_back(key_pair::from_secret(secret));
      members.authors.push_back(keys.back().identity);
    }
    options.params.leaders = options.n == 4 ? 1 : 2;
    members.previous_commit = hash("simulation", options.seed);
    if (options.real_coin) {
      dealt = deal(*openssl_coin_group(), static_cast<std::uint16_t>(options.n),
                   static_cast<std::uint16_t>(members.quorum()), hash("coin", options.seed));
      members.coin = dealt.keys;
    }
    context = std::make_unique<verify_context>(members, options.params, coin_of(0));
    nodes.resize(options.n);
    for (author_index i = 0; i < options.n; ++i)
      if (!options.dead.contains(i)) {
        at(random() % 5, [this, i] { boot(i); });
        if (options.transactions)
          at(random() % 40, [this, i] { submit(i); });
      }
  }

  /// Runs until virtual time `until_ms`.
  void run(std::uint64_t until_ms) {
    while (!heap.empty() && heap.top().time <= until_ms && broken.empty()) {
      auto next = std::move(const_cast<entry&>(heap.top()));
      heap.pop();
      now = next.time;
      next.action();
    }
    now = until_ms;
  }
  void at(std::uint64_t time, std::function<void()> action) {
    heap.push({time, ++sequence, std::move(action)});
  }

  /// Faults; each may be scheduled with `at`.
  void crash(author_index i) {
    nodes[i].engine.reset();
    ++nodes[i].incarnation;
  }
  void boot(author_index i) {
    auto& node = nodes[i];
    node.mempool.clear();  // its clients submit again what they have not seen committed
    for (const auto& [tx, author] : submitted)
      if (author == i && !committed_txs.contains(tx))
        node.mempool.push_back(tx);
    node.waiting = !node.mempool.empty();
    node.engine = std::make_unique<core>(
      core_config{members, options.params, i, keys[i], coin_of(i), 1});
    deliver(i, what_is_stored(i));
    if (node.waiting)
      deliver(i, event::transactions_waiting{});
    for (author_index peer = 0; peer < options.n; ++peer)
      deliver(i, event::peer_up{peer});
  }
  std::shared_ptr<const coin_source> coin_of(author_index i) const {
    if (options.real_coin)
      return std::make_shared<threshold_coin>(members, std::make_shared<coin_checker>(),
                                              dealt.secrets[i]);
    return std::make_shared<test_support::mock_coin>(members.previous_commit, i);
  }
  /// Crashes node i while its k-th vertex from now passes `point`; it returns after `pause_ms`.
  void crash_at(author_index i, crash_point point, std::uint64_t pause_ms) {
    nodes[i].plan = {point, pause_ms};
  }
  /// Nodes in `side` hear only each other until `heal`.
  void partition(std::set<author_index> side) { cut = std::move(side); }
  void heal() {
    cut.clear();
    for (author_index i = 0; i < options.n; ++i)
      for (author_index peer = 0; peer < options.n; ++peer)
        deliver(i, event::peer_up{peer});
  }

  bool correct(author_index i) const {
    return !options.dead.contains(i) && !options.twins.contains(i);
  }
  const core_status status(author_index i) const { return nodes[i].engine->status(); }
  /// The lowest commit height among the correct nodes that run.
  commit_index lowest_commit() const {
    commit_index result = ~commit_index{0};
    for (author_index i = 0; i < options.n; ++i)
      if (correct(i) && nodes[i].engine)
        result = std::min(result, status(i).commits);
    return result;
  }
  /// Transactions that correct nodes took in but nobody has seen committed.
  std::size_t uncommitted() const {
    std::size_t result = 0;
    for (const auto& [tx, author] : submitted)
      result += correct(author) && !committed_txs.contains(tx);
    return result;
  }

  simulation_options options;
  std::string broken;         ///< The first invariant that failed, in words.
  std::vector<commit> chain;  ///< What the first node to get there has output.
  std::size_t evidence = 0;
  std::size_t vertices = 0;
  std::size_t restarts = 0;
  std::uint64_t now = 0;

private:
  struct entry {
    std::uint64_t time, order;
    std::function<void()> action;
    bool operator<(const entry& o) const {
      return std::tie(time, order) > std::tie(o.time, o.order);
    }
  };
  struct crash_plan {
    crash_point point;
    std::uint64_t pause_ms;
  };
  struct member {
    std::unique_ptr<core> engine;
    std::uint64_t incarnation = 0;
    std::vector<vertex_ptr> stored;
    std::unordered_set<digest> durable;   ///< Digests of `stored`.
    std::map<round_number, digest> sent;  ///< Own vertices a peer may have seen.
    round_number own_round = 0;           ///< Of the last durable own vertex.
    std::vector<commit> blocks;           ///< The log of outputs; survives crashes.
    commit_index replayed = 0;            ///< Height output since the last start.
    std::vector<bytes> mempool;
    bool waiting = false;
    std::uint64_t wake = 0;
    std::optional<crash_plan> plan;
    vertex_ref last_twin;
  };

  void fail(const std::string& what) {
    if (broken.empty())
      broken = what + " (seed " + std::to_string(options.seed) + ", n " +
               std::to_string(options.n) + ", at " + std::to_string(now) + " ms)";
  }
  void require(bool condition, const char* what) {
    if (!condition)
      fail(what);
  }

  void deliver(author_index i, const any_event& e) {
    if (!nodes[i].engine)
      return;
    const auto incarnation = nodes[i].incarnation;
    for (auto& effect : nodes[i].engine->handle(e, {now, 1'000'000 + now + 7 * i})) {
      if (nodes[i].incarnation != incarnation)
        return;  // crashed while carrying out the effects
      std::visit([&](auto& x) { on(i, x); }, effect);
    }
  }
  /// Delivers `e` to the incarnation of node i that runs now, after `delay`.
  void later(author_index i, std::uint64_t delay, any_event e) {
    at(now + delay, [this, i, e = std::move(e), life = nodes[i].incarnation] {
      if (nodes[i].incarnation == life)
        deliver(i, e);
    });
  }
  void transmit(author_index from, author_index to, any_event e) {
    if (from == to || cut.contains(from) != cut.contains(to) ||
        random() % 1000 < options.loss_permille)
      return;
    const auto range = options.delay_max_ms - options.delay_min_ms + 1;
    at(now + options.delay_min_ms + random() % range,
       [this, to, e = std::move(e)] { deliver(to, e); });
  }
  bool valid(const vertex_ptr& v) {
    struct trusting : signature_checker {
      bool check(const public_key&, byte_view, const signature&) const override { return true; }
    };
    if (!checked.insert(v->ref.id).second)
      return true;
    static const trusting trust;
    static const signature_checker strict;
    const auto& judge = options.real_signatures ? strict : trust;
    const auto reason = check(*v, *context, judge);
    if (reason != vertex_check::ok)
      fail("O13: a core proposed an invalid vertex: " + std::string{to_text(reason)});
    return reason == vertex_check::ok;
  }

  /// Every other restart resumes behind the last block, from what pruned storage would hold.
  event::start what_is_stored(author_index i) {
    auto& node = nodes[i];
    node.replayed = 0;
    event::start result{node.stored, {}};
    if (node.incarnation % 2 == 0 || node.blocks.empty())
      return result;
    const auto depth = options.params.gc_depth;
    const auto leader = node.blocks.back().leader.round;
    const round_number floor = leader > depth ? leader - depth : 0;
    std::erase_if(result.stored, [&](const vertex_ptr& v) { return v->ref.round <= floor; });
    for (const auto& block : node.blocks)
      if (block.leader.round > floor)
        result.recent.push_back(block);
    node.replayed = node.blocks.back().index;
    return result;
  }
  void submit(author_index i) {
    if (now >= options.quiet_ms)
      return;
    bytes tx = encode(i, now, ++sequence);
    submitted.emplace(tx, i);
    nodes[i].mempool.push_back(tx);
    if (!std::exchange(nodes[i].waiting, true))
      deliver(i, event::transactions_waiting{});
    at(now + 40, [this, i] { submit(i); });
  }

  void maybe_crash(author_index i, crash_point point) {
    auto& plan = nodes[i].plan;
    if (!plan || plan->point != point)
      return;
    ++restarts;
    crash(i);
    at(now + plan->pause_ms, [this, i] { boot(i); });
    plan.reset();
  }

  void on(author_index i, effect::persist& e) {
    auto& node = nodes[i];
    if (correct(i)) {
      const auto s = status(i);
      require(e.own->ref.round == std::max(node.own_round, s.decided_round) + 1,
              "S12: own rounds advance by max(o, F) + 1");
    }
    const auto life = node.incarnation;
    maybe_crash(i, crash_point::before_write);
    at(now + random() % (options.write_max_ms + 1), [this, i, e, life] {
      auto& writer = nodes[i];
      if (writer.incarnation != life)
        return;
      for (const auto& v : e.accepted) {
        writer.stored.push_back(v);
        writer.durable.insert(v->ref.id);
      }
      writer.stored.push_back(e.own);
      writer.durable.insert(e.own->ref.id);
      writer.own_round = e.own->ref.round;
      for (const auto& ancestor : e.own->body.ancestors)
        require(ancestor.round == 0 || writer.durable.contains(ancestor.id),
                "2.12: ancestors are durable with the vertex that refers to them");
      maybe_crash(i, crash_point::after_write);
      if (writer.incarnation == life)
        deliver(i, event::persisted{e.sequence});
    });
  }
  void on(author_index i, effect::broadcast& e) {
    auto& node = nodes[i];
    require(node.durable.contains(e.own->ref.id),
            "2.12: an own vertex leaves before its record is durable");
    const auto [found, fresh] = node.sent.emplace(e.own->ref.round, e.own->ref.id);
    require(found->second == e.own->ref.id, "S5: two own vertices for one round");
    vertices += fresh;
    const auto twin = options.twins.contains(i) && fresh ? make_twin(i, *e.own) : nullptr;
    for (author_index to = 0; to < options.n; ++to) {
      const auto& v = twin && random() % 2 ? twin : e.own;
      if (valid(v))
        transmit(i, to, event::vertices_verified{i, {v}});
    }
    maybe_crash(i, crash_point::after_send);
  }
  /// A second vertex for the same round: other order of links, other time, its own chain.
  vertex_ptr make_twin(author_index i, const sealed_vertex& v) {
    auto body = v.body;
    auto& last = nodes[i].last_twin;
    body.timestamp_ms += 1;
    std::shuffle(body.ancestors.begin() + 1, body.ancestors.end(), random);
    if (body.ancestors.size() > members.quorum() && random() % 2)
      body.ancestors.pop_back();
    std::size_t parents = 0;
    for (const auto& ancestor : body.ancestors)
      parents += ancestor.round + 1 == body.round;
    if (parents < members.quorum())
      body.ancestors = v.body.ancestors;
    if (last.round + 1 == body.round && last.round > 0)
      body.ancestors[0] = last;
    auto result = sign_vertex(std::move(body), keys[i]);
    last = result->ref;
    return result;
  }
  void on(author_index i, effect::send_vertices& e) {
    for (const auto& v : e.vertices)
      valid(v);
    transmit(i, e.to, event::fetch_reply{i, e.request, e.vertices});
  }
  void on(author_index i, effect::fetch& e) {
    transmit(i, e.peer, event::fetch_query{i, e.request, e.refs});
  }
  void on(author_index i, effect::fetch_since& e) {
    transmit(i, e.peer, event::since_query{i, e.request, e.round});
  }
  void on(author_index i, effect::want_payload&) {
    event::payload answer{nodes[i].mempool, false};
    nodes[i].mempool.clear();
    nodes[i].waiting = false;
    later(i, 0, answer);
  }
  void on(author_index i, effect::requeue& e) {
    auto& pool = nodes[i].mempool;
    pool.insert(pool.end(), e.transactions.begin(), e.transactions.end());
    if (!std::exchange(nodes[i].waiting, true))
      later(i, 0, event::transactions_waiting{});
  }
  void on(author_index i, effect::wake_at& e) {
    nodes[i].wake = e.monotonic_ms;
    require(e.monotonic_ms > now, "a wake-up in the past would spin");
    at(e.monotonic_ms, [this, i, time = e.monotonic_ms, life = nodes[i].incarnation] {
      if (nodes[i].incarnation == life && nodes[i].wake == time)
        deliver(i, event::tick{});
    });
  }
  void on(author_index i, effect::evidence& e) {
    ++evidence;
    require(options.twins.contains(e.first->ref.author), "2.11: evidence against a correct author");
    require(e.first->ref.round == e.second->ref.round && e.first->ref.id != e.second->ref.id &&
              e.first->ref.author == e.second->ref.author,
            "2.11: evidence is two vertices of one author and round");
    (void)i;
  }
  void on(author_index i, effect::alarm& e) {
    if (correct(i))
      fail("an alarm at a correct node: " + std::to_string(static_cast<int>(e.kind)));
  }

  void on(author_index i, effect::output& e) {
    const auto& block = e.block;
    auto& node = nodes[i];
    require(block.index == ++node.replayed, "S2: heights count up by one");
    if (block.index > node.blocks.size())
      node.blocks.push_back(block);
    require(node.blocks[block.index - 1] == block, "S7: a restart decides otherwise");
    if (correct(i)) {
      if (block.index <= chain.size())
        require(chain[block.index - 1] == block, "S1: two correct nodes disagree on a commit");
      else
        extend(e);
    }
    later(i, random() % 5, event::commit_executed{block.index, std::nullopt, {}, false});
  }
  /// S4 and S10, judged once per height.
  void extend(const effect::output& e) {
    const auto& block = e.block;
    const auto previous_leader = chain.empty() ? 0 : chain.back().leader.round;
    const auto depth = options.params.gc_depth;
    const round_number floor = previous_leader > depth ? previous_leader - depth : 0;
    if (!chain.empty()) {
      require(block.previous == digest_of(chain.back()), "S2: a commit names the one before");
      require(block.timestamp_ms >= chain.back().timestamp_ms, "S10: time runs backwards");
    }
    require(block.timestamp_ms <= 1'000'000 + now + 7 * options.n + 1, "S10: time from the future");
    require(std::is_sorted(block.vertices.begin(), block.vertices.end()), "2.8: order");
    require(block.vertices.size() == e.vertices.size(), "2.8: vertices and references match");
    for (const auto& ref : block.vertices)
      require(committed.insert(ref).second, "S4: a vertex in two commits");
    for (std::size_t k = 0; k < e.vertices.size(); ++k) {
      require(e.vertices[k]->ref == block.vertices[k], "2.8: vertices and references match");
      for (const auto& ancestor : e.vertices[k]->body.ancestors)
        require(ancestor.round <= floor || committed.contains(ancestor),
                "S4: a committed vertex whose ancestor above the floor is not");
      committed_txs.insert(e.vertices[k]->body.transactions.begin(),
                           e.vertices[k]->body.transactions.end());
    }
    chain.push_back(block);
  }

  std::mt19937_64 random;
  std::priority_queue<entry> heap;
  std::uint64_t sequence = 0;
  std::vector<key_pair> keys;
  committee members;
  coin_dealing dealt;
  std::unique_ptr<verify_context> context;
  std::vector<member> nodes;
  std::set<author_index> cut;
  std::unordered_set<digest> checked;
  std::set<vertex_ref> committed;
  std::map<bytes, author_index> submitted;
  std::set<bytes> committed_txs;
};

}  // namespace datagen::tests

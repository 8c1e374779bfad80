#include "tools/bench/message_delays.hpp"

#include "actors/coin_cache.hpp"

#include "protocol/chain/development.hpp"
#include "protocol/consensus/core.hpp"
#include "protocol/consensus/threshold_coin.hpp"

#include <queue>
#include <tuple>
#include <unordered_map>

namespace datagen::bench {

using namespace protocol;
using namespace protocol::consensus;

namespace {

constexpr std::uint64_t delay_ms = 1000;  // of virtual time: far above what pacing waits for
constexpr round_number edge_rounds = 20;  // at both ends of a run

class synchronous_network {
public:
  synchronous_network(std::size_t authors, std::uint32_t wave, round_number rounds)
      : rounds_(rounds), params_(wave == 5 ? heavy_params(authors) : fast_params(authors)) {
    params_.wave = wave;
    params_.min_round_delay_ms = 0;
    params_.idle_ms = 0;
    const auto dealt = development_coin("delays", authors);
    committee members{{.coin = dealt.keys}, hash("delays"), 0};
    std::vector<key_pair> keys;
    for (std::uint32_t i = 0; i < authors; ++i) {
      keys.push_back(development_key(development_kind::author, i));
      members.authors.push_back(keys.back().identity);
      members.ids.push_back(i);
    }
    const auto checker = std::make_shared<coin_cache>();
    for (author_index i = 0; i < authors; ++i)
      cores_.emplace_back(
        core_config{.members = members,
                    .params = params_,
                    .self = i,
                    .key = keys[i],
                    .coin = std::make_shared<threshold_coin>(members, checker, dealt.secrets[i])});
  }

  delay_report run() {
    for (author_index i = 0; i < cores_.size(); ++i)
      queue_.push({0, ++order_, i, event::start{}});
    while (!queue_.empty() && queue_.top().time_ms <= rounds_ * delay_ms) {
      const auto next = queue_.top();
      queue_.pop();
      now_ms_ = next.time_ms;
      for (auto& effect : cores_[next.author].handle(next.what, {now_ms_, now_ms_}))
        std::visit([&](auto& x) { act(next.author, x); }, effect);
    }
    return {.authors = cores_.size(),
            .wave = params_.wave,
            .leaders = params_.leaders,
            .average = all_.mean(),
            .leader = leading_.mean(),
            .vertices = all_.count / cores_.size()};
  }

private:
  struct entry {
    std::uint64_t time_ms, order;
    author_index author;
    any_event what;
    bool operator<(const entry& x) const {
      return std::tie(time_ms, order) > std::tie(x.time_ms, x.order);
    }
  };
  struct sum {
    double delays = 0;
    std::uint64_t count = 0;
    double mean() const { return count == 0 ? 0 : delays / static_cast<double>(count); }
  };

  void soon(author_index author, any_event what) {
    queue_.push({now_ms_, ++order_, author, std::move(what)});
  }
  void act(author_index self, effect::persist& x) {
    proposed_ms_[x.own->ref.id] = now_ms_;
    soon(self, event::persisted{x.sequence});
  }
  void act(author_index self, effect::broadcast& x) {
    for (author_index to = 0; to < cores_.size(); ++to)
      if (to != self)
        queue_.push({now_ms_ + delay_ms, ++order_, to, event::vertices_verified{self, {x.own}}});
  }
  void act(author_index self, effect::output& x) {
    for (const auto& ref : x.block.vertices) {
      if (ref.round <= edge_rounds || ref.round + edge_rounds > rounds_)
        continue;
      const auto delays = static_cast<double>(now_ms_ - proposed_ms_.at(ref.id)) / delay_ms;
      for (auto* to : {&all_, ref == x.block.leader ? &leading_ : nullptr})
        if (to != nullptr) {
          to->delays += delays;
          ++to->count;
        }
    }
    soon(self, event::commit_executed{.index = x.block.index});
  }
  void act(author_index self, effect::wake_at& x) {
    queue_.push({x.monotonic_ms, ++order_, self, event::tick{}});
  }
  template <class Other>
  void act(author_index, Other&) {}  // nothing is missing, nobody lies, there are no transactions

  round_number rounds_;
  engine_params params_;
  std::vector<core> cores_;
  std::priority_queue<entry> queue_;
  std::uint64_t order_ = 0;
  std::uint64_t now_ms_ = 0;
  std::unordered_map<digest, std::uint64_t> proposed_ms_;
  sum all_, leading_;
};

}  // namespace

delay_report measure_delays(std::size_t authors, std::uint32_t wave, std::uint32_t rounds) {
  return synchronous_network{authors, wave, rounds}.run();
}

}  // namespace datagen::bench

#pragma once
// Users of a committee of author processes: one lane per author, each with an account of its own,
// so that a transfer of lane i can only have come into the chain through a vertex of author i. A
// lane keeps a few transfers in flight, remembers every acknowledgement, and asks again what it has
// not heard of.

#include "actors/process_transport.hpp"
#include "messages/register.hpp"
#include "tools/bench/authors/author_node.hpp"

#include "protocol/chain/committees.hpp"
#include "protocol/chain/development.hpp"
#include "protocol/ledger/state.hpp"
#include "protocol/ledger/transactions.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>

namespace end_to_end {

using namespace datagen;

/// What one lane knows; read by the test, written by its actor.
struct lane_record {
  std::uint64_t next_nonce = 1;
  std::map<std::uint64_t, protocol::bytes> open;           ///< By nonce, not answered yet.
  std::map<protocol::digest, std::uint64_t> acknowledged;  ///< Height of each.
  std::uint64_t last_acknowledged = 0;                     ///< Nonce.
  std::vector<protocol::digest> settled;  ///< Refused as done before: must be in the chain too.
  std::vector<std::string> refusals;      ///< That nothing explains.
};

class transfer_client {
public:
  explicit transfer_client(const bench::committee_file& committee)
      : lanes_(committee.authors.size()),
        chain_(protocol::heavy_chain_id(bench::genesis_of(committee))),
        system_(config_),
        net_(system_, bench::links_of(committee, committee.authors.size())) {
    for (std::uint32_t i = 0; i < lanes_.size(); ++i) {
      actors_.push_back(system_.spawn([this, i](caf::event_based_actor* self) {
        self->delayed_send(self, std::chrono::milliseconds{0}, v1::alarm{});
        return behavior(self, i);
      }));
      net_.attach({role::user, i}, actors_.back());
    }
    why_ = net_.open();
  }
  ~transfer_client() {
    for (const auto& x : actors_)
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
    net_.close();
  }
  const std::string& why() const { return why_; }  ///< Why it cannot run; empty otherwise.

  /// Waits until `done` holds for the lanes, read under the lock.
  bool wait(const std::function<bool(const std::vector<lane_record>&)>& done,
            std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] { return done(lanes_); });
  }
  std::vector<lane_record> lanes() const {
    std::lock_guard lock{mutex_};
    return lanes_;
  }
  /// No new transfers from now on; those in flight are still asked for.
  void drain() {
    std::lock_guard lock{mutex_};
    draining_ = true;
  }
  /// Nonce of each lane's account as author `author` sees it; nothing without an answer in time.
  std::optional<std::vector<std::uint64_t>> nonces_at(std::uint32_t author) {
    std::unique_lock lock{mutex_};
    seen_.assign(lanes_.size(), std::nullopt);
    for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane)
      net_.send(
        {role::user, lane}, {role::heavy_author, author},
        v1::state_query{lane, v1::state_kind::account, protocol::encode(key_of(lane).identity)});
    const auto all = [&] { return std::ranges::all_of(seen_, [](auto& x) { return !!x; }); };
    if (!changed_.wait_for(lock, std::chrono::seconds{2}, all))
      return std::nullopt;
    std::vector<std::uint64_t> result;
    for (const auto& x : seen_)
      result.push_back(*x);
    return result;
  }

private:
  static constexpr std::size_t in_flight = 8;
  static constexpr std::chrono::milliseconds ask_again{300};

  struct actor_config : caf::actor_system_config {
    actor_config() {
      add_messages(*this);
      add_links(*this);
      set("scheduler.policy", caf::atom("sharing"));
      set("scheduler.max-threads", std::size_t{2});
    }
  };

  static protocol::key_pair key_of(std::uint32_t lane) {
    return protocol::development_key(protocol::development_kind::account, lane);
  }

  caf::behavior behavior(caf::event_based_actor* self, std::uint32_t lane) {
    return {[this, self, lane](const v1::alarm&) {
              std::lock_guard lock{mutex_};
              fill(lane);
              for (const auto& [nonce, transfer] : lanes_[lane].open)
                submit(lane, transfer);
              self->delayed_send(self, ask_again, v1::alarm{});
            },
            [this, lane](const peer&, const v1::transaction_done& x) {
              std::lock_guard lock{mutex_};
              hear(lane, x);
              fill(lane);
              changed_.notify_all();
            },
            [this](const peer&, const v1::state_reply& x) {
              std::lock_guard lock{mutex_};
              const auto account =
                x.record ? protocol::decode<protocol::ledger::account>(*x.record) : std::nullopt;
              if (account && x.request < seen_.size())
                seen_[x.request] = account->nonce;
              changed_.notify_all();
            }};
  }

  void submit(std::uint32_t lane, const protocol::bytes& transfer) {
    net_.send({role::user, lane}, {role::heavy_author, lane},
              v1::submit_transaction{transfer, true});
  }

  void fill(std::uint32_t lane) {
    auto& x = lanes_[lane];
    while (!draining_ && x.open.size() < in_flight) {
      const auto nonce = x.next_nonce++;
      const auto& transfer = x.open[nonce] = protocol::ledger::make_transaction(
        chain_, key_of(lane), nonce,
        protocol::ledger::tx::transfer{key_of(lane + 1).identity, {1}});
      submit(lane, transfer);
    }
  }

  void hear(std::uint32_t lane, const v1::transaction_done& done) {
    auto& x = lanes_[lane];
    const auto found = std::ranges::find_if(x.open, [&](const auto& entry) {
      return protocol::sha256(entry.second) == done.outcome.transaction;
    });
    if (found == x.open.end())
      return;
    if (done.height > 0 && done.outcome.code == 0) {
      x.acknowledged[done.outcome.transaction] = done.height;
      x.last_acknowledged = std::max(x.last_acknowledged, found->first);
    } else if (done.outcome.reason.find("is not the next one") != std::string::npos) {
      x.settled.push_back(done.outcome.transaction);  // its acknowledgement died with the author
    } else {
      x.refusals.push_back(done.outcome.reason);
      return;
    }
    x.open.erase(found);
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<lane_record> lanes_;
  std::vector<std::optional<std::uint64_t>> seen_;
  bool draining_ = false;
  protocol::chain_id chain_;
  actor_config config_;
  caf::actor_system system_;
  process_transport net_;
  std::vector<caf::actor> actors_;
  std::string why_;
};

}  // namespace end_to_end

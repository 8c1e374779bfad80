#pragma once
// A network of honest validators under random stalls, partitions shorter than the grace period and
// slow checkers (protocol.md section 7.5): everything from one seed.

#include "tests/support/client.hpp"

#include <deque>
#include <random>

namespace datagen::tests {

class honest_life {
public:
  static constexpr std::uint32_t validators = 7;
  static constexpr std::uint32_t authors = 4;
  static constexpr std::uint32_t users = 3;
  static constexpr std::uint64_t grace_ms = 30'000;

  explicit honest_life(std::uint64_t seed)
      : random_(seed),
        slow_(std::make_shared<std::map<peer, std::uint64_t>>()),
        net_{{.params = rules(seed), .seed = seed, .extra_delay_us = delays()}},
        log_(net_) {
    for (std::uint32_t i = 0; i < users; ++i)
      clients_.push_back(std::make_unique<client>(net_, i));
    // Some checkers are slow for their whole lives.
    for (std::uint32_t i = 0; i < validators; ++i)
      if (chance(3))
        (*slow_)[{role::cross_checker, i}] = below(1'500) * 1'000;
  }

  /// So many jobs, with faults between them, and then calm until every audit has its verdict.
  void run(std::uint32_t jobs) {
    for (std::uint32_t i = 0; i < jobs; ++i) {
      jobs_.push_back(clients_[below(users)]->start());
      if (chance(8))
        begin_fault();
      net_.sim.run_for(below(1'200));
      end_faults(net_.net->now().monotonic_ms);
    }
    end_faults(~0ULL);
    for (int s = 0; s < 240 && (answered() < jobs_.size() || !all_final()); ++s)
      net_.sim.run_for(1'000);
    net_.sim.run_for(20'000);  // appeals, and what comes of them
  }

  std::size_t jobs() const { return jobs_.size(); }
  std::size_t answered() const { return count(nullptr); }
  std::size_t succeeded() const {
    const auto ok = ec::ok;
    return count(&ok);
  }
  std::size_t audits() const { return verdicts(log_).size(); }
  std::map<std::string, std::size_t> outcomes() const {
    std::map<std::string, std::size_t> result;
    for (const auto& x : verdicts(log_))
      ++result[x];
    return result;
  }
  std::size_t faults() const { return faults_; }
  /// "validator 3 lost 680 DG: withheld", one per slash.
  std::vector<std::string> losses() const {
    std::vector<std::string> result;
    log_.each<happened::slashed>([&](const auto& x) {
      result.push_back("validator " + std::to_string(x.validator.value) + " lost " +
                       protocol::to_text(x.taken) + ": " + x.reason + (x.pending ? " (pending)" : ""));
    });
    return result;
  }
  /// "job 17: no answer", one per job without a result.
  std::vector<std::string> without_result() const {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < jobs_.size(); ++i)
      if (const auto& x = *jobs_[i]; !x)
        result.push_back("job " + std::to_string(i) + ": no answer");
      else if (x->code != ec::ok)
        result.push_back("job " + std::to_string(i) + ": " + x->reason);
    return result;
  }
  bool all_final() const {
    std::set<std::pair<protocol::job_id, std::uint8_t>> open;
    log_.each<happened::check_requested>([&](const auto& x) {
      open.insert({x.subject.content.job, x.subject.content.attempt()});
    });
    log_.each<happened::audit_settled>([&](const auto& x) {
      if (x.final)
        open.erase({x.job, x.attempt});
    });
    return open.empty();
  }

private:
  /// Peers whose links are down, or slow, until then.
  struct fault {
    std::vector<peer> cut;
    std::vector<std::pair<peer, std::uint64_t>> slowed;  ///< And what they were before.
    bool pause = false;
    std::uint64_t until_ms = 0;
  };

  static protocol::parameters rules(std::uint64_t seed) {
    auto p = protocol::dev_preset();
    p.audit_grace_ms = grace_ms;
    // Ten commit windows, as in the default table: each outage of Heavy still adds three idle
    // intervals to its live time.
    p.open_deadline_ms = 10 * p.commit_window_ms;
    p.unbonding_ms = 2 * grace_ms;
    if (seed % 2 == 0)
      p.committee_term_ms = 600'000;  // half of all lives without hand-overs
    return p;
  }
  std::function<std::uint64_t(const peer&, const peer&)> delays() {
    return [slow = slow_](const peer& a, const peer& b) {
      const auto of = [&](const peer& x) {
        const auto it = slow->find(x);
        return it == slow->end() ? 0 : it->second;
      };
      return of(a) + of(b);
    };
  }
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool chance(std::uint64_t one_in) { return below(one_in) == 0; }

  std::vector<peer> machine_of(std::uint32_t validator) const {
    return {{role::validator, validator}, {role::cross_checker, validator},
            {role::fast_author, validator}};
  }
  /// One at a time of each kind, so that a quorum of either chain is always there.
  void begin_fault() {
    if (open_.size() >= 2)
      return;
    fault x;
    const auto most = grace_ms - 12'000;  // to hear of what was missed and to answer takes the rest
    x.until_ms = net_.net->now().monotonic_ms + 500 + below(most);
    switch (below(5)) {
      case 0:
        x.cut = machine_of(static_cast<std::uint32_t>(below(validators)));
        break;
      case 1:
        x.cut = {{role::heavy_author, static_cast<std::uint32_t>(below(authors))}};
        x.cut.push_back({role::selector, x.cut.front().index});
        break;
      case 2:
        x.cut = {{role::router, 0}};
        break;
      case 3:
        for (const auto& who : machine_of(static_cast<std::uint32_t>(below(validators))))
          slow_down(x, who);
        break;
      case 4:
        x.pause = true;  // Heavy stands still, and its deadlines with it
        break;
    }
    for (const auto& other : open_)
      if (other.pause || x.pause || (!other.cut.empty() && !x.cut.empty() &&
                                     other.cut.front().kind == x.cut.front().kind))
        return;
    for (const auto& who : x.cut)
      net_.net->cut(who);
    for (const auto& [who, before] : x.slowed)
      (*slow_)[who] = before + 300'000 + below(1'200'000);
    if (x.pause)
      net_.net->pause(role::heavy_author);
    open_.push_back(std::move(x));
    ++faults_;
  }
  void slow_down(fault& x, const peer& who) const {
    const auto it = slow_->find(who);
    x.slowed.emplace_back(who, it == slow_->end() ? 0 : it->second);
  }
  void end_faults(std::uint64_t now_ms) {
    std::erase_if(open_, [&](const fault& x) {
      if (x.until_ms > now_ms)
        return false;
      for (const auto& who : x.cut)
        net_.net->mend(who);
      for (const auto& [who, before] : x.slowed)
        (*slow_)[who] = before;
      if (x.pause)
        net_.net->resume(role::heavy_author);
      return true;
    });
  }
  std::size_t count(const ec* code) const {
    return static_cast<std::size_t>(
      std::count_if(jobs_.begin(), jobs_.end(), [code](const client::outcome& x) {
        return x->has_value() && (code == nullptr || (*x)->code == *code);
      }));
  }

  std::mt19937_64 random_;
  std::shared_ptr<std::map<peer, std::uint64_t>> slow_;  ///< Extra delay of who is slow.
  virtual_cluster net_;
  heavy_log log_;
  std::vector<std::unique_ptr<client>> clients_;
  std::deque<client::outcome> jobs_;
  std::vector<fault> open_;
  std::size_t faults_ = 0;
};

}  // namespace datagen::tests

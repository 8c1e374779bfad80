#include "tools/scenario/run.hpp"

#include "tools/scenario/customer.hpp"
#include "tools/scenario/network.hpp"

#include "actors/chain/heavy_service.hpp"
#include "actors/node/development.hpp"

#include "protocol/chain/development.hpp"

#include <algorithm>
#include <filesystem>

namespace datagen::scenario {

namespace ledger = protocol::ledger;

namespace {

constexpr std::uint64_t genesis_ms = 1'750'000'000'000;  // Unix time; any will do
constexpr std::uint64_t served_ms = 15'000;              // without an answer is too long
constexpr std::uint64_t slice_ms = 50;                   // between looks at what must hold

/// Databases of a run, gone with it.
class scratch {
public:
  scratch() {
    auto name = (std::filesystem::temp_directory_path() / "datagen-scenario-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr)
      path_ = name;
  }
  ~scratch() {
    std::error_code ignored;
    if (!path_.empty())
      std::filesystem::remove_all(path_, ignored);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  const std::string& path() const { return path_; }

private:
  std::string path_;
};

bool restarts(const script& x) {
  return std::any_of(x.steps.begin(), x.steps.end(),
                     [](const step& s) { return std::holds_alternative<act::restart>(s.what); });
}

protocol::key_pair key_of(const party& x) {
  using enum protocol::development_kind;
  return protocol::development_key(x.kind == 'h' ? author : validator, x.index);
}

role role_of(const party& x) {
  switch (x.kind) {
    case 'h':
      return role::heavy_author;
    case 'r':
      return role::router;
    case 'u':
      return role::user;
    default:
      return role::validator;
  }
}

cluster_config config_of(const script& x, const std::string& data_dir, deterministic_system& sim) {
  cluster_config config{
    .chain = development_genesis({.validators = x.validators,
                                  .authors = x.authors,
                                  .time_ms = genesis_ms,
                                  .params = parameters_of(x)}),
    .data_dir = data_dir,
    .threads = false,
    .routers = x.routers,
    .kernel_threads = 1,
    .entropy = sim.entropy(x.seed)};
  for (const auto& [who, conduct] : x.conduct)
    if (!conduct.empty())
      config.conduct[{role_of(who), who.index}] = conduct;
  for (const auto& [validator, times] : x.asks)
    config.chain.validators[validator].ask *= times;
  config.hosted = development_identities(config.chain, config.routers);
  return config;
}

class runner {
public:
  runner(const script& x, const listeners& told)
      : script_(x), told_(told), network_(x) {
    net_ = std::make_shared<local_transport>(
      sim_.system(), genesis_ms, [this](const peer& from, const peer& to) {
        return network_.delay_us(from, to).value_or(local_transport::lost);
      });
    const bool on_disk = restarts(x);  // else in memory
    cluster_ = std::make_unique<cluster>(
      sim_.system(), net_, config_of(x, on_disk ? disk_.path() : std::string{}, sim_));
  }
  ~runner() {
    customers_.clear();
    watch_.reset();
    cluster_->stop();
    sim_.settle();
    cluster_.reset();
    net_->close();
  }

  outcome run() {
    if (out_.failure = cluster_->start(); !out_.failure.empty())
      return std::move(out_);
    watch_ = std::make_unique<watch>(sim_, net_, *cluster_, script_, told_);
    for (const auto& x : script_.load)
      customers_.emplace_back(
        sim_, cluster_->add_user(x.user, account(x.user), 0, x.user % script_.routers), x,
        script_.seed);
    open_.assign(script_.expected.begin(), script_.expected.end());
    while (out_.failure.empty() && !out_.unsafe && now_ms() < script_.stop_ms)
      advance();
    for (const auto& x : std::exchange(open_, {}))
      judge(x, true);
    return summary();
  }

private:
  std::uint64_t now_ms() const { return net_->now().monotonic_ms; }
  static protocol::key_pair account(std::uint32_t user) {
    return protocol::development_key(protocol::development_kind::account, user);
  }

  void advance() {
    while (next_step_ < script_.steps.size() && script_.steps[next_step_].at_ms <= now_ms())
      std::visit([this](const auto& x) { apply(x); }, script_.steps[next_step_++].what);
    for (auto& x : customers_)
      x.tick(now_ms());
    auto until = std::min(now_ms() + slice_ms, script_.stop_ms);
    if (next_step_ < script_.steps.size())
      until = std::min(until, std::max(script_.steps[next_step_].at_ms, now_ms() + 1));
    sim_.run_for(until - now_ms());
    std::erase_if(open_, [this](const expectation& x) { return judge(x, false); });
  }

  void apply(const act::kill& x) {
    if (!down_.insert(x.who).second)
      return;
    cluster_->drop(role_of(x.who), x.who.index);
    sim_.settle();
  }
  void apply(const act::restart& x) {
    if (down_.count(x.who) == 0)
      apply(act::kill{x.who});
    down_.erase(x.who);
    const auto key = key_of(x.who);
    out_.failure = x.who.kind == 'h' ? cluster_->host_author(x.who.index, key)
                                     : cluster_->host_validator(x.who.index, key);
  }
  void apply(const auto& x) { network_.apply(x); }
  /// Decides an expectation where it can be decided. @returns whether it is
  bool judge(const expectation& x, bool at_end) {
    const auto why = objection(x);
    const bool late = at_end || (x.when == judged::within && now_ms() >= x.until_ms);
    const bool decided = x.when == judged::always   ? !why.empty() || at_end
                         : x.when == judged::within ? why.empty() || late
                                                    : at_end;
    if (!decided)
      return false;
    out_.unsafe = out_.unsafe || (x.when == judged::always && !why.empty());
    out_.findings.push_back({x.text, x.at.line, why.empty(), now_ms(), why});
    return true;
  }

  /// Why the claim does not hold at present; empty where it does.
  std::string objection(const expectation& x) const {
    const auto why = objection_to(x);
    return !x.negated ? why : why.empty() ? "it is" : std::string{};
  }
  std::string objection_to(const expectation& x) const {
    const auto& seen = watch_->seen();
    const auto least = [&](std::uint64_t found) {
      return found >= x.count ? std::string{} : "there are " + std::to_string(found);
    };
    switch (x.what) {
      case claim::supply_conserved:
        return supply_objection();
      case claim::no_fork:
        return seen.fork;
      case claim::nothing_paid_twice:
        return seen.paid_twice;
      case claim::honest_unharmed:
        for (const auto& [i, reasons] : seen.slashed)
          if (script_.conduct.count({'v', i}) == 0)
            return "v" + std::to_string(i) + " was slashed for " + *reasons.begin();
        return {};
      case claim::all_answered:
        return answers_objection();
      case claim::served:
        return service_objection();
      case claim::answered:
        return least(answered());
      case claim::checkpoints_settled:
        return least(seen.checkpoints);
      case claim::audits_passed:
        return least(seen.audits_passed);
      case claim::audits_failed:
        return least(seen.audits_failed);
      case claim::verdicts:
        return least(count_of(seen.verdicts, x.word));
      case claim::slashed:
        return slash_objection(x);
      case claim::fined:
        return fine_objection(x);
      case claim::expelled:
        return seen.expelled.count(x.who.index) != 0 ? std::string{} : "it is not";
      case claim::paired:
        return pairing_objection(x);
      case claim::self_dealing_loses:
        return self_dealing_objection();
    }
    return "this claim cannot be judged";
  }
  static std::uint64_t count_of(const std::map<std::string, std::uint64_t>& of,
                                const std::string& what) {
    const auto found = of.find(what);
    return found == of.end() ? 0 : found->second;
  }
  std::string slash_objection(const expectation& x) const {
    const auto& seen = watch_->seen();
    if (x.who.kind == 'h')
      return seen.authors_slashed.count(x.who.index) != 0 ? std::string{} : "it was not";
    const auto found = seen.slashed.find(x.who.index);
    if (found == seen.slashed.end())
      return "it was not";
    return x.word.empty() || found->second.count(x.word) != 0
             ? std::string{}
             : "it was slashed for " + *found->second.begin();
  }
  std::string fine_objection(const expectation& x) const {
    for (const auto& c : customers_)
      if (c.user() == x.who.index && c.session() && watch_->seen().fined.count(*c.session()) != 0)
        return {};
    return "it was not";
  }
  std::string self_dealing_objection() const {
    for (const auto& c : customers_)
      if (const auto found = script_.conduct.find({'u', c.user()}); found != script_.conduct.end())
        for (const auto& x : found->second)
          if (x.what == conduct::self_deal && c.session())
            if (auto why = gain_of(watch_->seen(), *c.session(), x.ring); !why.empty())
              return "u" + std::to_string(c.user()) + ": " + why;
    return {};
  }
  std::string supply_objection() const {
    for (std::uint32_t i = 0; i < script_.authors; ++i) {
      const auto service = std::dynamic_pointer_cast<const heavy_service>(
        cluster_->service_of({role::heavy_author, i}));
      if (!service)
        continue;  // killed
      const auto sum = total(service->ledger().where_supply_is());
      if (!(sum == ledger::supply_total))
        return "in the state of h" + std::to_string(i) + " it is not";
    }
    return {};
  }
  std::uint64_t answered() const {
    std::uint64_t sum = 0;
    for (const auto& x : customers_)
      sum += x.answered();
    return sum;
  }
  std::string answers_objection() const {
    for (const auto& x : customers_)
      if (x.answered() < x.sent())
        return "u" + std::to_string(x.user()) + " sent " + std::to_string(x.sent()) +
               " jobs and has " + std::to_string(x.answered()) + " answers" +
               (x.complaints().empty() ? "" : "; " + x.complaints().front());
    return {};
  }
  std::string service_objection() const {
    for (const auto& x : customers_)
      if (script_.conduct.count({'u', x.user()}) == 0 && x.answered_ms() + served_ms < x.until_ms())
        return "u" + std::to_string(x.user()) + " had its last answer after " +
               std::to_string(x.answered_ms()) + " ms" +
               (x.complaints().empty() ? "" : "; " + x.complaints().back());
    return {};
  }
  std::string pairing_objection(const expectation& x) const {
    for (const auto& c : customers_)
      if (c.user() == x.who.index && c.session()) {
        const auto& paired = watch_->seen().paired;
        const auto found = paired.find(*c.session());
        if (found == paired.end())
          return "it is paired with nobody";
        return found->second == x.with.index
                 ? std::string{}
                 : "it is paired with v" + std::to_string(found->second);
      }
    return "it has no session";
  }

  outcome summary() {
    const auto& seen = watch_->seen();
    std::vector<std::uint64_t> latencies;
    for (const auto& x : customers_) {
      out_.jobs_sent += x.sent();
      latencies.insert(latencies.end(), x.latencies_us().begin(), x.latencies_us().end());
      for (const auto& why : x.complaints())
        out_.complaints.push_back("u" + std::to_string(x.user()) + ": " + why);
    }
    std::sort(latencies.begin(), latencies.end());
    out_.jobs_answered = latencies.size();
    out_.latency_us = latencies.empty() ? 0 : latencies[latencies.size() / 2];
    out_.virtual_ms = now_ms();
    out_.messages = network_.messages();
    out_.lost = network_.lost();
    out_.heavy_blocks = seen.heavy_blocks;
    out_.fast_blocks = seen.fast_blocks;
    out_.audits_passed = seen.audits_passed;
    out_.audits_failed = seen.audits_failed;
    out_.trace = protocol::to_hex(seen.trace);
    out_.modelled = network_.modelled();
    out_.passed = out_.failure.empty() && std::all_of(out_.findings.begin(), out_.findings.end(),
                                                      [](const finding& x) { return x.holds; });
    std::stable_sort(out_.findings.begin(), out_.findings.end(),
                     [](const finding& a, const finding& b) { return a.line < b.line; });
    return std::move(out_);
  }

  const script& script_;
  const listeners& told_;
  scratch disk_;
  network network_;
  deterministic_system sim_;
  std::shared_ptr<local_transport> net_;
  std::unique_ptr<cluster> cluster_;
  std::unique_ptr<watch> watch_;
  std::deque<customer> customers_;
  std::vector<expectation> open_;
  std::set<party> down_;
  std::size_t next_step_ = 0;
  outcome out_;
};

}  // namespace

outcome run(const script& what, const listeners& told) {
  return runner{what, told}.run();
}

}  // namespace datagen::scenario

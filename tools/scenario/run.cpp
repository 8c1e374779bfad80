#include "tools/scenario/run.hpp"

#include "tools/scenario/customer.hpp"
#include "tools/scenario/flood.hpp"
#include "tools/scenario/living_authors.hpp"
#include "tools/scenario/network.hpp"
#include "tools/scenario/simulated_crypto.hpp"
#include "tools/scenario/teller.hpp"

#include "actors/node/development.hpp"
#include "actors/storage/faulty_disk.hpp"

#include <algorithm>
#include <filesystem>

namespace datagen::scenario {

namespace {

constexpr std::uint64_t genesis_ms = 1'750'000'000'000;  // Unix time; any will do
constexpr std::uint64_t served_ms = 15'000;              // without an answer is too long
constexpr std::uint64_t slice_ms = 50;                   // between looks at what must hold
constexpr std::uint64_t long_run_ms = 600'000;
constexpr std::uint64_t sample_ms = 60'000;              // of memory, in a long run
constexpr std::chrono::microseconds commit_takes{300};   // 3,289 durable ones a second measured

/// Where databases that outlive their roles cost no disk, or a temporary directory. What a run needs
/// grows with its virtual time: some 100 MB an hour.
std::filesystem::path scratch_root() {
  const std::filesystem::path memory{"/dev/shm"};
  std::error_code error;
  const auto room = std::filesystem::space(memory, error);
  return !error && room.available >= std::uintmax_t{1} << 30 ? memory
                                                             : std::filesystem::temp_directory_path();
}
const auto newcomers_purse = protocol::dg(100'000);      // out of which they bond their stake

/// Databases of a run, gone with it.
class scratch {
public:
  scratch() {
    auto name = (scratch_root() / "datagen-scenario-XXXXXX").string();
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

bool needs_disk(const script& x) {
  return std::any_of(x.steps.begin(), x.steps.end(), [](const step& s) {
    return std::holds_alternative<act::restart>(s.what) ||
           std::holds_alternative<act::disk_fails>(s.what);
  });
}

std::string database_of(const party& x) {
  return (x.kind == 'h' ? "heavy-" : "validator-") + std::to_string(x.index);
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

/// Once for all runs of this process.
const std::shared_ptr<const kernels::registry>& loaded_kernels() {
  static const auto result = std::make_shared<const kernels::registry>(kernels::registry::load());
  return result;
}

/// @param crypto null: real
cluster_config config_of(const script& x, const std::string& data_dir, deterministic_system& sim,
                         const simulated_crypto* crypto) {
  cluster_config config{
    .chain = development_genesis({.validators = x.validators - x.newcomers,
                                  .authors = x.authors,
                                  .time_ms = genesis_ms,
                                  .params = x.params,
                                  .coins = crypto ? crypto->group()
                                                  : protocol::openssl_coin_group()}),
    .data_dir = data_dir,
    .threads = false,
    .routers = x.routers,
    .commit_takes = commit_takes,
    .kernels = loaded_kernels(),
    .kernel_threads = 1,
    .entropy = sim.entropy(x.seed)};
  for (const auto& [who, conduct] : x.conduct)
    if (!conduct.empty())
      config.conduct[{role_of(who), who.index}] = conduct;
  auto& validators = config.chain.validators;
  for (const auto& [validator, times] : x.asks)
    if (validator < validators.size())
      validators[validator].ask *= times;
  for (const auto& [validator, dg] : x.stakes)
    if (validator < validators.size())
      validators[validator].stake = protocol::dg(dg);
  for (const auto& [validator, id] : x.operators)
    if (validator < validators.size())
      validators[validator].operator_id = static_cast<std::uint32_t>(id);
  for (auto i = static_cast<std::uint32_t>(validators.size()); i < x.validators; ++i)
    config.chain.accounts[key_of({'v', i}).identity] = newcomers_purse;
  config.pace = x.pace;
  config.hosted = development_identities(config.chain, config.routers);
  if (crypto)
    crypto->equip(config);
  return config;
}

class runner {
public:
  runner(const script& x, const listeners& told) : script_(x), told_(told), network_(x) {
    if (x.cryptography == crypto::simulated)
      crypto_.emplace(x.seed);
    net_ = std::make_shared<local_transport>(
      sim_.system(), genesis_ms, [this](const peer& from, const peer& to) {
        return network_.delay_us(from, to).value_or(local_transport::lost);
      },
      x.pace);
    // Else databases in memory.
    auto config = config_of(x, needs_disk(x) ? disk_.path() : std::string{}, sim_,
                            crypto_ ? &*crypto_ : nullptr);
    config.vfs = config.data_dir.empty() ? std::string{} : faults_.name();
    config.database_died = [this](const std::string& name, const std::string&) {
      dying_.insert(name);
    };
    cluster_ = std::make_unique<cluster>(sim_.system(), net_, std::move(config));
    teller_ = std::make_unique<teller>(sim_, net_, x, [this](const party& who) { return held(who); });
  }
  ~runner() {
    customers_.clear();
    teller_.reset();
    floods_.clear();
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
        sim_, cluster_->add_user(x.user, held({'u', x.user}), 0, x.user % script_.routers, x.canaries), x,
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
  /// What a party signs with.
  protocol::key_pair held(const party& who) const {
    return crypto_ ? crypto_->keep(key_of(who)) : key_of(who);
  }

  void advance() {
    while (next_step_ < script_.steps.size() && script_.steps[next_step_].at_ms <= now_ms())
      std::visit([this](const auto& x) { apply(x); }, script_.steps[next_step_++].what);
    for (auto& x : customers_)
      x.tick(now_ms());
    auto until = std::min(now_ms() + slice_ms, script_.stop_ms);
    if (next_step_ < script_.steps.size())
      until = std::min(until, std::max(script_.steps[next_step_].at_ms, now_ms() + 1));
    for (auto& x : floods_)
      x.go_on(now_ms(), until - now_ms());
    sim_.run_for(until - now_ms());
    end_hosts_without_disk();
    std::erase_if(open_, [this](const expectation& x) { return judge(x, false); });
    if (script_.stop_ms >= long_run_ms && now_ms() >= (out_.memory.size() + 1) * sample_ms)
      out_.memory.push_back({.at_ms = now_ms(),
                             .bytes = resident_bytes(),
                             .states = state_bytes(),
                             .databases = bytes_below(disk_.path())});
  }
  /// Of all authors of both chains that are up.
  std::uint64_t state_bytes() const {
    std::uint64_t result = 0;
    const auto add = [&](role kind, std::uint32_t authors) {
      for (std::uint32_t i = 0; i < authors; ++i)
        if (const auto x = cluster_->service_of({kind, i}))
          result += x->state_bytes();
    };
    add(role::heavy_author, script_.authors);
    add(role::fast_author, script_.validators);
    return result;
  }

  void apply(const act::kill& x) {
    if (!down_.insert(x.who).second)
      return;
    cluster_->drop(role_of(x.who), x.who.index);
    sim_.settle();
  }
  void apply(const act::restart& x) {
    if (x.loses_unsynced)
      apply(act::disk_fails{x.who});  // what is written while the roles end is lost as well
    if (down_.count(x.who) == 0)
      apply(act::kill{x.who});
    const auto database = disk_.path() + "/" + database_of(x.who) + ".db";
    if (x.loses_unsynced)
      faults_.cut_power(database);
    faults_.mend(database);
    down_.erase(x.who);
    const auto key = held(x.who);
    out_.failure = x.who.kind == 'h' ? cluster_->host_author(x.who.index, key)
                                     : cluster_->host_validator(x.who.index, key);
  }
  void apply(const act::disk_fails& x) {
    faults_.fail(disk_.path() + "/" + database_of(x.who) + ".db");
  }
  void apply(const act::move_money& x) { teller_->act(authors(), cluster_->chain(), x); }
  void apply(const act::flood& x) {
    floods_.emplace_back(sim_, net_, protocol::heavy_chain_id(cluster_->chain()), x);
  }
  void apply(const act::join& x) {
    teller_->act(authors(), cluster_->chain(), x);
    out_.failure = cluster_->host_validator(x.who.index, held(x.who));
  }
  void apply(const auto& x) { network_.apply(x); }
  living_authors authors() const { return {*cluster_, script_.authors}; }
  /// A host whose database takes no more writes ends, as `datagen node` does.
  void end_hosts_without_disk() {
    for (const auto& name : std::exchange(dying_, {}))
      for (const auto& x : parties_on_disk())
        if (database_of(x) == name && down_.count(x) == 0)
          apply(act::kill{x});
  }
  parties parties_on_disk() const {
    parties result;
    for (std::uint32_t i = 0; i < script_.validators; ++i)
      result.insert({'v', i});
    for (std::uint32_t i = 0; i < script_.authors; ++i)
      result.insert({'h', i});
    return result;
  }
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
        return authors().supply_objection();
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
      case claim::days_emitted:
        return least(seen.days_emitted);
      case claim::heavy_committees:
        return least(seen.heavy_committees);
      case claim::fast_committees:
        return least(seen.fast_committees);
      case claim::burned:
        return least(static_cast<std::uint64_t>(seen.burned.units / protocol::units_per_dg));
      case claim::floods_answered:
        return flood_objection(x.count);
      case claim::emission:
        return authors().emission_objection(seen, net_->now().unix_ms / protocol::second_ms);
      case claim::locks_returned:
        return authors().locks_objection();
      case claim::row:
        return authors().row_objection(x.word, x.value);
      case claim::proposal_ended:
        return proposal_objection(x);
      case claim::down:
        return down_.count(x.who) != 0 ? std::string{} : "it is up";
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
  std::string flood_objection(std::uint64_t most) const {
    std::uint64_t sent = 0, answered = 0;
    for (const auto& x : floods_) {
      sent += x.sent();
      answered += x.answered();
    }
    return answered <= most ? std::string{}
                            : std::to_string(answered) + " answers to " + std::to_string(sent) +
                                " packages for each";
  }
  std::string proposal_objection(const expectation& x) const {
    const auto found = watch_->seen().proposals.find(x.count);
    if (found == watch_->seen().proposals.end())
      return "it has not ended";
    return found->second == x.word ? std::string{} : "it is " + found->second;
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
    const auto& refused = teller_->refused();
    out_.complaints.insert(out_.complaints.end(), refused.begin(), refused.end());
    std::sort(latencies.begin(), latencies.end());
    out_.jobs_answered = latencies.size();
    out_.latency_us = latencies.empty() ? 0 : latencies[latencies.size() / 2];
    out_.virtual_ms = now_ms();
    out_.messages = network_.messages();
    out_.deliveries = sim_.deliveries();
    out_.lost = network_.lost();
    out_.heavy_blocks = seen.heavy_blocks;
    out_.fast_blocks = seen.fast_blocks;
    out_.audits_passed = seen.audits_passed;
    out_.audits_failed = seen.audits_failed;
    for (const auto& [what, count] : seen.verdicts)
      if (what.find(' ') != std::string::npos)
        out_.verdicts[what] = count;
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
  storage::faulty_disk faults_;
  network network_;
  std::optional<simulated_crypto> crypto_;
  deterministic_system sim_;
  std::shared_ptr<local_transport> net_;
  std::unique_ptr<cluster> cluster_;
  std::unique_ptr<watch> watch_;
  std::unique_ptr<teller> teller_;
  std::deque<flood> floods_;
  std::set<std::string> dying_;  ///< Databases that take no more writes.
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

#include "tools/datagen/up/demonstration.hpp"

#include "protocol/chain/development.hpp"
#include "protocol/crypto/bech32m.hpp"

#include <caf/scoped_actor.hpp>

#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <sstream>

namespace datagen::tools {

using namespace protocol;
namespace happened = ledger::happened;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

std::string ms_text(std::uint64_t us) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(1) << static_cast<double>(us) / 1000 << " ms";
  return out.str();
}

std::string short_hex(const digest& x) { return to_hex(x).substr(0, 12) + "…"; }

/// "12.3457 DG": four decimals are enough for people; the API has every unit.
std::string dg_text(amount x) {
  const auto whole = to_decimal(x.units / units_per_dg);
  auto part = to_decimal(x.units % units_per_dg / (units_per_dg / 10'000));
  return whole + "." + std::string(4 - part.size(), '0') + part + " DG";
}

/// One user of the story: its actor, and its requests as plain calls.
struct actor_of_story {
  std::string name;
  user_actor handle;
};

class story {
public:
  story(caf::actor_system& system, cluster& net, std::shared_ptr<local_transport> seam,
        std::shared_ptr<places> where, const demonstration_config& config,
        const std::atomic<bool>& stop)
      : self_(system),
        net_(net),
        where_(std::move(where)),
        config_(config),
        stop_(stop),
        watch_(system, net, std::move(seam), 100) {}

  std::string tell() {
    auto alice = join("alice", 0, 0);
    auto bob = join("bob", 1, 0);
    auto carol = join("carol", 2, 1);  // far away, behind a router of her own
    listen();
    std::cout << "\n1. Echo and pairing: one small job to every validator, timed at the user's edge\n";
    if (auto why = pair(alice, ledger::tx::pairing_mode::latency); !why.empty())
      return why;
    if (auto why = pair(bob, ledger::tx::pairing_mode::random); !why.empty())
      return why;
    if (auto why = pair(carol, ledger::tx::pairing_mode::latency); !why.empty())
      return why;
    std::cout << "\n2. Jobs on real input: the result comes back before the block that commits it\n";
    if (auto why = run_real_jobs(alice); !why.empty())
      return why;
    std::cout << "\n3. Audits: leaves drawn by the beacon, checkers commit and reveal; validator "
              << config_.liar << " was planted and returns wrong results\n";
    if (auto why = catch_liar(bob, carol); !why.empty())
      return why;
    return settle_accounts();
  }

private:
  actor_of_story join(const std::string& name, std::uint32_t index, std::uint32_t router) {
    const auto key = development_key(development_kind::account, config_.first_account + index);
    const auto known = watch_.ask<ledger::account>(v1::state_kind::account, encode(key.identity));
    where_->put({role::user, index}, where_->point_us({role::router, router}));
    return {name, net_.add_user(index, key, known ? known->nonce : 0, router)};
  }

  template <class Reply, class Message>
  std::optional<Reply> ask(const user_actor& whom, Message what, seconds limit) {
    std::optional<Reply> answer;
    self_->request(whom, limit, std::move(what))
      .receive([&](Reply& reply) { answer = std::move(reply); }, [](const caf::error&) {});
    return answer;
  }

  std::string pair(const actor_of_story& who, ledger::tx::pairing_mode mode) {
    const auto ready = ask<v1::session_ready>(
      who.handle, v1::session_wish{.mode = mode, .bid = 5'000, .escrow = dg(500)}, seconds{30});
    if (!ready)
      return who.name + " was not paired within 30 s";
    if (ready->code != ec::ok)
      return who.name + " was not paired: " + ready->reason;
    const bool random = mode == ledger::tx::pairing_mode::random;
    std::cout << "   " << who.name << (random ? " (random mode: a stake-weighted draw decides)\n"
                                              : " (latency mode: the fastest correct answer wins)\n");
    for (const auto& line : ready->echo)
      std::cout << "     validator " << line.validator.value << "   "
                << std::setw(9) << (line.answered ? ms_text(line.round_trip_us) : "no answer") << "   "
                << (line.correct ? "correct" : line.answered ? "WRONG" : "")
                << (line.validator == ready->validator ? "   <- paired" : "") << '\n';
    return {};
  }

  std::optional<v1::job_outcome> run(const actor_of_story& who, const std::string& kernel,
                                     const std::string& parameters, bytes input) {
    v1::job_wish wish{.kernel = {kernel, 0}, .parameters = parameters, .input = blob{std::move(input)}};
    const auto declared = declared_units(
      net_.kernels(), {wish.kernel, blob{bytes{parameters.begin(), parameters.end()}}, wish.input});
    wish.units_max = declared.units;
    return ask<v1::job_outcome>(who.handle, wish, seconds{120});
  }

  bytes read(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  /// A 256 x 256 x 256 product of two reproducible matrices in the kernel's format.
  static bytes matrices() {
    constexpr std::uint32_t n = 256;
    bytes x{'D', 'G', 'M', '1'};
    const auto put = [&](std::uint32_t word) {
      for (int i = 0; i < 4; ++i)
        x.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
    };
    for (int i = 0; i < 3; ++i)
      put(n);
    std::uint32_t state = 1;
    for (std::uint32_t i = 0; i < 2 * n * n; ++i) {
      state = state * 1664525 + 1013904223;
      put(0x3f800000 | (state >> 9));  // a float in [1, 2)
    }
    return x;
  }

  std::string run_real_jobs(const actor_of_story& who) {
    struct real_job {
      std::string kernel, parameters, what;
      bytes input;
      std::string file;
    };
    const std::vector<real_job> jobs = {
      {"render.path", "bounces=5\nheight=270\nsamples=24\nseed=1\nwidth=480",
       "picture of " + config_.scene_file, read(config_.scene_file), "demo.png"},
      {"merkle.root", "", "root of " + config_.real_file, read(config_.real_file), ""},
      {"gemm.f32", "", "256 x 256 matrix product", matrices(), ""},
      {"mc.philox",
       "kind=call\npaths=200000\nrate=0.03\nseed=7\nspot=100\nsteps=8\nstrike=105\nvolatility=0.2\nyears=1",
       "price of a call option", {}, ""},
    };
    for (const auto& job : jobs) {
      if (stop_)
        return "stopped";
      const auto started_ms = net_.context().net->now().unix_ms;
      const auto done = run(who, job.kernel, job.parameters, job.input);
      if (!done)
        return job.kernel + " did not return";
      if (done->code != ec::ok)
        return job.kernel + " was refused: " + done->reason;
      if (!watch_.wait_settled(done->receipt.content.job, seconds{60}))
        return job.kernel + " was not settled within 60 s";
      report(job.kernel, job.what, *done, started_ms);
      if (!job.file.empty()) {
        const auto path = config_.output_dir + "/" + job.file;
        std::ofstream out{path, std::ios::binary};
        const auto view = done->output.view();
        out.write(reinterpret_cast<const char*>(view.data()), static_cast<std::streamsize>(view.size()));
        std::cout << "     written to " << path << '\n';
      } else if (job.kernel == "merkle.root") {
        std::cout << "     root " << to_hex(done->output.view()) << '\n';
      } else if (job.kernel == "mc.philox") {
        const auto view = done->output.view();
        std::cout << "     " << std::string{view.begin(), view.end()} << '\n';
      }
    }
    return {};
  }

  void report(const std::string& kernel, const std::string& what, const v1::job_outcome& done,
              std::uint64_t started_ms) {
    const auto seen = watch_.job(done.receipt.content.job);
    std::cout << "   " << kernel << ": " << what << '\n'
              << "     job " << short_hex(done.receipt.content.job) << " by validator "
              << done.receipt.content.validator().value << ", "
              << done.receipt.content.units << " units, fee "
              << to_text(amount{done.receipt.content.fee * units_per_nano_dg}) << '\n'
              << "     result after " << ms_text(done.latency_us) << ", in Fast block "
              << seen.fast_height << " after " << seen.ordered_ms - started_ms
              << " ms, settled in Heavy block " << seen.heavy_height << " after "
              << seen.settled_ms - started_ms << " ms\n"
              << "     result digest " << short_hex(digest_of(done.result)) << ", commitment "
              << short_hex(done.receipt.content.commitment) << " on chain\n";
  }

  void listen() {
    watch_.listen([this](std::uint64_t height, const ledger::event& what) {
      std::visit([&](const auto& x) { hear(height, x); }, what);
    });
  }
  // On the observer's thread, under its lock.
  void hear(std::uint64_t height, const happened::check_requested& x) {
    ++audits_;
    if (!verbose_)
      return;
    std::cout << "   block " << height << ": job " << short_hex(x.subject.content.job)
              << " of validator " << x.subject.content.validator().value << " drawn; stage "
              << int(x.stage) << ", checkers";
    for (const auto& id : x.checkers)
      std::cout << ' ' << id.value;
    std::cout << '\n';
  }
  void hear(std::uint64_t height, const happened::audit_settled& x) {
    if (x.final)
      ++(x.outcome == "pass" ? passed_ : failed_);
    if (!verbose_ && x.outcome == "pass")
      return;
    std::cout << "   block " << height << ": job " << short_hex(x.job) << " -> " << x.outcome
              << " (rule " << x.rule << ")";
    for (const auto& payer : x.pays)
      std::cout << ", " << payer << " pays";
    std::cout << '\n';
  }
  void hear(std::uint64_t height, const happened::slashed& x) {
    std::cout << "   block " << height << ": validator " << x.validator.value << " slashed "
              << dg_text(x.taken) << " for " << x.reason << (x.pending ? " (appeal open)" : "")
              << ", " << dg_text(x.left) << " left\n";
  }
  void hear(std::uint64_t height, const happened::validator_changed& x) {
    static const char* const words[] = {"active", "frozen", "leaving", "EXPELLED"};
    if (x.validator.value != config_.liar || x.now == standing_)
      return;
    standing_ = x.now;
    std::cout << "   block " << height << ": validator " << x.validator.value << " is now "
              << words[static_cast<int>(x.now)] << '\n';
  }
  void hear(std::uint64_t height, const happened::paired& x) {
    if (x.session == carols_)
      std::cout << "   block " << height << ": carol is paired with validator " << x.validator.value
                << " instead\n";
  }
  template <class Other>
  void hear(std::uint64_t, const Other&) {}

  std::string catch_liar(const actor_of_story& bob, const actor_of_story& carol) {
    const auto deadline = std::chrono::steady_clock::now() + seconds{150};
    std::uint32_t sent = 0, refused = 0;
    const auto expelled = [&] {
      std::lock_guard lock{watch_.mutex()};
      return standing_ == happened::standing::expelled;
    };
    while (!expelled()) {
      if (stop_)
        return "stopped";
      if (std::chrono::steady_clock::now() > deadline)
        return "the planted validator was not expelled within 150 s";
      for (const auto* who : {&bob, &carol}) {
        const auto done = run(*who, "merkle.root", "", bytes(4096 + sent, 42));
        ++sent;
        if (!done || done->code != ec::ok)
          ++refused;
        else if (who == &carol)
          carols_ = done->receipt.content.session;
      }
      {
        std::lock_guard lock{watch_.mutex()};
        verbose_ = audits_ < 6;  // the first few audits in full, then only what matters
      }
      self_->receive([](int) {}, caf::after(milliseconds{250}) >> [] {});
    }
    std::cout << "   " << sent << " jobs sent meanwhile; " << refused
              << " refused while the validator was frozen\n";
    // carol is paired again by a new Echo and goes on working
    for (int i = 0; i < 60; ++i) {
      const auto done = run(carol, "merkle.root", "", bytes(100'000, 9));
      if (done && done->code == ec::ok) {
        std::cout << "   carol's next job ran on validator " << done->receipt.content.validator().value
                  << " in " << ms_text(done->latency_us) << '\n';
        return {};
      }
      self_->receive([](int) {}, caf::after(milliseconds{250}) >> [] {});
    }
    return "carol found no other validator within 15 s";
  }

  std::string settle_accounts() {
    std::cout << "\n4. Money: claims of closed epochs are paid, emission rewards matured compute\n";
    const auto params = net_.chain().params;
    // An epoch closes, and is open to fraud proofs for as long again.
    self_->receive([](int) {}, caf::after(milliseconds{2 * params.epoch_ms + 4000}) >> [] {});
    const auto validators =
      watch_.ask<std::map<validator_id, ledger::validator_record>>(v1::state_kind::validators);
    const auto supply = watch_.ask<ledger::supply>(v1::state_kind::supply);
    if (!validators || !supply)
      return "a Heavy author did not answer";
    std::cout << "   validator   stake            earned          rewards         slashed         audits\n";
    for (const auto& [id, x] : *validators)
      std::cout << "   " << std::left << std::setw(12) << id.value << std::setw(17) << dg_text(x.stake)
                << std::setw(16) << dg_text(x.earned) << std::setw(16) << dg_text(x.rewards)
                << std::setw(16) << dg_text(x.slashed) << x.audits_passed << " passed, "
                << x.audits_failed << " failed" << (x.expelled ? ", expelled" : "") << std::right
                << '\n';
    std::cout << "   audits: " << passed_ << " passed, " << failed_ << " failed\n";
    print_supply(*supply);
    return total(*supply) == ledger::supply_total ? "" : "the supply is not conserved";
  }

  static void print_supply(const ledger::supply& x) {
    const std::pair<const char*, amount> buckets[] = {
      {"accounts", x.accounts},         {"stakes", x.stakes},
      {"unbonding", x.unbonding},       {"escrow, free", x.escrow_free},
      {"escrow lanes", x.escrow_lanes}, {"user bonds", x.user_bonds},
      {"appeal bonds", x.appeal_bonds}, {"pending slashes", x.pending_slashes},
      {"audit fund", x.audit_fund},     {"reward pool", x.reward_pool},
      {"unreleased", x.unreleased},     {"burned", x.burned},
      {"reserve", x.reserve},           {"vote locks", x.vote_locks},
      {"deposits", x.deposits}};
    std::cout << "   supply, every unit in one bucket:\n";
    for (const auto& [name, value] : buckets)
      std::cout << "     " << std::left << std::setw(18) << name << std::right << std::setw(22)
                << dg_text(value) << '\n';
    std::cout << "     " << std::left << std::setw(18) << "total" << std::right << std::setw(22)
              << dg_text(total(x)) << (total(x) == ledger::supply_total ? "  conserved" : "  BROKEN")
              << '\n';
  }

  caf::scoped_actor self_;
  cluster& net_;
  std::shared_ptr<places> where_;
  const demonstration_config& config_;
  const std::atomic<bool>& stop_;
  std::uint32_t audits_ = 0, passed_ = 0, failed_ = 0;
  bool verbose_ = true;
  session_id carols_;
  happened::standing standing_ = happened::standing::active;
  observer watch_;
};

}  // namespace

std::string demonstrate(caf::actor_system& system, cluster& net,
                        std::shared_ptr<local_transport> seam, std::shared_ptr<places> where,
                        const demonstration_config& config, const std::atomic<bool>& stop) {
  return story{system, net, std::move(seam), std::move(where), config, stop}.tell();
}

}  // namespace datagen::tools

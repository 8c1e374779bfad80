#include "tools/scenario/rates.hpp"

#include <algorithm>

namespace datagen::scenario {

namespace ledger = protocol::ledger;
namespace happened = ledger::happened;

namespace {

constexpr double stake_dg = 2'000;  // of a development chain's validator
constexpr std::uint32_t liar = 0, accomplice = 6;

/// Whom the verdict about a deed's job must name.
enum class culprit : std::uint8_t { nobody, validator, checker, user };

struct adversary {
  const char* name;
  const char* behaviours;
  party doer;                 ///< Whose deeds count.
  culprit found = culprit::nobody;
  bool drawn = false;         ///< Only the draw leads to them.
  std::uint32_t ring = 0;     ///< Accomplices among the others.
  bool apart = false;         ///< Half of the validators elsewhere, and no job at first: twins act apart.
};

constexpr std::uint32_t others = 6;  // validators beside the liar
const std::vector<adversary> adversaries{
  {"honest", "", {'v', liar}},
  {"lie-on-result", R"(v0 = "lie-on-result")", {'v', liar}, culprit::validator, true},
  {"collude", R"(v0 = "collude v6", v6 = "collude v0")", {'v', liar}, culprit::validator, true, 1},
  {"forge-user-hash", R"(u1 = "forge-user-hash")", {'u', 1}, culprit::user, true},
  {"equivocate", R"(v0 = "equivocate")", {'v', liar}},
  {"withhold", R"(v0 = "withhold")", {'v', liar}, culprit::validator},
  {"lazy-copy", R"(v0 = "lie-on-result share 50", v6 = "lazy-copy")", {'v', accomplice}, culprit::checker},
  {"double-vote, Fast", R"(v6 = "double-vote")", {'v', accomplice}},
  {"double-vote, Heavy", R"(h3 = "double-vote")", {'h', 3}},
  {"twin, Fast", R"(v6 = "twin")", {'v', accomplice}, culprit::nobody, false, 0, true},
  {"twin, Heavy", R"(h3 = "twin")", {'h', 3}},
  {"self-deal", R"(u1 = "self-deal v6")", {'u', 1}},
  {"bad-input", R"(u1 = "bad-input share 50")", {'u', 1}},
  {"echo-cheat", R"(v6 = "echo-cheat")", {'v', accomplice}},
  {"delay", R"(v6 = "delay 200ms")", {'v', accomplice}},
  {"drop-to", R"(v6 = "drop-to v1 h1 share 50")", {'v', accomplice}},
  {"garbage-bytes", R"(v6 = "garbage-bytes share 30")", {'v', accomplice}},
  {"replay", R"(v6 = "replay")", {'v', accomplice}},
  {"clock-skew", R"(v6 = "clock-skew 1h")", {'v', accomplice}}};

std::string workload_of(const char* user, const adversary& x) {
  return std::string{"[[workload]]\nuser = \""} + user + "\"\nfrom = \"" + (x.apart ? "3s" : "0s") +
         "\"\nevery = \"400ms\"\nuntil = \"22s\"\n";
}

/// Both users stand beside v0, so that it is paired with them; all leaves go through the draw alone.
std::string text_of(const adversary& x, const rates_wish& wish) {
  return "[run]\nstop = \"45s\"\n[parameters]\naudit_rate_ppm = " +
         std::to_string(wish.rate_percent * 10'000) +
         "\nprobation_jobs = 0\n[cluster]\nvalidators = 7\nusers = 2\nbehaviour = {" + x.behaviours +
         "}\n[places]\neveryone = \"frankfurt\"\n\"h*\" = \"london\"\nv0 = \"madrid\"\nr0 = \"madrid\"\n"
         "\"u*\" = \"madrid\"\n" +
         (x.apart ? "v1 = \"london\"\nv3 = \"london\"\nv5 = \"london\"\n" : "") +
         workload_of("u0", x) + workload_of("u1", x) +
         "[story]\nsteps = '''\nalways supply is conserved\nalways no two blocks at one height\n"
         "always no job is paid twice\nfinally honest users are served to the end\n"
         "finally self-dealing does not pay\n'''\n";
}

/// What one run showed.
class observation {
public:
  observation(const adversary& x, const script& what, std::shared_ptr<const deeds> done)
      : kind_(x), script_(what), done_(std::move(done)) {}

  listeners ears() {
    return {[this](std::uint64_t, std::uint64_t, const ledger::event& what) {
              std::visit([this](const auto& x) { hear(x); }, what);
            },
            [this](const protocol::fast::happened::leaf_ordered& x) {
              leaves_[{x.checkpoint, x.index}] = x.content;
            }};
  }

  void add_to(rates_row& row, const outcome& seen, double p) const {
    ++row.runs;
    row.caught += caught_;
    row.harmed += harmed_.size();
    row.audits += verdicts_.size();
    row.lost_dg += lost_dg_;
    row.jobs_sent += seen.jobs_sent;
    row.jobs_answered += seen.jobs_answered;
    for (const auto& [job, x] : verdicts_)
      row.false_audits += blames_honest(x);
    for (const auto& f : seen.findings)
      if (!f.holds)
        row.broken.push_back(f.text + (f.why.empty() ? "" : " (" + f.why + ")"));
    const auto decided = count_deeds(row);
    if (kind_.drawn && kind_.found == culprit::validator) {
      const auto x = capped_sum(decided, p * row.detection, slash_share() * stake_dg, stake_dg);
      row.lost_expected.mean += x.mean;
      row.lost_expected.variance += x.variance;
    }
  }

private:
  struct verdict {
    std::uint32_t validator = 0;
    std::vector<std::string> pays;
  };

  void hear(const happened::checkpoint_drawn& x) {
    drawn_[x.sequence] = {x.drawn.begin(), x.drawn.end()};
  }
  void hear(const happened::audit_settled& x) {
    if (!x.final)
      return;
    const verdict found{x.validator.value, x.pays};
    caught_ = caught_ || (kind_.found == culprit::user && convicts(found));
    verdicts_[x.job] = found;
  }
  void hear(const happened::slashed& x) {
    if (x.pending)
      return;  // told again when it is final
    took({'v', x.validator.value}, x.taken);
  }
  void hear(const happened::author_slashed& x) {
    took({'h', x.author.value}, x.taken);
  }
  void hear(const happened::bond_forfeited&) { caught_ = caught_ || kind_.doer.kind == 'u'; }
  void hear(const auto&) {}

  void took(const party& whom, protocol::amount what) {
    if (!is_bad(whom))
      harmed_.insert(whom);
    if (whom == kind_.doer) {
      caught_ = true;
      lost_dg_ += in_dg(what);
    }
  }

  static double in_dg(protocol::amount x) {
    return static_cast<double>(x.units / protocol::units_per_nano_dg) / 1e9;
  }
  double slash_share() const {
    return script_.params.slash_wrong_result_permille / 1'000.0;
  }
  bool is_bad(const party& x) const { return script_.conduct.count(x) != 0; }
  bool any_bad_user() const {
    return std::any_of(script_.conduct.begin(), script_.conduct.end(),
                       [](const auto& x) { return x.first.kind == 'u'; });
  }
  bool blames_honest(const verdict& x) const {
    return std::any_of(x.pays.begin(), x.pays.end(), [&](const std::string& who) {
      return who == "P"   ? !is_bad({'v', x.validator})
             : who == "U" ? !any_bad_user()
                          : !is_bad({'v', static_cast<std::uint32_t>(std::stoul(who))});
    });
  }
  bool convicts(const verdict& x) const {
    const auto name = kind_.found == culprit::validator ? "P"
                      : kind_.found == culprit::user    ? "U"
                                                        : std::to_string(kind_.doer.index);
    return std::find(x.pays.begin(), x.pays.end(), name) != x.pays.end();
  }
  std::set<deeds::name> deeds_of_doer() const {
    const auto all = done_->all();
    const auto kind = kind_.doer.kind == 'h'   ? role::heavy_author
                      : kind_.doer.kind == 'u' ? role::user
                                               : role::validator;
    const auto found = all.find({kind, kind_.doer.index});
    return found == all.end() ? std::set<deeds::name>{} : found->second;
  }
  /// @returns how many went through the draw
  std::uint64_t count_deeds(rates_row& row) const {
    const auto done = deeds_of_doer();
    row.deeds += done.size();
    std::uint64_t decided = 0;
    for (const auto& [place, leaf] : leaves_) {
      const auto draw = drawn_.find(place.first);
      if ((done.count(leaf.input) == 0 && done.count(leaf.job) == 0) || draw == drawn_.end())
        continue;
      ++decided;
      row.drawn += draw->second.count(place.second);
      const auto ended = verdicts_.find(leaf.job);
      if (ended == verdicts_.end() || kind_.found == culprit::nobody)
        continue;
      ++row.tried;
      row.convicted += convicts(ended->second);
    }
    row.decided += decided;
    return decided;
  }

  const adversary& kind_;
  const script& script_;
  const std::shared_ptr<const deeds> done_;
  std::map<std::pair<std::uint64_t, std::uint32_t>, protocol::leaf> leaves_;
  std::map<std::uint64_t, std::set<std::uint32_t>> drawn_;
  std::map<protocol::job_id, verdict> verdicts_;
  std::set<party> harmed_;
  bool caught_ = false;
  double lost_dg_ = 0;
};

/// 1 - P(all three checkers are accomplices), drawn without replacement among equals.
double detection_of(const adversary& x) {
  double all = 1;
  for (std::uint32_t i = 0; i < 3; ++i)
    all *= x.ring > i ? static_cast<double>(x.ring - i) / static_cast<double>(others - i) : 0.0;
  return 1 - all;
}

}  // namespace

std::string rates(const rates_wish& wish, const std::function<void(const rates_row&)>& tell) {
  for (const auto& x : adversaries) {
    if (!std::string_view{x.name}.starts_with(wish.only))
      continue;
    const auto read = read_script(text_of(x, wish));
    if (const auto* error = std::get_if<script_error>(&read))
      return error->what;
    rates_row row{.name = x.name,
                  .is_drawn = x.drawn,
                  .is_tried = x.found != culprit::nobody,
                  .detection = detection_of(x)};
    for (auto seed = wish.seed; seed < wish.seed + wish.seeds; ++seed) {
      auto what = std::get<script>(read);
      what.seed = seed;
      const auto done = std::make_shared<deeds>();
      for (auto& [who, conduct] : what.conduct)
        for (auto& y : conduct)
          y.done = done;
      observation seen{x, what, done};
      const auto ended = run(what, seen.ears());
      if (!ended.failure.empty())
        return ended.failure;
      seen.add_to(row, ended, wish.rate_percent / 100.0);
    }
    tell(row);
  }
  return {};
}

}  // namespace datagen::scenario

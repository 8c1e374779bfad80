#include "tools/scenario/scale.hpp"

#include "tools/scenario/run.hpp"

#include <iomanip>
#include <ostream>

namespace datagen::scenario {

namespace ledger = protocol::ledger;
namespace happened = ledger::happened;

namespace {

constexpr std::uint32_t idle_end_s = 5;  // for audits and settlement of the last jobs

std::string text_of(const scale_wish& x, bool sampled) {
  std::string text =
    "[run]\nstop = \"" + std::to_string(x.seconds) + "s\"\nseed = " + std::to_string(x.seed) +
    "\n[parameters]\naudit_rate_ppm = 200000\nprobation_jobs = 0\necho_fanout_max = " +
    std::to_string(sampled ? x.sample : 0) + "\necho_sample = " + std::to_string(x.sample) +
    "\n[cluster]\nusers = 2\n[places]\neveryone = \"frankfurt\"\n\"h*\" = \"london\"\n";
  for (const auto* user : {"u0", "u1"})
    text += std::string{"[[workload]]\nuser = \""} + user + "\"\nevery = \"500ms\"\nuntil = \"" +
            std::to_string(x.seconds - idle_end_s) + "s\"\n";
  return text + "[story]\nsteps = '''\nalways no two blocks at one height\n'''\n";
}

/// Counts what a follower hears.
class tally {
public:
  tally(scale_row& row, std::uint64_t nano_dg_each) : row_(row), price_(nano_dg_each) {}

  listeners ears() {
    return {[this](std::uint64_t now_ms, std::uint64_t, const ledger::event& what) {
              row_.heavy_bytes += protocol::encode(what).size();
              std::visit([&](const auto& x) { hear(now_ms, x); }, what);
            },
            [this](const protocol::fast::happened::leaf_ordered& x) {
              row_.fast_bytes += protocol::encode(x.content).size();
            }};
  }
  void finish() {
    row_.pairing_ms = pairings_ == 0 ? 0 : waited_ms_ / static_cast<double>(pairings_);
    if (row_.echoes > 0)
      row_.echo_dg = static_cast<double>(row_.packages) / static_cast<double>(row_.echoes) *
                     static_cast<double>(price_) / 1e9;
  }

private:
  void hear(std::uint64_t now_ms, const happened::session_opened& x) {
    opened_ms_[x.session] = now_ms;
  }
  void hear(std::uint64_t, const happened::echo_opened& x) {
    asked_.insert(x.session);
    count_echo(x.sample.empty() ? row_.validators : x.sample.size());
  }
  void hear(std::uint64_t now_ms, const happened::paired& x) {
    if (asked_.extract(x.session).empty())
      count_echo(row_.validators);  // to all of them: paid for by its report
    if (const auto node = opened_ms_.extract(x.session)) {
      waited_ms_ += static_cast<double>(now_ms - node.mapped());
      ++pairings_;
    }
  }
  void hear(std::uint64_t, const happened::audit_settled& x) { row_.audits += x.final; }
  void hear(std::uint64_t, const auto&) {}
  void count_echo(std::size_t packages) {
    ++row_.echoes;
    row_.packages += packages;
  }

  scale_row& row_;
  const std::uint64_t price_;  ///< 10^-9 DG a package.
  std::map<protocol::session_id, std::uint64_t> opened_ms_;
  std::set<protocol::session_id> asked_;  ///< Whose Echo is paid for, and not reported yet.
  double waited_ms_ = 0;
  std::uint64_t pairings_ = 0;
};

double per(std::uint64_t what, std::uint64_t of) {
  return of == 0 ? 0 : static_cast<double>(what) / static_cast<double>(of);
}

}  // namespace

std::string scale(const scale_wish& x, const std::function<void(const scale_row&)>& tell) {
  for (const auto size : x.sizes)
    for (const bool sampled : {false, true}) {
      auto read = read_script(text_of(x, sampled));
      if (const auto* error = std::get_if<script_error>(&read))
        return error->what;
      auto& what = std::get<script>(read);
      what.validators = size;  // files may not have so many: they are to be quick
      scale_row row{.validators = size, .sampled = sampled};
      const auto price = what.params.echo_cost_per_validator.units / protocol::units_per_nano_dg;
      tally counted{row, static_cast<std::uint64_t>(price)};
      const auto ended = run(what, counted.ears());
      if (!ended.passed)
        return ended.failure.empty() ? "two blocks at one height" : ended.failure;
      counted.finish();
      row.jobs = ended.jobs_answered;
      row.jobs_sent = ended.jobs_sent;
      row.messages = ended.messages;
      tell(row);
    }
  return {};
}

std::vector<chart_line> growth_of(const std::vector<scale_row>& rows) {
  std::vector<chart_line> result;
  const auto add = [&](const std::string& name, bool sampled, const auto& value) {
    chart_line line{name + (sampled ? ", sample" : ", all"), {}};
    for (const auto& row : rows)
      if (row.sampled == sampled)
        line.points.emplace_back(row.validators, value(row));
    result.push_back(std::move(line));
  };
  for (const bool sampled : {false, true}) {
    add("messages a job", sampled, [](const auto& x) { return per(x.messages, x.jobs); });
    add("Heavy bytes a job", sampled, [](const auto& x) { return per(x.heavy_bytes, x.jobs); });
    add("Fast bytes a job", sampled, [](const auto& x) { return per(x.fast_bytes, x.jobs); });
    add("packages an Echo", sampled, [](const auto& x) { return per(x.packages, x.echoes); });
    add("pairing, ms", sampled, [](const auto& x) { return x.pairing_ms; });
  }
  return result;
}

void print_scale_head(std::ostream& to, const scale_wish& x) {
  to << x.seconds << " s of virtual time each, seed " << x.seed << ", sample of " << x.sample
     << "\nvalidators  echo    jobs     messages/job  messages/validator  Heavy B/job  Fast B/job  "
        "audits/job  packages/Echo  DG/Echo  pairing ms"
     << std::endl;
}

void print(std::ostream& to, const scale_row& x) {
  to << std::left << std::setw(12) << x.validators << std::setw(8) << (x.sampled ? "sample" : "all")
     << std::setw(9) << std::to_string(x.jobs) + "/" + std::to_string(x.jobs_sent) << std::fixed
     << std::setprecision(1) << std::setw(14) << per(x.messages, x.jobs) << std::setw(20)
     << per(x.messages, x.validators) << std::setw(13) << per(x.heavy_bytes, x.jobs) << std::setw(12)
     << per(x.fast_bytes, x.jobs) << std::setprecision(2) << std::setw(12) << per(x.audits, x.jobs)
     << std::setprecision(1) << std::setw(15) << per(x.packages, x.echoes) << std::setprecision(3)
     << std::setw(9) << x.echo_dg << std::setprecision(0) << x.pairing_ms << std::endl;
}

}  // namespace datagen::scenario

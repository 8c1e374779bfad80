#include "tests/simulation/swarm.hpp"

#include "tests/simulation/twins.hpp"

#include <algorithm>
#include <sstream>

namespace datagen::simulation {

namespace {

constexpr std::uint64_t chaos_ms = 2200;  // about a hundred rounds: the window is left behind

/// Draws a run and remembers what it drew.
class draw {
public:
  explicit draw(const swarm_request& r) : dice_(r.seed * 0x9E3779B97F4A7C15ull + 1) {
    constexpr std::size_t sizes[] = {4, 7, 10};
    options.seed = r.seed;
    options.n = r.n ? r.n : sizes[roll(3)];
    options.params.wave = r.wave ? r.wave : 4 + static_cast<std::uint32_t>(roll(2));
    options.params.gc_depth = 10 * options.params.wave + static_cast<std::uint32_t>(roll(20));
    constexpr std::uint64_t delays[] = {5, 20, 40, 120};
    options.delay_max_ms = delays[roll(4)];
    options.write_max_ms = roll(8);
    options.execute_max_ms = roll(12);
    options.quiet_ms = chaos_ms;
    options.submit_every_ms = 30 + roll(60);
    add_byzantine();
    if (wants(3))
      note("loss", options.loss_permille = 10 + static_cast<std::uint32_t>(roll(150)));
    if (wants(4))
      note("repeat", options.repeat_permille = 50 + static_cast<std::uint32_t>(roll(300)));
    if (wants(6))
      note("beacons", options.beacon_every = 2 + roll(6));
    options.real_signatures = wants(25);
    options.real_coin = options.n < 10 && wants(50);
    if (options.real_coin)
      note("real_coin", 1);
  }

  /// Schedules the faults that happen during a run.
  void script(simulation& net) {
    if (wants(2))
      crashes(net);
    if (wants(3))
      partitions(net);
    if (wants(4))
      slow_author(net);
    if (wants(6))
      slow_executor(net);
  }
  std::string mix() const { return mix_.str(); }

  simulation_options options;
  std::vector<std::string> faults;

private:
  std::uint64_t roll(std::uint64_t sides) { return dice_() % sides; }
  bool wants(std::uint64_t one_in) { return roll(one_in) == 0; }
  void note(const std::string& fault, std::uint64_t amount) {
    faults.push_back(fault);
    mix_ << (mix_.str().empty() ? "" : " ") << fault << "=" << amount;
  }
  member_id somebody() { return static_cast<member_id>(roll(options.n)); }

  // Authors beyond the rules, f at most together: forgers, dead ones, wrong clocks.
  void add_byzantine() {
    std::vector<author_index> order;
    for (author_index a = 0; a < options.n; ++a)
      order.push_back(a);
    std::shuffle(order.begin(), order.end(), dice_);
    for (std::size_t k = roll((options.n - 1) / 3 + 1); k > 0; --k) {
      const auto a = order[k - 1];
      switch (roll(5)) {
        case 0:
          options.dead.insert(a);
          break;
        case 1:
          options.clock_skew_ms[a] = roll(2) ? 3'600'000 : -3'600'000;
          break;
        default:
          options.forgers[a] = habits();
          break;
      }
    }
    if (!options.dead.empty())
      note("dead", options.dead.size());
    if (!options.clock_skew_ms.empty())
      note("skew", options.clock_skew_ms.size());
    if (!options.forgers.empty())
      note("forgers", options.forgers.size());
  }
  forger_habits habits() {
    forger_habits h;
    h.twins_max = 1 + static_cast<std::uint32_t>(roll(3));
    h.reach_permille = roll(2) ? 1000 : 300 + static_cast<std::uint32_t>(roll(600));
    if (wants(3))
      h.reach_members = 1 + static_cast<std::uint32_t>(roll(options.n - 1));
    if (wants(4))
      h.hide_permille = 100 + static_cast<std::uint32_t>(roll(400));
    h.serves = !wants(4);
    if (wants(8))
      h.coin_shares = roll(2) ? forger_habits::shares::bad : forger_habits::shares::missing;
    if (wants(5))
      h.silent_from = 10 + static_cast<round_number>(roll(30));
    return h;
  }
  void crashes(simulation& net) {
    const auto count = 1 + roll(2 * options.n);
    for (std::uint64_t k = 0; k < count; ++k) {
      const auto victim = somebody();
      const auto point = static_cast<crash_point>(roll(3));
      const auto pause = wants(4) ? 100 + roll(400) : 1 + roll(40);
      if (net.is_correct(victim))
        net.at(20 + roll(chaos_ms - 20),
               [&net, victim, point, pause] { net.member(victim).crash_at(point, pause); });
    }
    note("crashes", count);
  }
  void partitions(simulation& net) {
    const auto count = 1 + roll(5);
    for (std::uint64_t k = 0; k < count; ++k) {
      std::set<member_id> side;
      for (member_id m = 0; m < options.n; ++m)
        if (roll(2))
          side.insert(m);
      const auto start = roll(chaos_ms);
      net.at(start, [&net, side] { net.partition(side); });
      net.at(start + 20 + roll(300), [&net] { net.partition({}); });
    }
    note("partitions", count);
  }
  void slow_author(simulation& net) {
    const auto turn = 20 + roll(200);
    net.scene().net.hold([&net, turn](member_id from, member_id) -> std::uint64_t {
      return net.scene().time.now() / turn % net.options().n == from ? 9 : 0;
    });
    note("slow_author_ms", turn);
  }
  void slow_executor(simulation& net) {
    const auto m = somebody();
    const auto pace = 50 + roll(150);
    if (!net.is_correct(m))
      return;
    net.at(roll(chaos_ms / 2), [&net, m, pace] { net.member(m).machine().set_pace(pace); });
    net.at(chaos_ms, [&net, m] { net.member(m).machine().set_pace(std::nullopt); });
    note("slow_executor_ms", pace);
  }

  std::mt19937_64 dice_;
  std::ostringstream mix_;
};

std::string what_is_missing(const simulation& net) {
  std::ostringstream result;
  result << "uncommitted " << net.uncommitted() << ", height " << net.height()
         << "; member: block own/decided/highest round, suspended, missing, executed";
  for (const auto m : net.correct_members()) {
    result << "; " << m << ": ";
    if (!net.member(m).running()) {
      result << "down";
      continue;
    }
    const auto s = net.member(m).status();
    result << s.commits << " " << s.own_round << "/" << s.decided_round << "/" << s.highest_round
           << ", " << s.suspended << ", " << s.missing << ", "
           << net.member(m).machine().state().index;
  }
  return result.str();
}

}  // namespace

void describe_end(const simulation& net, swarm_result& result) {
  result.n = net.options().n;
  result.wave = net.options().params.wave;
  result.height = net.height();
  result.vertices = net.scene().vertices;
  result.fingerprint = net.scene().fingerprint;
  if (result.found == verdict::diverged)
    result.why = net.broken();
  else if (result.found == verdict::no_progress)
    result.why = what_is_missing(net);
}

swarm_result play(const swarm_request& request) {
  if (request.twins)
    return play(draw_twins(request));
  draw drawn{request};
  simulation net{drawn.options};
  drawn.script(net);
  net.run(chaos_ms);
  net.run(chaos_ms + 550);  // the last of the crashed are back
  net.heal();
  net.options().delay_max_ms = std::min<std::uint64_t>(net.options().delay_max_ms, 30);
  swarm_result result;
  result.found = net.settle(6000);
  result.mix = drawn.mix();
  result.faults = drawn.faults;
  describe_end(net, result);
  return result;
}

}  // namespace datagen::simulation

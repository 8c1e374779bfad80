#include "tools/bench/job_load.hpp"

#include "tools/bench/clock.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

namespace datagen::bench {

namespace {

constexpr std::chrono::seconds answer_limit{10};
/// A validator whose jobs wait for settlement says that it is busy: then the chains set the pace.
constexpr std::chrono::milliseconds busy_pause{20};
constexpr double stalled_us = 15e6;  ///< So long without any answer, and the load ends.

/// The plan's input with `number` in its first bytes: every job is another one.
blob input_of(const load_plan& plan, std::uint64_t number) {
  const auto view = plan.wish.input.view();
  protocol::bytes data{view.begin(), view.end()};
  for (std::size_t i = 0; i < std::min<std::size_t>(8, data.size()); ++i)
    data[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return blob{std::move(data)};
}

struct driver_state {
  std::uint64_t next = 0;
  std::uint32_t open = 0;
  double answered_us = wall_us();  ///< When a job was answered last.
};

using driver = caf::stateful_actor<driver_state>;

void ask(driver* self, stage_recorder& stages, const load_plan& plan, load_result& result);

/// Asks for the next job, or ends when all are answered or nothing but refusals comes back.
void go_on(driver* self, stage_recorder& stages, const load_plan& plan, load_result& result) {
  if (wall_us() > self->state.answered_us + stalled_us)
    self->quit();
  else if (result.done.size() + self->state.open < plan.jobs)
    ask(self, stages, plan, result);
  else if (self->state.open == 0)
    self->quit();
}

void ask(driver* self, stage_recorder& stages, const load_plan& plan, load_result& result) {
  ++self->state.open;
  auto wish = plan.wish;
  wish.input = input_of(plan, plan.first_input + self->state.next++);
  const auto wished = wall_us();
  self->request(plan.user, answer_limit, std::move(wish))
    .then(
      [=, &stages, &plan, &result](const v1::job_outcome& x) {
        --self->state.open;
        if (x.code == ec::ok) {
          self->state.answered_us = wall_us();
          result.done.push_back({wished, wall_us(), stages.take(x.receipt.content.job)});
          return go_on(self, stages, plan, result);
        }
        ++result.refused;
        result.last_reason = x.reason;
        ++self->state.open;  // its place stays taken while it pauses
        self->delayed_send(self, busy_pause, caf::tick_atom::value);
      },
      [=, &result](const caf::error&) {
        result.last_reason = "no answer within 10 s";
        self->quit();
      });
}

}  // namespace

void stage_recorder::reached(const protocol::job_id& job, job_stage stage) {
  const auto now = wall_us();
  std::lock_guard lock{mutex_};
  jobs_[job][static_cast<std::size_t>(stage)] = now;
}

stage_times stage_recorder::take(const protocol::job_id& job) {
  std::lock_guard lock{mutex_};
  const auto found = jobs_.extract(job);
  return found ? found.mapped() : stage_times{};
}

load_result run_load(caf::actor_system& system, stage_recorder& stages, const load_plan& plan) {
  load_result result;
  result.done.reserve(plan.jobs);
  const auto wall = wall_us(), processor = processor_us();
  caf::scoped_actor self{system};
  const auto driving = system.spawn([&](driver* actor) {
    actor->become([&, actor](caf::tick_atom) {
      --actor->state.open;
      go_on(actor, stages, plan, result);
    });
    for (std::uint32_t i = 0; i < std::min(plan.in_flight, plan.jobs); ++i)
      ask(actor, stages, plan, result);
  });
  self->wait_for(driving);
  result.wall_us = wall_us() - wall;
  result.processor_us = processor_us() - processor;
  return result;
}

std::vector<double> time_requests(caf::actor_system& system, std::uint32_t requests) {
  std::vector<double> times;
  times.reserve(requests);
  caf::scoped_actor self{system};
  const auto answering = system.spawn(
    [](caf::event_based_actor*) -> caf::behavior { return {[](std::uint64_t x) { return x; }}; });
  struct asking_state {
    std::function<void()> next;
  };
  const auto asking = system.spawn([&](caf::stateful_actor<asking_state>* actor) {
    actor->state.next = [&times, actor, answering, requests] {
      if (times.size() == requests)
        return actor->quit();
      const auto start = wall_us();
      actor->request(answering, answer_limit, std::uint64_t{1})
        .then([&, actor, start](std::uint64_t) {
          times.push_back(wall_us() - start);
          actor->state.next();
        });
    };
    actor->state.next();
  });
  self->wait_for(asking);
  caf::anon_send_exit(answering, caf::exit_reason::user_shutdown);
  self->wait_for(answering);
  return times;
}

}  // namespace datagen::bench

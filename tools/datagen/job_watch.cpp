// What happens to a job after its result is here: ordered, settled, drawn or not, audited, paid.

#include "tools/datagen/job_run.hpp"
#include "tools/datagen/json_fields.hpp"

#include <chrono>
#include <thread>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::uint64_t look_every_ms = 200;
constexpr std::uint64_t receipt_patience_ms = 5'000;

boost::json::value fetch_job(const customer& who, const finished_job& job) {
  return who.api.get("/v1/jobs/" + job.id());
}

const boost::json::value* find_step(const boost::json::value& job, std::string_view name) {
  for (const auto& x : list_field(job, "timeline"))
    if (shown_field(x, "step") == name)
      return &x;
  return nullptr;
}

void pause() { std::this_thread::sleep_for(std::chrono::milliseconds{look_every_ms}); }

/// How much a receipt proves; more is better.
int worth(const portable_report& x) {
  return static_cast<int>(x.stage) + (x.audit ? (x.audit->final ? 20 : 10) : 0);
}

/// Takes the server's receipt over where it proves more than the one held. A failure is only noted:
/// what is held stays good.
void refresh_receipt(const customer& who, finished_job& job, const job_wish& wish) {
  try {
    auto now = fetch_receipt(who, job.order);
    if (worth(now.report) <= worth(job.paper.report))
      return;
    job.paper = std::move(now);
    write_receipt(wish, job.paper);
    who.progress.note("receipt: " + stage_text(job.paper.report.stage) +
                      (job.paper.report.audit ? ", audit " + job.paper.report.audit->outcome : ""));
  } catch (const failure& why) {
    who.progress.note(std::string{"the receipt could not be refreshed: "} + why.what());
  }
}

/// The end of the story, or nothing while it goes on.
std::optional<audit_end> ended(const boost::json::value& job) {
  const auto state = text_field(job, "state");
  const auto* verdict = field(job, "verdict").if_object();
  const auto rule = verdict != nullptr ? shown_field(*verdict, "rule") : std::string{};
  if (state == "faulted")
    return audit_end{state, "the audit convicted the validator (rule " + rule + ")", exit_failed};
  if (state == "audited")
    return audit_end{state, "audited: " + shown_field(field(job, "verdict"), "outcome") +
                              " (rule " + rule + ")"};
  if (find_step(job, "paid") != nullptr)
    return audit_end{state, "paid without an audit: the draw did not pick this job"};
  if (find_step(job, "not_drawn") != nullptr)
    return audit_end{state, "settled, and not drawn for an audit"};
  return std::nullopt;
}

/// Does the receipt prove what `end` says?
bool complete(const finished_job& job, const audit_end& end) {
  const auto& report = job.paper.report;
  if (end.state == "audited" || end.state == "faulted")
    return report.audit && report.audit->final;
  return report.stage == portable_stage::settled;
}

}  // namespace

std::string find_ordered(const customer& who, const finished_job& job, std::uint64_t wait_ms) {
  const auto deadline = unix_ms() + wait_ms;
  for (;;) {
    const auto now = fetch_job(who, job);
    if (const auto* x = find_step(now, "ordered"))
      return "Fast block " + shown_field(*x, "height");
    if (unix_ms() >= deadline)
      return {};
    who.progress.show("waiting for the Fast Chain");
    pause();
  }
}

audit_end watch_audit(const customer& who, finished_job& job, const job_wish& wish,
                      std::uint64_t timeout_ms) {
  const auto deadline = unix_ms() + timeout_ms;
  std::string state;
  std::optional<audit_end> end;
  while (!end && unix_ms() < deadline) {
    const auto now = fetch_job(who, job);
    if (const auto fresh = text_field(now, "state"); fresh != state) {
      state = fresh;
      who.progress.note("job: " + state);
      refresh_receipt(who, job, wish);
    }
    end = ended(now);
    if (!end) {
      who.progress.show("following the job (" + state + ")");
      pause();
    }
  }
  if (!end)
    return {state, "still " + state + " after " + std::to_string(timeout_ms / 1'000) + " s",
            exit_inconclusive};
  // The gateway may need a moment to collect the proofs of what it just heard.
  for (const auto until = unix_ms() + receipt_patience_ms;
       !complete(job, *end) && unix_ms() < until; pause())
    refresh_receipt(who, job, wish);
  if (!complete(job, *end))
    who.progress.note("the receipt does not prove this yet; fetch it again later");
  return *end;
}

}  // namespace datagen::tools

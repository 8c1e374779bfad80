// What a validator owes in an audit, and when somebody asks for its leaf.

#include "actors/validator.hpp"

#include "actors/job_result.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

constexpr std::uint64_t show_by_path_ms = 5000;  ///< Then a leaf that is asked for is posted.

}  // namespace

void validator_state::on(const happened::reveal_requested& x) {
  canaries_.hear(heavy_, x);
  const auto it = jobs_.find({x.job, x.attempt});
  if (it == jobs_.end() || !it->second.reply)
    return;
  const auto& reply = *it->second.reply;
  const ledger::tx::open_commitment opening{
    .job = x.job,
    .attempt = x.attempt,
    .salt = salt_for(config_.key.secret, x.job, x.attempt),
    .result = digest_of(reply.result)};
  duties_.owe(heavy_, {x.job, x.attempt, duty_kind::opening, 0},
              ledger::make_transaction(heavy_chain_, config_.key, 0, opening));
}

void validator_state::on(const happened::digest_revealed& x) {
  if (x.who == "P")
    return duties_.done({x.job, x.attempt, duty_kind::opening, 0});
  const auto it = jobs_.find({x.job, x.attempt});
  if (it != jobs_.end() && it->second.reply && x.result != digest_of(it->second.reply->result) &&
      it->second.again == second_run::none && !canaries_.holds(it->first))
    run_again(it->first, it->second);
}

/// Somebody found another result: a second run tells whether ours can be defended.
void validator_state::run_again(const job_key& key, open_job& x) {
  const auto* parameters = content_.find(x.parameters);
  const auto* input = content_.find(x.input);
  if (!x.reply || parameters == nullptr || input == nullptr)
    return;
  x.again = second_run::under_way;
  const auto& order = x.reply->receipt.order.content;
  const auto number = ++kernel_runs_;
  self_->request(config_.worker, std::chrono::milliseconds{config_.job_timeout_ms},
                 v1::kernel_run{order.kernel, *parameters, *input, order.units_max,
                                v1::kernel_urgency::check, number})
    .then([this, key](const v1::kernel_done& done) { ran_again(key, done); },
          [this, key, number](const caf::error&) {
            self_->send(config_.worker, v1::kernel_cancel{number});
            ran_again(key, {.code = ec::timed_out});
          });
}

void validator_state::ran_again(const job_key& key, const v1::kernel_done& done) {
  const auto it = jobs_.find(key);
  if (it == jobs_.end())
    return;
  auto& x = it->second;
  if (done.code == ec::timed_out || done.code == ec::busy || done.code == ec::cancelled) {
    x.again = second_run::none;  // tried again at the next wake-up, if it comes to a conviction
    return;
  }
  const bool same = result_of(x.reply->receipt.order.content, done) == x.reply->result;
  x.again = same ? second_run::same : second_run::differs;
  if (same)
    x.reply->output = done.output;  // a promise of the last run has none
  appeal(key, x);
}

/// Convicted with a result that came out again: the last stage is asked for (section 3). A wrong one
/// would only cost the bond as well.
void validator_state::appeal(const job_key& key, const open_job& x) {
  if (x.convicted && x.again == second_run::same)
    duties_.owe(heavy_, {key.first, key.second, duty_kind::appeal, 0},
                ledger::make_transaction(heavy_chain_, config_.key, 0,
                                         ledger::tx::appeal{key.first, key.second}));
}

/// A further stage of an audit that had its verdict: the appeal is heard.
void validator_state::on(const happened::check_requested& x) {
  duties_.done({x.subject.content.job, x.subject.content.attempt(), duty_kind::appeal, 0});
}

void validator_state::on(const happened::audit_settled& x) {
  const job_key key{x.job, x.attempt};
  canaries_.hear(x);
  if (x.final) {
    duties_.forget(x.job, x.attempt);
    if (x.validator == id_)
      settle(key);
    return;
  }
  const auto it = jobs_.find(key);
  if (x.validator != id_ || x.outcome != "fault" || it == jobs_.end())
    return;
  it->second.convicted = true;
  if (it->second.again == second_run::none)
    run_again(key, it->second);
  appeal(key, it->second);
}

/// Somebody holds our receipt and has not seen its leaf (step 6, no dodging): the own author says
/// where it is.
void validator_state::on(const happened::leaf_asked& x) {
  const auto& leaf = x.held.content;
  if (leaf.validator() != id_)
    return;
  asked_[{leaf.job, leaf.attempt()}] = {x.held, config_.context.net->now().monotonic_ms};
  config_.context.net->send(config_.self, {role::fast_author, id_.value},
                            v1::leaf_place_query{leaf.job, leaf.attempt()});
}

void validator_state::answer_asked(std::uint64_t now_ms) {
  for (const auto& [key, x] : asked_)
    if (now_ms < x.since_ms + show_by_path_ms)
      config_.context.net->send(config_.self, {role::fast_author, id_.value},
                                v1::leaf_place_query{key.first, key.second});
    else
      show({key.first, key.second});
}

/// A user says that its result did not come (step 9): its own word for it is the answer; without one
/// it is brought to the committee's store, where the user can fetch it.
void validator_state::on(const happened::delivery_asked& x) {
  const auto& leaf = x.held.content;
  if (leaf.validator() != id_)
    return;
  if (const auto* said = words_.find({leaf.job, leaf.attempt()}))
    duties_.owe(heavy_, delivery_duty(leaf.job, leaf.attempt()),
                ledger::make_unsigned(heavy_chain_, ledger::tx::delivered{*said, {}}));
  else {
    revive({leaf.job, leaf.attempt()});
    results_.ask(leaf);
  }
}

/// A result of the last run has to come out again: its job is open until the question is settled.
void validator_state::revive(const job_key& key) {
  if (auto node = dormant_.extract(key); node && !jobs_.contains(key))
    restore(std::move(node.mapped()));
}

void validator_state::on(const happened::delivery_settled& x) {
  if (x.validator != id_)
    return;
  results_.settled(x.job, x.attempt);
  duties_.done(delivery_duty(x.job, x.attempt));
  if (const auto it = jobs_.find({x.job, x.attempt}); it != jobs_.end() && it->second.settled)
    settle(job_key{x.job, x.attempt});
}

/// An answer with its output. A promise of the last run has none until it has come out again.
std::optional<v1::job_reply> validator_state::find_result(const job_key& key) {
  if (const auto* answer = shelf_.find(key))
    return *answer;
  const auto it = jobs_.find(key);
  if (it == jobs_.end() || !it->second.reply)
    return std::nullopt;
  if (!lacks_output(*it->second.reply))
    return it->second.reply;
  if (it->second.again == second_run::none)
    run_again(key, it->second);
  return std::nullopt;
}

/// Live time after which nobody asks for a result any more, and has had its answer: its epoch is
/// settled within one, a window follows for the question, and one for the answer.
std::uint64_t validator_state::asked_until(const receipt& x) const {
  const auto& rules = heavy_.view().rules();
  return x.deadline_ms + rules.epoch_ms + 2 * rules.delivery_window_ms;
}

void validator_state::on(const happened::leaf_shown& x) {
  const auto& leaf = x.content.content;
  if (leaf.validator() != id_)
    return;
  asked_.erase({leaf.job, leaf.attempt()});
  duties_.done({leaf.job, leaf.attempt(), duty_kind::leaf, 0});
}

/// Shows the leaf in its checkpoint. One that no kept checkpoint holds, whose checkpoint Heavy no
/// longer remembers, or whose place nobody tells, is posted on Heavy itself.
void validator_state::show(const v1::leaf_place& place) {
  canaries_.placed(heavy_, place);
  const auto it = asked_.find({place.job, place.attempt});
  if (it == asked_.end())
    return;
  ledger::tx::show_leaf answer{.content = it->second.held};
  if (config_.context.net->now().monotonic_ms < it->second.since_ms + show_by_path_ms) {
    answer.checkpoint = place.checkpoint;
    answer.index = place.index;
    answer.path = place.path;
  }
  const heavy_duties::duty what{place.job, place.attempt, duty_kind::leaf, 0};
  duties_.done(what);  // the newest answer counts
  duties_.owe(heavy_, what, ledger::make_unsigned(heavy_chain_, std::move(answer)));
}

}  // namespace datagen

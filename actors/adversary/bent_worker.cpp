#include "actors/adversary/bent_worker.hpp"

#include "protocol/crypto/hash.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

namespace datagen {

namespace {

using protocol::digest;

digest name_of(const v1::kernel_run& job) {
  return protocol::hash("told-lie", job.kernel, protocol::sha256(job.parameters.view()),
                        protocol::sha256(job.input.view()));
}

std::string_view text_of(const digest& x) {
  return {reinterpret_cast<const char*>(x.value.data()), x.value.size()};
}

/// Another `by` makes another result.
v1::kernel_done changed(v1::kernel_done done, std::uint8_t by = 1) {
  const auto view = done.output.view();
  protocol::bytes output{view.begin(), view.end()};
  if (done.code == ec::ok && !output.empty()) {
    output.back() ^= by;
    done.output = blob{std::move(output)};
  }
  return done;
}

class bent {
public:
  explicit bent(bent_worker_config config) : config_(std::move(config)) {}

  const kernel_worker_actor& honest() const { return config_.honest; }

  /// An answer that costs no computing.
  std::optional<v1::kernel_done> at_once(const v1::kernel_run& job) const {
    if (job.urgency == v1::kernel_urgency::echo) {
      const auto* cheats = active(conduct::echo_cheat);
      if (!cheats)
        return std::nullopt;
      did(*cheats, job);
      const auto guess = protocol::hash("guess", config_.self);
      return v1::kernel_done{.code = ec::ok, .reason = {}, .exit = protocol::exit_status::ok,
                             .units = 1, .output = blob{{guess.value.begin(), guess.value.end()}}};
    }
    const auto told = config_.checks ? config_.told->about(name_of(job)) : std::nullopt;
    if (!told)
      return std::nullopt;
    const auto* ring = active(conduct::collude);
    const bool accomplice = ring && ring->ring.count(told->liar) != 0;
    const auto* lazy = active(conduct::lazy_copy);
    if (!accomplice && !lazy)
      return std::nullopt;
    if (lazy)
      did(*lazy, job);
    return told->answer;
  }
  /// What is said where the truth is `done`. The same each time, as an appeal needs it.
  v1::kernel_done say(const v1::kernel_run& job, v1::kernel_done done) const {
    const auto name = name_of(job);
    if (const auto* errs = active(conduct::err_on_check);
        config_.checks && errs && happens(*errs, text_of(name)))
      return changed(std::move(done), static_cast<std::uint8_t>(2 + config_.self));
    const auto* lies = active(conduct::lie_on_result);
    if (!lies)
      lies = active(conduct::collude);
    if (config_.checks || !lies || !happens(*lies, text_of(name)))
      return done;
    did(*lies, job);
    done = changed(std::move(done));
    config_.told->tell(name, {config_.self, done});
    return done;
  }

private:
  void did(const behaviour& x, const v1::kernel_run& job) const {
    note(x, {role::validator, config_.self}, protocol::sha256(job.input.view()));
  }
  const behaviour* active(conduct what) const {
    for (const auto& x : config_.conduct)
      if (x.what == what && x.active(config_.clock->now().monotonic_ms))
        return &x;
    return nullptr;
  }

  bent_worker_config config_;
};

}  // namespace

std::optional<told_lies::lie> told_lies::about(const digest& job) const {
  const std::lock_guard lock{mutex_};
  const auto found = by_job_.find(job);
  return found == by_job_.end() ? std::nullopt : std::optional{found->second};
}

void told_lies::tell(const digest& job, lie x) {
  const std::lock_guard lock{mutex_};
  by_job_.insert_or_assign(job, std::move(x));
}

bool bends_worker(conduct x) {
  return x == conduct::lie_on_result || x == conduct::collude || x == conduct::lazy_copy ||
         x == conduct::echo_cheat || x == conduct::err_on_check;
}

kernel_worker_actor::behavior_type bent_worker(kernel_worker_actor::pointer self,
                                               bent_worker_config config) {
  const auto state = std::make_shared<const bent>(std::move(config));
  return {[self, state](const v1::kernel_run& job) {
            auto promise = self->make_response_promise<v1::kernel_done>();
            if (auto answer = state->at_once(job)) {
              promise.deliver(std::move(*answer));
              return promise;
            }
            const bool echo = job.urgency == v1::kernel_urgency::echo;
            self->request(state->honest(), caf::infinite, job)
              .then([promise, state, echo, job](v1::kernel_done done) mutable {
                promise.deliver(echo ? std::move(done) : state->say(job, std::move(done)));
              });
            return promise;
          },
          [self, state](const v1::kernel_cancel& which) { self->send(state->honest(), which); },
          [self, state](const v1::kernel_status_query& x) {
            return self->delegate(state->honest(), x);
          }};
}

}  // namespace datagen

#include "tools/scenario/customer.hpp"

namespace datagen::scenario {

namespace {

constexpr std::uint64_t units_max = 10'000'000;  // of one job
constexpr std::uint64_t session_again_ms = 5'000;
const auto escrow = protocol::dg(10'000);

}  // namespace

customer::customer(deterministic_system& sim, user_actor actor, const workload& load,
                   std::uint64_t seed)
    : sim_(sim), actor_(std::move(actor)), load_(load), seed_(seed), next_ms_(load.from_ms) {}

void customer::tick(std::uint64_t now_ms) {
  if (opening_)
    take_session(now_ms);
  if (working_)
    take_job(now_ms);
  if (opening_ || working_ || now_ms < next_ms_ || now_ms >= load_.until_ms)
    return;
  if (session_)
    return send_job(now_ms);
  opening_ = sim_.ask<v1::session_ready>(
    actor_, v1::session_wish{.mode = load_.mode, .bid = load_.bid, .escrow = escrow});
}

void customer::take_session(std::uint64_t now_ms) {
  if (!*opening_)
    return;
  const auto ready = *std::exchange(opening_, nullptr);
  if (ready->code == ec::ok) {
    session_ = ready->session;
    return;
  }
  complaints_.push_back("no session: " + ready->reason);
  next_ms_ = now_ms + session_again_ms;
}

void customer::send_job(std::uint64_t now_ms) {
  next_ms_ = now_ms + load_.every_ms;
  protocol::bytes input(load_.bytes);
  for (std::size_t i = 0; i < input.size(); i += protocol::digest::size) {
    const auto piece = protocol::hash("scenario-input", seed_, load_.user, sent_, i);
    std::copy_n(piece.value.begin(), std::min(input.size() - i, piece.value.size()),
                input.begin() + static_cast<std::ptrdiff_t>(i));
  }
  ++sent_;
  working_ = sim_.ask<v1::job_outcome>(actor_, v1::job_wish{.kernel = {load_.kernel, 0},
                                                            .input = blob{std::move(input)},
                                                            .units_max = units_max});
}

void customer::take_job(std::uint64_t now_ms) {
  if (!*working_)
    return;
  const auto done = *std::exchange(working_, nullptr);
  if (done->code == ec::ok) {
    latencies_us_.push_back(done->latency_us);
    answered_ms_ = now_ms;
    return;
  }
  complaints_.push_back("job " + std::to_string(sent_) + ": " + done->reason);
}

}  // namespace datagen::scenario

#include "tools/datagen/job_run.hpp"

#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/json_fields.hpp"

#include "messages/error.hpp"

#include <chrono>
#include <thread>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::uint32_t wait_unseen_ms = 2'000;
constexpr std::uint32_t wait_seen_ms = 250;  // a person watches the seconds
constexpr std::chrono::milliseconds look_again{100};
/// Between two tries of an order whose pairing others have not heard of yet, and how many at most.
constexpr std::chrono::milliseconds early_again{200};
constexpr int early_max = 25;

byte_view as_bytes(const std::string& x) {
  return {reinterpret_cast<const std::uint8_t*>(x.data()), x.size()};
}

/// What to do about a refusal, where there is something.
std::string advice(const std::string& code) {
  if (code == "lane_overdrawn" || code == "price_too_low" || code == "unknown_session")
    return "; --new-session opens one with other terms";
  if (code == "value_cap_reached" || code == "busy")
    return "; try again once earlier work has matured";
  return {};
}

/// Why a server or validator does not take an order.
struct refused_order {
  std::string reason;
  std::string code;
  /// One that goes on knowing nothing of the pairing is as good as down: a stand-in may know more.
  bool another_may() const {
    if (too_early())
      return true;
    for (int i = 0; i <= static_cast<int>(max_value(ec{})); ++i)
      if (const auto x = static_cast<ec>(i); another_may_take(x) && code == to_string(x))
        return true;
    return false;
  }
  /// Router and validator follow Heavy on their own, and may be a moment behind the server.
  bool too_early() const {
    return code == to_string(ec::unknown_session) || code == to_string(ec::wrong_validator);
  }
};

[[noreturn]] void give_up(const refused_order& x) {
  const auto named = x.reason.find("(" + x.code + ")") != std::string::npos || x.code.empty();
  throw failure(exit_failed, (x.reason.empty() ? "the job was refused" : x.reason) +
                               (named ? "" : " (" + x.code + ")") + advice(x.code));
}

ticket make_order(const customer& who, const paired_session& session, const job_input& input,
                  const job_wish& wish) {
  ticket order{.chain = who.net.heavy,
               .session = session.id,
               .kernel = input.kernel,
               .parameters = sha256(input.parameter_view()),
               .input = sha256(input.input_view()),
               .units_max = units_to_buy(input, wish),
               .unit_price = session.payees.front().ask,
               .declared_value = wish.declared_value,
               .deadline_ms = unix_ms() + wish.timeout_ms};
  who.progress.note("price: " + std::string{input.open_ended ? "at most " : ""} +
                    std::to_string(order.units_max) + " units for " +
                    to_text(amount{price_of(order, order.units_max) * units_per_nano_dg}) +
                    " from " + session.payees.front().name);
  order.sequence = who.sessions.take_sequence(who.owner(), session.id);
  return order;
}

/// The job's JSON once it is answered, or why nobody runs it. A leaf that is ordered already is no
/// answer yet: blocks and answers come different ways.
/// @param answered an earlier attempt is done: its answer comes, whatever was said of this one
std::variant<boost::json::value, refused_order> wait_for(const customer& who, const std::string& id,
                                                         const job_wish& wish, bool answered) {
  const auto wait_ms = who.progress.drawn() ? wait_seen_ms : wait_unseen_ms;
  const auto deadline = unix_ms() + wish.timeout_ms;
  for (;;) {
    auto job = who.api.get("/v1/jobs/" + id + "?wait_ms=" + std::to_string(wait_ms), wait_ms);
    const auto state = text_field(job, "state");
    if (state == "refused" && !answered)
      return refused_order{shown_field(job, "reason"), shown_field(job, "code")};
    if (state != "running" && state != "refused" && !shown_field(job, "latency_us").empty())
      return job;
    if (unix_ms() >= deadline)
      throw failure(exit_failed, "no answer within " + std::to_string(wish.timeout_ms / 1'000) +
                                   " s; job " + id + " may still finish (`datagen job show`)");
    if (state != "running")  // the server does not wait for what it takes for ended
      std::this_thread::sleep_for(look_again);
    who.progress.show("computing");
  }
}

void upload(const customer& who, const job_input& input) {
  if (input.input.empty())
    return;
  who.api.put("/v1/inputs/" + to_hex(sha256(input.input_view())), input.input,
              [&who](std::uint64_t done, std::uint64_t total) {
                who.progress.show("sending the input", done, total);
              });
}

/// @returns why the server does not take the order, where it does not
std::optional<refused_order> post_order(const customer& who, const signed_ticket& order,
                                        const job_input& input) {
  try {
    const auto said =
      who.api.post("/v1/jobs", boost::json::object{{"ticket", to_hex(encode(order))},
                                                   {"parameters", input.parameters},
                                                   {"input", to_hex(order.content.input)}});
    if (text_field(said, "id") != to_hex(job_id_of(order.content)))
      throw failure(exit_failed, "the server took the ticket for another job");
  } catch (const api_refusal& why) {
    return refused_order{why.what(), why.reason_code};
  }
  return std::nullopt;
}

/// The answer to one order, or why there is none.
std::variant<boost::json::value, refused_order> order_once(const customer& who,
                                                           const signed_ticket& order,
                                                           const job_input& input,
                                                           const job_wish& wish) {
  for (int tries = 0;; ++tries) {
    std::variant<boost::json::value, refused_order> end;
    if (auto refused = post_order(who, order, input))
      end = std::move(*refused);
    else
      end = wait_for(who, to_hex(job_id_of(order.content)), wish, false);
    const auto* refused = std::get_if<refused_order>(&end);
    if (!refused || !refused->too_early() || tries == early_max)
      return end;
    std::this_thread::sleep_for(early_again);
  }
}

using tried_orders = std::vector<std::pair<signed_ticket, served_by>>;

/// Orders the job from the paired validator, then from its stand-ins, then from whoever is paired
/// after them, until somebody answers.
/// @param tried filled with every order that was signed
boost::json::value order_in_turn(const customer& who, const paired_session& session, ticket order,
                                 const job_input& input, const job_wish& wish,
                                 tried_orders& tried) {
  auto payees = session.payees;
  std::vector<validator_id> asked;
  const auto id = to_hex(job_id_of(order));
  const auto deadline_ms = unix_ms() + wish.timeout_ms;
  for (;;) {
    const auto next = payees.front();
    asked.push_back(next.id);
    order.validator = next.id;
    order.unit_price = next.ask;
    order.attempt = static_cast<std::uint8_t>(tried.size());
    tried.emplace_back(signed_ticket{order, sign(who.key, ticket_statement(order))}, next);
    const auto end = order_once(who, tried.back().first, input, wish);
    if (const auto* job = std::get_if<boost::json::value>(&end))
      return *job;
    const auto& refused = std::get<refused_order>(end);
    if (tried.size() > 1 && refused.code == to_string(ec::replayed_ticket))
      return std::get<boost::json::value>(wait_for(who, id, wish, true));
    if (!refused.another_may())
      give_up(refused);
    payees.erase(payees.begin());
    const bool gone = refused.code == to_string(ec::not_serving);
    if (payees.empty())
      payees = find_others(who, session.id, asked, gone, deadline_ms);
    if (payees.empty())
      give_up(refused);
    who.progress.note(refused.reason + "; " + payees.front().name + " takes over");
  }
}

/// The output, which must be what the receipt commits to.
std::string fetch_output(const customer& who, const served_by& validator,
                         const checked_receipt& paper) {
  const auto& x = paper.content;
  auto output = who.api.get_bytes("/v1/jobs/" + to_hex(x.held.content.job) + "/result",
                                  [&who](std::uint64_t done, std::uint64_t total) {
                                    who.progress.show("fetching the result", done, total);
                                  });
  const auto verdict = check_answer(x.held, who.key.identity, validator.key, x.salt,
                                    x.result, as_bytes(output), signature_checker{});
  if (verdict != receipt_check::ok)
    throw failure(exit_failed, std::string{"the answer does not hold: "} + to_string(verdict) +
                                 "; nothing was written (bad_receipt)");
  if (x.result.exit != exit_status::ok)
    throw failure(exit_failed, "the kernel did not finish: it used all " +
                                 std::to_string(x.result.units) + " units, or refused the job");
  return output;
}

void acknowledge(const customer& who, const portable_receipt& x) {
  const auto& leaf = x.held.content;
  acknowledgement said{.job = leaf.job,
                       .attempt = leaf.attempt(),
                       .validator = leaf.validator(),
                       .result = digest_of(x.result)};
  said.user = sign(who.key, acknowledgement_statement(who.net.heavy, said));
  try {
    who.api.post("/v1/jobs/" + to_hex(leaf.job) + "/acknowledgement",
                 boost::json::object{{"acknowledgement", to_hex(encode(said))}});
  } catch (const failure& why) {
    // The result is here and paid for by its leaf; the acknowledgement only shortens the wait.
    who.progress.note(std::string{"the acknowledgement did not arrive: "} + why.what());
  }
}

}  // namespace

std::uint64_t units_to_buy(const job_input& input, const job_wish& wish) {
  if (input.units > wish.units_max)
    throw failure(exit_failed, "the job needs " + std::to_string(input.units) +
                                 " units; --max-units allows " + std::to_string(wish.units_max));
  if (!input.open_ended)
    return input.units;
  if (wish.units_max == ~std::uint64_t{0})
    throw failure(exit_usage,
                  "a pipeline's later stages say what they need only as they run: "
                  "--max-units N says what you buy; its first stage needs " +
                    std::to_string(input.units));
  return wish.units_max;
}

checked_receipt fetch_receipt(const customer& who, const signed_ticket& order) {
  const auto raw = who.api.get_bytes("/v1/jobs/" + to_hex(job_id_of(order.content)) + "/receipt");
  auto content = decode_portable(as_bytes(raw));
  if (!content)
    throw failure(exit_failed, "the server's receipt does not decode (bad_receipt)");
  const auto& anchor = who.net.anchor;
  auto report =
    check_portable(who.net.start, *content, signature_checker{}, anchor ? &*anchor : nullptr);
  if (report.code != portable_check::ok)
    throw failure(exit_failed, "the receipt does not hold: " + report.reason + " (bad_receipt)");
  if (content->held.order != order || content->user != who.key.identity)
    throw failure(exit_failed, "the receipt is for another ticket (bad_receipt)");
  return {std::move(*content), std::move(report)};
}

void write_receipt(const job_wish& wish, const checked_receipt& x) {
  write_durably(wish.receipt(), receipt_text(receipt_json(x.content, x.report)));
}

finished_job run_job(const customer& who, const paired_session& session, const job_input& input,
                     const job_wish& wish) {
  check_writable(wish.output);
  check_writable(wish.receipt());
  const auto order = make_order(who, session, input, wish);
  upload(who, input);
  const auto sent_ms = unix_ms();
  tried_orders tried;
  const auto job = order_in_turn(who, session, order, input, wish, tried);
  finished_job result;
  result.round_trip_us = (unix_ms() - sent_ms) * 1'000;
  if (!shown_field(job, "latency_us").empty())
    result.latency_us = count_field(job, "latency_us");
  // An earlier attempt may have been answered after all.
  const auto answered = count_field(job, "attempt");
  if (answered >= tried.size())
    throw failure(exit_failed, "the server answers an attempt that was never ordered");
  std::tie(result.order, result.validator) = tried[answered];
  result.paper = fetch_receipt(who, result.order);
  const auto output = fetch_output(who, result.validator, result.paper);
  write_durably(wish.output, output);
  write_receipt(wish, result.paper);
  acknowledge(who, result.paper.content);
  return result;
}

}  // namespace datagen::tools

// `datagen job ask-result` and `datagen job fetch-result`: a customer whose result never came has the
// chain ask for it, and takes it out of the committee's store (protocol.md section 2, step 9).

#include "tools/datagen/durable_file.hpp"
#include "tools/datagen/json_fields.hpp"
#include "tools/datagen/signed_transaction.hpp"

#include "protocol/job/delivery.hpp"

#include <chrono>
#include <iostream>
#include <thread>

namespace datagen::tools {

using namespace protocol;

namespace {

constexpr std::chrono::seconds look_again{1};
constexpr std::uint64_t tries_max = 8;  // each asks another member of the committee

struct missing_result {
  sender_options sender;
  std::string job;
  std::uint32_t attempt = 0;
  std::string output;
  std::uint32_t timeout_s = 120;
};

bool is_silence(const api_refusal& x) { return x.reason_code == "timed_out"; }

/// Is it for a ticket that `who` signed, and for this very attempt?
bool is_own(const sender& who, const missing_result& x, const receipt& held) {
  const auto& order = held.order.content;
  return to_hex(job_id_of(order)) == x.job && order.attempt == x.attempt &&
         held.content.job == job_id_of(order) && held.content.attempt() == order.attempt &&
         signature_checker{}.check(who.account(), ticket_statement(order), held.order.user);
}

ledger::tx::not_delivered fetch_claim(const sender& who, const missing_result& x) {
  const auto target =
    "/v1/jobs/" + x.job + "/delivery-claim?attempt=" + std::to_string(x.attempt);
  for (std::uint64_t tries = 1;; ++tries) {
    try {
      const auto claim =
        decode<ledger::tx::not_delivered>(hex_field(who.api().get(target), "claim"));
      if (!claim || !is_own(who, x, claim->held))
        throw failure(exit_failed, "the server's claim is about a ticket that this account has not "
                                   "signed (bad_receipt)");
      return *claim;
    } catch (const api_refusal& why) {
      if (!is_silence(why) || tries == tries_max)
        throw;
    }
  }
}

exit_code ask_result(const missing_result& x) {
  const sender who{x.sender};
  const auto claim = fetch_claim(who, x);
  const auto& held = claim.held.content;
  const auto price = amount{uint128{held.fee} * units_per_nano_dg};
  return who.send(claim, {{"asks for", "the result of job " + x.job},
                          {"of", "validator " + std::to_string(held.validator().value) +
                                   ", or the price back: " + to_text(price)},
                          {"deposit", to_text(who.net().start.params.opening_fee) +
                                        ", the validator's if it brings the result"}});
}

/// What a member of the committee holds for this user; nothing where the one asked holds nothing.
std::optional<stored_result> ask_store(const sender& who, const missing_result& x,
                                       const box_key_pair& key) {
  const auto id = *fixed_from_hex<job_id>(x.job);
  const auto attempt = static_cast<std::uint8_t>(x.attempt);
  const auto by = sign(who.key(), result_query_statement(who.net().heavy, id, attempt, key.published));
  try {
    const auto raw = who.api().post_for_bytes("/v1/jobs/" + x.job + "/stored-result",
                                              {{"attempt", std::to_string(x.attempt)},
                                               {"to", to_hex(key.published)},
                                               {"user", to_hex(by)}});
    const byte_view answer{reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size()};
    if (answer.size() < box_public::size)
      return std::nullopt;
    box_public from;
    std::copy_n(answer.begin(), box_public::size, from.value.begin());
    return open_result(key, from, answer.subspan(box_public::size));
  } catch (const api_refusal& why) {
    if (!is_silence(why))
      throw;
    return std::nullopt;
  }
}

bool is_refunded(const sender& who, const missing_result& x) {
  const auto job = who.api().get("/v1/jobs/" + x.job);
  const auto& steps = list_field(job, "timeline");
  return std::any_of(steps.begin(), steps.end(),
                     [](const auto& step) { return shown_field(step, "step") == "refunded"; });
}

stored_result wait_for_store(const sender& who, const missing_result& x) {
  const auto key = box_key_pair::from_secret({random_digest().value});
  const auto deadline = unix_ms() + std::uint64_t{x.timeout_s} * 1'000;
  for (;;) {
    if (is_refunded(who, x))
      throw failure(exit_failed, "no result of job " + x.job + " came; its price is yours again");
    if (auto found = ask_store(who, x, key); found && is_own(who, x, found->held))
      return std::move(*found);
    if (unix_ms() >= deadline)
      throw failure(exit_inconclusive, "the committee's store gave nothing within " +
                                         std::to_string(x.timeout_s) +
                                         " s; was it asked for? (`datagen job ask-result`)");
    std::this_thread::sleep_for(look_again);
  }
}

exit_code fetch_result(const missing_result& x) {
  check_writable(x.output);
  const sender who{x.sender};
  const auto found = wait_for_store(who, x);
  const auto validators = fetch_validators(who.api(), who.net());
  const auto& validator = find_validator(validators, found.held.content.validator());
  const auto verdict = check_answer(found.held, who.account(), validator.key, found.salt,
                                    found.result, found.output, signature_checker{});
  if (verdict != receipt_check::ok)
    throw failure(exit_failed, std::string{"the stored answer does not hold: "} +
                                 to_string(verdict) + "; nothing was written (bad_receipt)");
  if (found.result.exit != exit_status::ok)
    throw failure(exit_failed, "the kernel did not finish: it used all " +
                                 std::to_string(found.result.units) + " units, or refused the job");
  write_durably(x.output, std::string{found.output.begin(), found.output.end()});
  const std::vector<std::pair<std::string, std::string>> rows{
    {"job", x.job},
    {"validator", validator.name},
    {"output", x.output},
    {"bytes", std::to_string(found.output.size())}};
  if (x.sender.json) {
    boost::json::object shown;
    for (const auto& [name, value] : rows)
      shown[name] = value;
    std::cout << shown << '\n';
  } else {
    print_table(rows);
  }
  return exit_ok;
}

CLI::App* add_part(CLI::App& job, action& run, const std::shared_ptr<missing_result>& x,
                   const char* name, const char* what, exit_code (*command)(const missing_result&)) {
  auto* part = job.add_subcommand(name, what);
  part->add_option("id", x->job, "Job id")->required()->check(check_job_id);
  part->add_option("--attempt", x->attempt, "Which of its attempts (default 0)")
    ->check(CLI::Range(0, 255));
  add_sender_options(*part, x->sender);
  part->callback([x, command, &run] { run = [x, command] { return command(*x); }; });
  return part;
}

}  // namespace

void add_missing_result(CLI::App& job, action& run) {
  add_part(job, run, std::make_shared<missing_result>(), "ask-result",
           "Have the chain ask for a paid result that never came: brought, or its price comes back",
           ask_result);
  const auto x = std::make_shared<missing_result>();
  auto* fetch = add_part(job, run, x, "fetch-result",
                         "Take such a result out of the committee's store, checked", fetch_result);
  fetch->add_option("--output", x->output, "The file to write")->required();
  fetch->add_option("--timeout", x->timeout_s, "Seconds to wait for it (default 120)")
    ->check(CLI::Range(1, 86'400));
}

}  // namespace datagen::tools

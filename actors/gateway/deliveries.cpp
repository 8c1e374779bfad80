// Results that did not come, for customers without an actor of their own (protocol.md section 2, step
// 9): what Heavy is to be told, and the result out of the committee's store, which only they can open.

#include "actors/gateway.hpp"

#include "actors/delivery_claim.hpp"
#include "actors/gateway/body_fields.hpp"
#include "actors/gateway/json_forms.hpp"
#include "actors/gateway/query.hpp"

#include "protocol/job/delivery.hpp"
#include "protocol/job/placed_leaf.hpp"

namespace datagen {

using namespace protocol;
using namespace web;

namespace {

constexpr std::uint64_t attempt_max = 255;

/// The attempt that the query names, 0 where it names none; nothing where it names no attempt.
std::optional<std::uint8_t> attempt_of(const http::request& ask) {
  const auto it = ask.query.find("attempt");
  const auto number = it == ask.query.end() ? std::optional<std::uint64_t>{0} : number_from(it->second);
  if (!number || *number > attempt_max)
    return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

std::string named(const std::pair<job_id, std::uint8_t>& leaf) {
  return "attempt " + std::to_string(leaf.second) + " of job " + to_hex(leaf.first);
}

http::response committee_silent(std::uint64_t waited_ms) {
  return problem_answer(ec::timed_out, "the Fast author that was asked said nothing that holds within " +
                                         std::to_string(waited_ms) +
                                         " ms; asked again, another one is");
}

}  // namespace

/// Asks one member, each time the next, and waits for its word or a while.
template <class Question, class Reply>
void gateway_state::ask_committee(Question question, askers<Reply>& open,
                                  std::function<void(const Reply*)> then) {
  const job_key leaf{question.job, question.attempt};
  const auto number = after(config_.query_timeout_ms, [&open, leaf, number = next_number_] {
    const auto [begin, end] = open.equal_range(leaf);
    const auto it = std::find_if(begin, end, [&](const auto& x) { return x.second.first == number; });
    const auto late = it->second.second;
    open.erase(it);
    late(nullptr);
  });
  open.emplace(leaf, std::pair{number, std::move(then)});
  const auto& members = heavy_.view().fast_authors.ids;
  config_.context.net->send(config_.self,
                            {role::fast_author, members[committee_turn_++ % members.size()]},
                            std::move(question));
}

template <class Reply>
void gateway_state::tell(askers<Reply>& open, const Reply& answer) {
  while (auto node = open.extract(job_key{answer.job, answer.attempt})) {
    deadlines_.erase(node.mapped().first);
    node.mapped().second(&answer);
  }
}

void gateway_state::hear(const v1::leaf_place& place) { tell(places_, place); }
void gateway_state::hear(const v1::result_sealed& answer) { tell(sealed_, answer); }

void gateway_state::answer_delivery_claim(const shared_exchange& ask, const std::string& text) {
  const auto id = fixed_from_hex<job_id>(text);
  const auto attempt = attempt_of(ask->ask);
  if (!id)
    return ask->answer(not_found("'" + text.substr(0, 80) + "' is no job"));
  if (!attempt)
    return ask->answer(bad_query("attempt must be a number from 0 to 255"));
  const job_key leaf{*id, *attempt};
  ask_committee<v1::leaf_place_query, v1::leaf_place>(
    {leaf.first, leaf.second}, places_, [this, ask, leaf](const v1::leaf_place* place) {
      ask->answer(place ? claim_answer(leaf, *place) : committee_silent(config_.query_timeout_ms));
    });
}

http::response gateway_state::claim_answer(const job_key& leaf, const v1::leaf_place& place) const {
  const auto* checkpoint = settled_.find(place.checkpoint);
  if (!place.held || !checkpoint)
    return problem_answer(409, "not_settled",
                          named(leaf) + " is in no settled checkpoint that is kept: nothing is paid for "
                                        "it yet");
  const auto found = find_placed(checkpoint->leaf_root, place.held->content, place.index,
                                 checkpoint->leaves, place.path);
  if (!found)  // a wrong word is as good as none: another author is asked next
    return committee_silent(config_.query_timeout_ms);
  if (!*found)
    return problem_answer(409, "not_payable", "nobody is paid for " + named(leaf));
  const auto claim = claim_delivery(*place.held, place, settled_);
  const auto epoch = std::to_string(checkpoint->claim_epoch);
  if (claim.check == claim_check::epoch_open)
    return problem_answer(409, "epoch_open",
                          "claim epoch " + epoch + " of " + named(leaf) + " is not over; ask again when it is");
  if (claim.check == claim_check::epoch_unknown)
    return problem_answer(409, "epoch_unknown",
                          "this gateway has not heard of all checkpoints of claim epoch " + epoch +
                            "; ask one that was there from its beginning");
  return json_answer(json::object{{"claim", to_hex(encode(claim.content))},
                                  {"validator", place.held->content.validator().value},
                                  {"fee_nano", place.held->content.fee}});
}

void gateway_state::post_stored_result(const shared_exchange& ask, const std::string& text) {
  const auto id = fixed_from_hex<job_id>(text);
  const auto* job = id ? models_.jobs.find(*id) : nullptr;
  if (!job)
    return ask->answer(not_found("no job '" + text.substr(0, 80) + "' is known here"));
  body_fields body{*ask};
  const auto attempt = number_from(body.text("attempt"));
  const auto to = fixed_from_hex<box_public>(body.text("to"));
  const auto by = fixed_from_hex<signature>(body.text("user"));
  body.require(attempt && *attempt <= attempt_max, "\"attempt\" must be a number from 0 to 255");
  body.require(to.has_value(), "\"to\" must be the 64 hex digits of an X25519 key");
  body.require(by.has_value(), "\"user\" must be the 128 hex digits of the user's signature");
  if (!body.wrong().empty())
    return ask->answer(problem_answer(ec::malformed, body.wrong()));
  const v1::result_query question{*id, static_cast<std::uint8_t>(*attempt), *to, *by};
  const auto* session = heavy_.view().find(job->session);
  if (session && !config_.context.signatures->check(
                   session->user,
                   result_query_statement(heavy_chain_, *id, question.attempt, *to), *by))
    return ask->answer(problem_answer(ec::bad_signature, "the question is not signed by the key of session " +
                                                           std::to_string(job->session.value)));
  ask_committee<v1::result_query, v1::result_sealed>(
    question, sealed_, [this, ask](const v1::result_sealed* answer) {
      if (!answer)
        return ask->answer(committee_silent(config_.query_timeout_ms));
      auto raw = encode(answer->from);
      const auto sealed = answer->sealed.view();
      raw.insert(raw.end(), sealed.begin(), sealed.end());
      ask->answer(bytes_answer(raw));
    });
}

}  // namespace datagen

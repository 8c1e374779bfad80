// What holders may support or vote on, as a Heavy author has it.

#include "actors/gateway.hpp"

#include "actors/gateway/event_json.hpp"
#include "actors/gateway/query.hpp"

#include "protocol/ledger/governance_record.hpp"

namespace datagen {

using namespace protocol;

namespace {

web::json::object item(std::uint64_t number, const ledger::proposal_record& x, bool open) {
  using web::form;
  return {{"proposal", number},
          {"state", open ? "open" : "draft"},
          {"content", web::proposal_json(x.content)},
          {"start_ms", x.start_ms},
          {"end_ms", open ? web::json::value(x.end_ms) : web::json::value(nullptr)},
          {"pooled", form(x.pooled)},
          {"yes", form(x.yes)},
          {"no", form(x.no)}};
}

}  // namespace

void gateway_state::answer_proposals(const web::shared_exchange& ask) {
  query(v1::state_kind::proposals, {}, [this, ask](const v1::state_reply* reply) {
    const auto found =
      reply && reply->record ? decode<ledger::proposals_in_sight>(*reply->record) : std::nullopt;
    if (!found)
      return ask->answer(web::author_silent(config_.query_timeout_ms));
    web::json::array items;
    if (found->open)
      items.push_back(item(found->open->first, found->open->second, true));
    for (const auto& [number, x] : found->drafts)
      items.push_back(item(number, x, false));
    ask->answer(web::json_answer(
      {{"items", std::move(items)}, {"next", nullptr}, {"live_ms", heavy_.live_ms()}}));
  });
}

}  // namespace datagen

#pragma once
// Events of both chains as JSON objects: {"type": name in snake_case, fields…}.

#include "actors/gateway/json_forms.hpp"

#include "protocol/fast/events.hpp"

namespace datagen::web {

json::object event_json(const protocol::ledger::event& what);
json::object event_json(const protocol::fast::event& what);
json::object proposal_json(const protocol::ledger::tx::proposal_content& x);
json::object checkpoint_json(const protocol::ledger::tx::checkpoint_content& x);

}  // namespace datagen::web

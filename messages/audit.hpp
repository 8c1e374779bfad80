#pragma once
// What an audit needs off chain: drawn leaves from the Fast committee, content by digest, claims.

#include "messages/define.hpp"

#include "protocol/ledger/transactions.hpp"

namespace datagen::v1 {

/// Selector -> Fast author: leaf `index` of checkpoint `sequence` was drawn; open it.
struct leaf_query {
  std::uint64_t sequence = 0;
  std::uint32_t index = 0;
};
DATAGEN_MESSAGE(leaf_query, x.sequence, x.index)

struct leaf_reply {
  protocol::ledger::tx::open_leaf content;
};
DATAGEN_MESSAGE(leaf_reply, x.content)

/// Bytes by digest, from whoever keeps them.
struct content_query {
  protocol::digest content;
};
DATAGEN_MESSAGE(content_query, x.content)

struct content_reply {
  protocol::digest content;
  ec code = ec::ok;
  blob data;
};
DATAGEN_MESSAGE(content_reply, x.content, x.code, x.data)

/// Validator -> its Fast author: what am I owed in closed claim epochs?
struct claims_query {
  protocol::validator_id validator;
};
DATAGEN_MESSAGE(claims_query, x.validator)

struct claims_reply {
  std::vector<protocol::ledger::tx::claim> claims;
};
DATAGEN_MESSAGE(claims_reply, x.claims)

}  // namespace datagen::v1

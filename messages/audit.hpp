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

/// Whoever holds the bytes -> Fast author: a checker cannot get them, keep them for the audit.
struct input_offer {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  blob parameters;
  blob input;
};
DATAGEN_MESSAGE(input_offer, x.job, x.attempt, x.parameters, x.input)

/// Fast author -> whoever offered: they are held here, and handed out.
struct input_kept {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  std::uint32_t author = 0;  ///< Id.
  protocol::signature by;    ///< Over `ledger::stored_statement`.
};
DATAGEN_MESSAGE(input_kept, x.job, x.attempt, x.author, x.by)

/// Validator -> its Fast author, or a user -> one of them in turn: where is this leaf of mine?
struct leaf_place_query {
  protocol::job_id job;
  std::uint8_t attempt = 0;
};
DATAGEN_MESSAGE(leaf_place_query, x.job, x.attempt)

/// Its place in a settled checkpoint; sequence 0 where there is none that is kept.
struct leaf_place {
  protocol::job_id job;
  std::uint8_t attempt = 0;
  std::uint64_t checkpoint = 0;
  std::uint32_t index = 0;
  std::vector<protocol::digest> path;
  std::optional<protocol::receipt> held;  ///< As it was ordered, for whoever was given none.
};
DATAGEN_MESSAGE(leaf_place, x.job, x.attempt, x.checkpoint, x.index, x.path, x.held)

/// Validator -> its Fast author: what am I owed in closed claim epochs?
struct claims_query {
  protocol::validator_id validator;
};
DATAGEN_MESSAGE(claims_query, x.validator)

struct claims_reply {
  std::vector<protocol::ledger::tx::claim> claims;
};
DATAGEN_MESSAGE(claims_reply, x.claims)

/// Whoever watches claims, or answers for one -> Fast author: what does the closed epoch hold at this
/// index, or, without one, for this validator and session?
struct entry_query {
  std::uint64_t epoch = 0;
  std::optional<std::uint32_t> index;
  protocol::validator_id validator;
  protocol::session_id session;
};
DATAGEN_MESSAGE(entry_query, x.epoch, x.index, x.validator, x.session)

/// One entry with its path to the epoch's totals, or none.
struct entry_reply {
  std::uint64_t epoch = 0;
  std::optional<protocol::ledger::tx::claim> entry;
};
DATAGEN_MESSAGE(entry_reply, x.epoch, x.entry)

}  // namespace datagen::v1

#pragma once
// Messages that stay within one process: they carry handles, or bytes that only an owner reads.

#include "messages/define.hpp"

#include "protocol/ledger/events.hpp"
#include "protocol/ledger/transactions.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <memory>

namespace datagen::storage {
struct write_batch;
}
namespace datagen::web {
struct exchange;
}

namespace datagen::v1 {

/// Role -> its archive (request): make this durable.
struct archive_write {
  std::shared_ptr<const storage::write_batch> batch;
};

/// The batch is durable, or `code` says why it is not: then nothing of it may be promised.
struct archive_written {
  ec code = ec::ok;
  std::string reason;
};
DATAGEN_MESSAGE(archive_written, x.code, x.reason)

/// Gateway -> its archive (request): blocks of `chain` in this range of heights, newest first.
struct commits_query {
  std::uint8_t chain = 0;
  std::uint64_t height_min = 0;
  std::uint64_t height_max = 0;
  std::uint32_t limit = 50;
};
DATAGEN_MESSAGE(commits_query, x.chain, x.height_min, x.height_max, x.limit)

/// What the archive holds of them, as they were stored.
struct commits_reply {
  ec code = ec::ok;
  std::vector<protocol::bytes> blocks;
};
DATAGEN_MESSAGE(commits_reply, x.code, x.blocks)

/// Author -> its archive (request): what a `block_query` asks for; answered by a `block_answer`.
struct range_query {
  std::uint8_t chain = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};
DATAGEN_MESSAGE(range_query, x.chain, x.first, x.last)

/// Author -> its archive (request): what a `snapshot_query` asks for; answered by a `snapshot_piece`.
struct snapshot_read {
  std::uint8_t chain = 0;
  /// Set where the chain itself says who serves (Heavy): the proof then leads on from `epoch`.
  std::optional<protocol::chain_id> hands_over;
  std::uint32_t epoch = 0;
  std::uint64_t height = 0;
  std::uint64_t offset = 0;
};
DATAGEN_MESSAGE(snapshot_read, x.chain, x.hands_over, x.epoch, x.height, x.offset)

/// Heavy author -> its archive (request): certified events above `height` that its memory no longer
/// holds.
struct feed_query {
  std::uint64_t height = 0;
};
DATAGEN_MESSAGE(feed_query, x.height)

struct feed_reply {
  ec code = ec::ok;
  std::optional<protocol::ledger::certified_events> news;  ///< None where nothing more is certified.
};
DATAGEN_MESSAGE(feed_reply, x.code, x.news)

/// Author -> its archive (request): vertices of an epoch above a round.
struct epoch_query {
  std::uint8_t chain = 0;
  std::uint32_t epoch = 0;
  std::uint32_t floor = 0;
};
DATAGEN_MESSAGE(epoch_query, x.chain, x.epoch, x.floor)

struct epoch_reply {
  ec code = ec::ok;
  std::vector<protocol::bytes> vertices;  ///< Canonical.
};
DATAGEN_MESSAGE(epoch_reply, x.code, x.vertices)

/// Author -> its archive (request): the newest snapshot at or below `height`, the blocks from there
/// up to it, and the own vertices of blocks above it, which are void.
struct rewind_query {
  std::uint8_t chain = 0;
  std::uint64_t height = 0;
};
DATAGEN_MESSAGE(rewind_query, x.chain, x.height)

/// A block as the archive keeps it, with its vertices in order.
struct kept_block {
  protocol::bytes block;
  std::vector<protocol::bytes> vertices;
};
template <class Archive>
void describe(Archive& ar, kept_block& x) {
  ar(x.block, x.vertices);
}

struct rewind_reply {
  ec code = ec::ok;
  std::optional<protocol::bytes> snapshot;  ///< None: from genesis.
  std::vector<kept_block> blocks;           ///< Above the snapshot, heights ascend.
  std::vector<protocol::bytes> void_own;    ///< Canonical vertices.
};
DATAGEN_MESSAGE(rewind_reply, x.code, x.snapshot, x.blocks, x.void_own)

/// Bridge -> gateway: one HTTP request, and where its answer goes.
struct web_request {
  std::shared_ptr<web::exchange> what;
};

/// Wake-up that a role sent to itself; `what` is the role's own numbering.
struct alarm {
  std::uint32_t what = 0;
  std::uint64_t subject = 0;
};
DATAGEN_MESSAGE(alarm, x.what, x.subject)

/// A user's program -> user: what it wants done.
struct session_wish {
  protocol::ledger::tx::pairing_mode mode = protocol::ledger::tx::pairing_mode::latency;
  std::uint64_t bid = 0;      ///< 10^-9 DG per 1,000 units.
  protocol::amount escrow;
};
DATAGEN_MESSAGE(session_wish, x.mode, x.bid, x.escrow)

/// A user's program -> user: time the validators again, at the session's expense (R13).
struct echo_wish {
  std::uint8_t reserved = 0;
};
DATAGEN_MESSAGE(echo_wish, x.reserved)

/// What an Echo showed: one line per validator, fastest first.
struct echo_line {
  protocol::validator_id validator;
  std::uint64_t round_trip_us = 0;
  bool answered = false;
  bool correct = false;
};
DATAGEN_MESSAGE(echo_line, x.validator, x.round_trip_us, x.answered, x.correct)

/// The session is open and paired.
struct session_ready {
  ec code = ec::ok;
  std::string reason;
  protocol::session_id session;
  protocol::validator_id validator;
  std::vector<echo_line> echo;
};
DATAGEN_MESSAGE(session_ready, x.code, x.reason, x.session, x.validator, x.echo)

/// One job in the user's own words.
struct job_wish {
  protocol::kernel_ref kernel;
  std::string parameters;     ///< Canonical: sorted key=value lines, '\n' between them.
  blob input;
  std::uint64_t units_max = 0;
  std::uint64_t declared_value = 0;  ///< 10^-9 DG.
  std::uint8_t flags = 0;            ///< `protocol::ticket_flag` bits.
};
DATAGEN_MESSAGE(job_wish, x.kernel, x.parameters, x.input, x.units_max, x.declared_value, x.flags)

/// How it ended: with a receipt that holds, or with a code and a sentence.
struct job_outcome {
  ec code = ec::ok;
  std::string reason;
  protocol::receipt receipt;
  protocol::digest salt;
  protocol::result_header result;
  blob output;
  std::uint64_t latency_us = 0;  ///< From the signed ticket to the checked result.
  bool canary = false;  ///< As agreed: `result` is right, the leaf holds another, and it costs nothing.
};
DATAGEN_MESSAGE(job_outcome, x.code, x.reason, x.receipt, x.salt, x.result, x.output, x.latency_us,
                x.canary)

}  // namespace datagen::v1

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(datagen::v1::archive_write)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(datagen::v1::web_request)

#pragma once
// Every actor of Datagen, one sentence per handler: the map of the system. What crosses the
// transport seam names its sender first.

#include "messages/audit.hpp"
#include "messages/canary.hpp"
#include "messages/chain.hpp"
#include "messages/delivery.hpp"
#include "messages/echo.hpp"
#include "messages/local.hpp"
#include "messages/pool.hpp"
#include "messages/process.hpp"
#include "messages/work.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace datagen {

/// Shares the devices of this host among jobs, most urgent first; local or on another host of the
/// operator.
using kernel_worker_actor = caf::typed_actor<
  // Runs one job and answers with output and units, or with the reason it was refused.
  caf::replies_to<v1::kernel_run>::with<v1::kernel_done>,
  // Stops a job that nobody needs any more.
  caf::reacts_to<v1::kernel_cancel>,
  // How much waits, and which devices compute.
  caf::replies_to<v1::kernel_status_query>::with<v1::kernel_status>>;

/// Runs one job at a time on one device; blocks, so it is spawned detached.
using kernel_lane_actor = caf::typed_actor<
  // Runs one job.
  caf::replies_to<v1::kernel_run>::with<v1::kernel_done>,
  // Computes every known answer of its device.
  caf::replies_to<v1::kernel_test>::with<v1::kernel_tested>>;

/// Owns the database of one identity; blocks, so it is spawned detached.
using archive_actor = caf::typed_actor<
  // Makes a batch durable together with everything else that is waiting: one fsync for all.
  caf::replies_to<v1::archive_write>::with<v1::archive_written>,
  // Reads older blocks for a history page.
  caf::replies_to<v1::commits_query>::with<v1::commits_reply>,
  // Reads content by its digest.
  caf::replies_to<v1::content_query>::with<v1::content_reply>,
  // Reads a stretch of the chain for an author that is behind.
  caf::replies_to<v1::range_query>::with<v1::block_answer>,
  // Reads a piece of a stored state for an author that is further behind.
  caf::replies_to<v1::snapshot_read>::with<v1::snapshot_piece>,
  // Reads certified events for a follower that is far behind.
  caf::replies_to<v1::feed_query>::with<v1::feed_reply>,
  // Reads an epoch's vertices for its engine.
  caf::replies_to<v1::epoch_query>::with<v1::epoch_reply>,
  // Reads what leads back to an earlier block.
  caf::replies_to<v1::rewind_query>::with<v1::rewind_reply>,
  // Writes what has gathered.
  caf::reacts_to<v1::alarm>>;

/// A user of the network: opens sessions, signs tickets, checks every answer, trusts nobody.
using user_actor = caf::typed_actor<
  // Opens a session, runs an Echo, and answers once a validator is paired.
  caf::replies_to<v1::session_wish>::with<v1::session_ready>,
  // Agrees to be an end user of a pool, whose session it then uses like its own.
  caf::replies_to<v1::pool_offer>::with<v1::pool_consent>,
  // Pays for the session of another key, and answers once the chain has opened it.
  caf::replies_to<v1::delegation_wish>::with<v1::session_ready>,
  // Pays for another Echo, runs it, and answers with the pairing that follows.
  caf::replies_to<v1::echo_wish>::with<v1::session_ready>,
  // Runs one job with the paired validator and answers with the checked result.
  caf::replies_to<v1::job_wish>::with<v1::job_outcome>,
  // Times a validator's Echo answer at this edge.
  caf::reacts_to<peer, v1::echo_reply>,
  // Checks result, salt and receipt, acknowledges, answers the wish.
  caf::reacts_to<peer, v1::job_reply>,
  // Passes a refusal on, unless a stand-in may take the job.
  caf::reacts_to<peer, v1::job_refused>,
  // Somebody is at work on its job.
  caf::reacts_to<peer, v1::job_working>,
  // Its validator asks it to agree to a canary.
  caf::reacts_to<peer, v1::canary_proposal>,
  // Learns pairings and audits of its own jobs; gives evidence when asked.
  caf::reacts_to<peer, v1::heavy_news>,
  // Or starts from a whole state of it, where nobody tells the way there.
  caf::reacts_to<peer, v1::snapshot_piece>,
  // Learns what became of its own transactions.
  caf::reacts_to<peer, v1::transaction_done>,
  // A Fast author holds the input of its job that a checker could not get.
  caf::reacts_to<peer, v1::input_kept>,
  // What a closed epoch counts for one of its validators.
  caf::reacts_to<peer, v1::entry_reply>,
  // Where the leaf of its job was ordered.
  caf::reacts_to<peer, v1::leaf_place>,
  // A result that did not come, out of the committee's store.
  caf::reacts_to<peer, v1::result_sealed>,
  // A deadline passed.
  caf::reacts_to<v1::alarm>>;

/// The off-chain edge: fans Echo out, forwards jobs, keeps inputs until no audit can ask for them.
using router_actor = caf::typed_actor<
  // Sends the package to every active validator.
  caf::reacts_to<peer, v1::echo_package>,
  // Returns a validator's answer to the user whose Echo it is.
  caf::reacts_to<peer, v1::echo_reply>,
  // Keeps input and parameters, forwards the job to the validator of its ticket.
  caf::reacts_to<peer, v1::job_request>,
  // Returns the result to whoever asked.
  caf::reacts_to<peer, v1::job_reply>,
  // Likewise a refusal.
  caf::reacts_to<peer, v1::job_refused>,
  // Asks a validator whether it works on a job, and passes its yes on.
  caf::reacts_to<peer, v1::job_probe>,
  caf::reacts_to<peer, v1::job_working>,
  // Passes what user and validator say about a canary on.
  caf::reacts_to<peer, v1::canary_offer>,
  caf::reacts_to<peer, v1::canary_proposal>,
  caf::reacts_to<peer, v1::canary_consent>,
  // Passes the acknowledgement to the validator and keeps it as evidence.
  caf::reacts_to<peer, v1::job_acknowledged>,
  // Serves inputs and parameters by digest to checkers.
  caf::reacts_to<peer, v1::content_query>,
  // A Fast author holds an input that a checker could not get.
  caf::reacts_to<peer, v1::input_kept>,
  // Learns who the validators are and what can be forgotten.
  caf::reacts_to<peer, v1::heavy_news>,
  // Or starts from a whole state of it, where nobody tells the way there.
  caf::reacts_to<peer, v1::snapshot_piece>,
  // Learns which leaves were ordered: what validators have at risk.
  caf::reacts_to<peer, v1::block_news>,
  // Housekeeping.
  caf::reacts_to<v1::alarm>>;

/// The paired validator: answers Echo, runs jobs, returns result and receipt, commits leaves.
using validator_actor = caf::typed_actor<
  // Answers an Echo through the kernel worker, signed.
  caf::reacts_to<peer, v1::echo_package>,
  // Checks ticket, lane, digests and limits, computes, stores the receipt, answers at once.
  caf::reacts_to<peer, v1::job_request>,
  // Says that it is at work on a job, or gives the answer once more.
  caf::reacts_to<peer, v1::job_probe>,
  // The user confirms what it received.
  caf::reacts_to<peer, v1::job_acknowledged>,
  // A user's job may be made a canary.
  caf::reacts_to<peer, v1::canary_offer>,
  // The user agrees to one: it is registered, and its answer goes out.
  caf::reacts_to<peer, v1::canary_consent>,
  // Serves inputs and parameters by digest to checkers.
  caf::reacts_to<peer, v1::content_query>,
  // A Fast author holds an input that a checker could not get.
  caf::reacts_to<peer, v1::input_kept>,
  // A Fast author holds a result that a user did not get.
  caf::reacts_to<peer, v1::result_kept>,
  // Where a leaf is that somebody asks for.
  caf::reacts_to<peer, v1::leaf_place>,
  // Follows sessions, pairings, audits and its own standing.
  caf::reacts_to<peer, v1::heavy_news>,
  // Or starts from a whole state of it, where nobody tells the way there.
  caf::reacts_to<peer, v1::snapshot_piece>,
  // Learns where its leaves were ordered.
  caf::reacts_to<peer, v1::block_news>,
  // An entry of a closed epoch, of which somebody asks for a job.
  caf::reacts_to<peer, v1::entry_reply>,
  // Brings what a closed epoch owes it to the Heavy Chain.
  caf::reacts_to<peer, v1::claims_reply>,
  // Resubmits leaves that are not settled.
  caf::reacts_to<v1::alarm>>;

/// The same validators in their second role: recompute drawn jobs, commit, reveal.
using cross_checker_actor = caf::typed_actor<
  // Starts, reveals or forgets checks as Heavy decides.
  caf::reacts_to<peer, v1::heavy_news>,
  // Or starts from a whole state of it, where nobody tells the way there.
  caf::reacts_to<peer, v1::snapshot_piece>,
  // Bytes of a job under check; wrong bytes are refused by digest.
  caf::reacts_to<peer, v1::content_reply>,
  // Asks again, elsewhere.
  caf::reacts_to<v1::alarm>>;

/// The Heavy Chain's audit engine: brings drawn leaves to the chain, where draws and verdicts are
/// rules that every author executes alike.
using selector_actor = caf::typed_actor<
  // Learns which leaves were drawn, and which are opened.
  caf::reacts_to<peer, v1::heavy_news>,
  // Or starts from a whole state of it, where nobody tells the way there.
  caf::reacts_to<peer, v1::snapshot_piece>,
  // A drawn leaf with its proof.
  caf::reacts_to<peer, v1::leaf_reply>,
  // Asks another Fast author.
  caf::reacts_to<v1::alarm>>;

/// One chain's author: consensus, mempool, execution, certificates.
using block_author_actor = caf::typed_actor<
  // A peer's new vertex.
  caf::reacts_to<peer, v1::vertex_gossip>,
  // A peer misses vertices.
  caf::reacts_to<peer, v1::vertex_query>,
  caf::reacts_to<peer, v1::vertices_since_query>,
  // Vertices this author missed.
  caf::reacts_to<peer, v1::vertices_reply>,
  // An author that is behind asks for blocks.
  caf::reacts_to<peer, v1::block_query>,
  // Blocks this author missed, or how far a peer is.
  caf::reacts_to<peer, v1::block_answer>,
  // An author for which nobody keeps blocks any more asks for the state; a piece of it.
  caf::reacts_to<peer, v1::snapshot_query>,
  caf::reacts_to<peer, v1::snapshot_piece>,
  // A ceremony's other members: their keys, a share, an acknowledgement.
  caf::reacts_to<peer, v1::ceremony_key>,
  caf::reacts_to<peer, v1::ceremony_share>,
  caf::reacts_to<peer, v1::ceremony_ack>,
  // A transaction for the mempool.
  caf::reacts_to<peer, v1::submit_transaction>,
  // Someone wants certified Heavy events (Heavy authors only).
  caf::reacts_to<peer, v1::follow_heavy>,
  // Certified Heavy events for the Fast Chain's mempool (Fast authors only).
  caf::reacts_to<peer, v1::heavy_news>,
  // Someone wants executed blocks.
  caf::reacts_to<peer, v1::follow_blocks>,
  // A record of the state is asked for (Heavy authors only).
  caf::reacts_to<peer, v1::state_query>,
  // A drawn leaf is asked for (Fast authors only).
  caf::reacts_to<peer, v1::leaf_query>,
  // The input of a job under audit, for the committee's store (Fast authors only).
  caf::reacts_to<peer, v1::input_offer>,
  // A checker asks the store (Fast authors only).
  caf::reacts_to<peer, v1::content_query>,
  // A result that did not come, for the store, and its user, who asks for it (Fast authors only).
  caf::reacts_to<peer, v1::result_offer>,
  caf::reacts_to<peer, v1::result_query>,
  // A validator asks where its leaf is (Fast authors only).
  caf::reacts_to<peer, v1::leaf_place_query>,
  // A validator asks what it is owed (Fast authors only).
  caf::reacts_to<peer, v1::claims_query>,
  // Somebody asks for an entry of a closed epoch (Fast authors only).
  caf::reacts_to<peer, v1::entry_query>,
  // Time passed.
  caf::reacts_to<v1::alarm>>;

/// Where messages of the operator's other processes come in.
using process_gate_actor = caf::typed_actor<
  // Hands every parcel to its role here, and answers so that the sender may send more.
  caf::replies_to<v1::parcel_batch>::with<v1::parcels_delivered>>;

/// The HTTP API: read models of both chains, and an edge through which users without an actor of
/// their own reach the network. Holds no user key.
using gateway_actor = caf::typed_actor<
  // One HTTP request; its answer goes to the responder that came with it.
  caf::reacts_to<v1::web_request>,
  // Follows the settled Heavy Chain: who serves, which sessions are open.
  caf::reacts_to<peer, v1::heavy_news>,
  // Or starts from a whole state of it, where nobody tells the way there.
  caf::reacts_to<peer, v1::snapshot_piece>,
  // A block of either chain, for pages and timelines.
  caf::reacts_to<peer, v1::block_news>,
  // A quorum stands behind a block.
  caf::reacts_to<peer, v1::block_certified>,
  // An author is there, though its chain stands still.
  caf::reacts_to<peer, v1::block_answer>,
  // Times a validator's Echo answer at this edge.
  caf::reacts_to<peer, v1::echo_reply>,
  // The result of a job that came through here.
  caf::reacts_to<peer, v1::job_reply>,
  // Or why there is none.
  caf::reacts_to<peer, v1::job_refused>,
  // Somebody is at work on a job that came through here.
  caf::reacts_to<peer, v1::job_working>,
  // What became of a transaction that came through here.
  caf::reacts_to<peer, v1::transaction_done>,
  // A record of Heavy's state that was asked for.
  caf::reacts_to<peer, v1::state_reply>,
  // Where the leaf of a job is whose result its user misses.
  caf::reacts_to<peer, v1::leaf_place>,
  // That result out of the committee's store, for its user only.
  caf::reacts_to<peer, v1::result_sealed>,
  // A deadline passed.
  caf::reacts_to<v1::alarm>>;

}  // namespace datagen

#include "messages/register.hpp"

#include "messages/interfaces.hpp"

namespace datagen {

void add_messages(caf::actor_system_config& config) {
  config.add_message_type<peer>("datagen::peer")
    .add_message_type<v1::job_request>("datagen::v1::job_request")
    .add_message_type<v1::job_reply>("datagen::v1::job_reply")
    .add_message_type<v1::job_refused>("datagen::v1::job_refused")
    .add_message_type<v1::job_acknowledged>("datagen::v1::job_acknowledged")
    .add_message_type<v1::kernel_run>("datagen::v1::kernel_run")
    .add_message_type<v1::kernel_done>("datagen::v1::kernel_done")
    .add_message_type<v1::echo_package>("datagen::v1::echo_package")
    .add_message_type<v1::echo_reply>("datagen::v1::echo_reply")
    .add_message_type<v1::vertex_gossip>("datagen::v1::vertex_gossip")
    .add_message_type<v1::vertex_query>("datagen::v1::vertex_query")
    .add_message_type<v1::vertices_since_query>("datagen::v1::vertices_since_query")
    .add_message_type<v1::vertices_reply>("datagen::v1::vertices_reply")
    .add_message_type<v1::submit_transaction>("datagen::v1::submit_transaction")
    .add_message_type<v1::transaction_done>("datagen::v1::transaction_done")
    .add_message_type<v1::follow_heavy>("datagen::v1::follow_heavy")
    .add_message_type<v1::heavy_news>("datagen::v1::heavy_news")
    .add_message_type<v1::follow_blocks>("datagen::v1::follow_blocks")
    .add_message_type<v1::block_news>("datagen::v1::block_news")
    .add_message_type<v1::state_query>("datagen::v1::state_query")
    .add_message_type<v1::state_reply>("datagen::v1::state_reply")
    .add_message_type<v1::block_certified>("datagen::v1::block_certified")
    .add_message_type<v1::leaf_query>("datagen::v1::leaf_query")
    .add_message_type<v1::leaf_reply>("datagen::v1::leaf_reply")
    .add_message_type<v1::content_query>("datagen::v1::content_query")
    .add_message_type<v1::content_reply>("datagen::v1::content_reply")
    .add_message_type<v1::claims_query>("datagen::v1::claims_query")
    .add_message_type<v1::claims_reply>("datagen::v1::claims_reply")
    .add_message_type<v1::block_query>("datagen::v1::block_query")
    .add_message_type<v1::block_answer>("datagen::v1::block_answer")
    .add_message_type<v1::ceremony_key>("datagen::v1::ceremony_key")
    .add_message_type<v1::ceremony_share>("datagen::v1::ceremony_share")
    .add_message_type<v1::ceremony_ack>("datagen::v1::ceremony_ack")
    .add_message_type<v1::range_query>("datagen::v1::range_query")
    .add_message_type<v1::epoch_query>("datagen::v1::epoch_query")
    .add_message_type<v1::epoch_reply>("datagen::v1::epoch_reply")
    .add_message_type<v1::rewind_query>("datagen::v1::rewind_query")
    .add_message_type<v1::rewind_reply>("datagen::v1::rewind_reply")
    .add_message_type<v1::archive_written>("datagen::v1::archive_written")
    .add_message_type<v1::commits_query>("datagen::v1::commits_query")
    .add_message_type<v1::commits_reply>("datagen::v1::commits_reply")
    .add_message_type<v1::alarm>("datagen::v1::alarm")
    .add_message_type<v1::session_wish>("datagen::v1::session_wish")
    .add_message_type<v1::session_ready>("datagen::v1::session_ready")
    .add_message_type<v1::job_wish>("datagen::v1::job_wish")
    .add_message_type<v1::job_outcome>("datagen::v1::job_outcome")
    .add_message_type<v1::parcel_batch>("datagen::v1::parcel_batch")
    .add_message_type<v1::parcels_delivered>("datagen::v1::parcels_delivered");
}

}  // namespace datagen

#pragma once
// What a Heavy author's archive tells followers that are further behind than the author's memory
// reaches: the same news as `heavy_feed` would give, read from blocks and certificates.

#include "messages/local.hpp"

#include "actors/storage/store.hpp"

namespace datagen {

/// Heavy's certified events above `query.height`: about `news_blocks_max` blocks, never beyond the
/// end of an epoch, nothing where no certificate covers a block above it. Costs the blocks up to the
/// certificate that it ends with, in memory no more than the news and a page of rows.
/// @pre the archive holds every block above `query.height`
v1::feed_reply serve(storage::store& store, const v1::feed_query& query);

}  // namespace datagen

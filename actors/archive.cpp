#include "actors/archive.hpp"

#include "actors/chain/block_server.hpp"
#include "actors/chain/feed_server.hpp"

namespace datagen {

namespace {

constexpr std::size_t gathered_max = 512;  ///< Requests per fsync: bounds the wait of the first.

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void gather(storage::write_batch& to, const storage::write_batch& from) {
  append(to.cuts, from.cuts);
  append(to.vertices, from.vertices);
  append(to.commits, from.commits);
  append(to.certificates, from.certificates);
  append(to.snapshots, from.snapshots);
  append(to.receipts, from.receipts);
  append(to.records, from.records);
  append(to.dropped_blobs, from.dropped_blobs);
  append(to.blobs, from.blobs);
  append(to.events, from.events);
  append(to.prunes, from.prunes);
  if (from.expire_blobs_at_ms)
    to.expire_blobs_at_ms = from.expire_blobs_at_ms;
}

void flush(archive_state& state) {
  if (state.waiting.empty())
    return;
  const auto written = state.store->commit(state.gathered);
  v1::archive_written answer;
  if (!written)
    answer = {ec::storage_failed, written.error().sentence};
  for (auto& promise : state.waiting)
    promise.deliver(answer);
  state.waiting.clear();
  state.gathered = {};
}

v1::commits_reply read(storage::store& store, const v1::commits_query& query) {
  const auto found = store.commits({.chain = query.chain,
                                    .height_min = query.height_min,
                                    .height_max = query.height_max,
                                    .limit = query.limit});
  if (!found)
    return {.code = ec::storage_failed};
  v1::commits_reply reply;
  for (const auto& x : *found)
    reply.blocks.push_back(x.block);
  return reply;
}

v1::content_reply read(storage::store& store, const v1::content_query& query) {
  auto found = store.blob(query.content);
  if (!found)
    return {.content = query.content, .code = ec::storage_failed};
  if (!*found)
    return {.content = query.content, .code = ec::unknown_content};
  return {.content = query.content, .data = blob{std::move((*found)->body)}};
}

}  // namespace

archive_actor::behavior_type archive(archive_actor::stateful_pointer<archive_state> self,
                                     std::shared_ptr<storage::store> store,
                                     std::chrono::microseconds commit_takes) {
  self->state.store = std::move(store);
  self->state.commit_takes = commit_takes;
  self->set_exit_handler([self](const caf::exit_msg& x) {
    flush(self->state);  // what was gathered is not lost on a planned stop
    self->quit(x.reason);
  });
  return {
    [self](const v1::archive_write& request) {
      auto& state = self->state;
      auto promise = self->make_response_promise<v1::archive_written>();
      if (!request.batch->cuts.empty())
        flush(state);  // a cut concerns what was written before it, not what follows
      // The wake-up goes behind everything already in the mailbox: that is the group.
      if (state.waiting.empty() && state.commit_takes.count() == 0)
        self->send(self, v1::alarm{});
      else if (state.waiting.empty())
        self->delayed_send(self, state.commit_takes, v1::alarm{});
      gather(state.gathered, *request.batch);
      state.waiting.push_back(promise);
      if (state.waiting.size() >= gathered_max)
        flush(state);
      return promise;
    },
    [self](const v1::commits_query& query) { return read(*self->state.store, query); },
    [self](const v1::content_query& query) { return read(*self->state.store, query); },
    [self](const v1::range_query& query) { return serve(*self->state.store, query); },
    [self](const v1::snapshot_read& query) {
      return self->state.snapshots.serve(*self->state.store, query);
    },
    [self](const v1::feed_query& query) {
      flush(self->state);  // what left the author's memory may have been gathered only
      return serve(*self->state.store, query);
    },
    [self](const v1::epoch_query& query) {
      flush(self->state);  // an engine must find its last own vertex
      return serve(*self->state.store, query);
    },
    [self](const v1::rewind_query& query) {
      flush(self->state);
      return serve(*self->state.store, query);
    },
    [self](const v1::alarm&) { flush(self->state); },
  };
}

}  // namespace datagen

#include "actors/gateway.hpp"

#include "actors/gateway/event_json.hpp"
#include "actors/gateway/views.hpp"
#include "actors/storage/rows.hpp"

namespace datagen {

using namespace protocol;
using web::chain_kind;

namespace {

constexpr std::uint64_t tick_ms = 250;
constexpr std::uint64_t first_retry_ms = 500;  ///< Until an author has answered at all.

std::uint8_t chain_number(chain_kind x) { return static_cast<std::uint8_t>(x); }

}  // namespace

void gateway_state::start(gateway_config config) {
  config_ = std::move(config);
  const auto& origin = *config_.context.chain;
  heavy_chain_ = heavy_chain_id(origin);
  committees_ = web::committee_book{origin};
  heavy_health_ = web::chain_health{origin.params.heavy.idle_ms};
  fast_health_ = web::chain_health{origin.params.fast.idle_ms};
  models_ = web::read_models{config_.models};
  for (std::uint32_t i = 0; i < origin.validators.size(); ++i) {  // no event announces these
    const auto& x = origin.validators[i];
    models_.validators.take(0, ledger::happened::validator_admitted{{i}, x.key, x.operator_id,
                                                                    x.stake, x.ask, x.name});
  }
  nonces_.emplace(config_.nonces_max);
  inputs_.emplace(config_.inputs_bytes_max);
  outputs_.emplace(config_.outputs_bytes_max);
  next_sequence_ = config_.context.net->now().unix_ms;
  if (config_.memory)
    restore(*config_.memory);
  config_.memory.reset();
  heavy_ = heavy_follower{config_.self, config_.context};
  ask_for_blocks(chain_kind::heavy);
  ask_for_blocks(chain_kind::fast);
  wake({tick, 0});
}

// Following both chains --------------------------------------------------------------------------------

chain_kind gateway_state::chain_certified_by(const consensus::certificate& proof) const {
  return proof.statement.chain == heavy_chain_ ? chain_kind::heavy : chain_kind::fast;
}

peer gateway_state::author(chain_kind x) const {
  const auto& follow = x == chain_kind::heavy ? heavy_follow_ : fast_follow_;
  const auto& ids = committees_.newest(x).members.ids;
  return {x == chain_kind::heavy ? role::heavy_author : role::fast_author,
          ids[follow.author % ids.size()]};
}

void gateway_state::ask_for_blocks(chain_kind x) {
  follow_of(x).heard_ms = config_.context.net->now().monotonic_ms;
  config_.context.net->send(config_.self, author(x), v1::follow_blocks{models_.of(x).height(), true});
}

void gateway_state::check_silence(chain_kind x) {
  auto& follow = follow_of(x);
  const auto silent_ms = config_.context.net->now().monotonic_ms - follow.heard_ms;
  if (silent_ms >= config_.silence_ms) {
    ++follow.author;
    ask_for_blocks(x);
  } else if (models_.of(x).height() == 0 && silent_ms >= first_retry_ms) {
    config_.context.net->send(config_.self, author(x), v1::follow_blocks{0, true});
  }
}

void gateway_state::hear(const v1::heavy_news& news) {
  const auto& position = heavy_.view().position;
  const auto feed_before = position.feed;
  const auto epoch_before = position.authors.epoch;
  auto fresh = heavy_.take(news);
  for (const auto& block : fresh)
    for (const auto& what : block.events) {
      settled_.hear(what);
      if (const auto* x = std::get_if<ledger::happened::session_opened>(&what))
        sessions_of_[x->user].insert(x->session);
    }
  const auto& [blocks, proof, sections, path, next] = news.content;
  collect(feed_before, {std::move(fresh), proof, sections, path, next});
  if (position.authors.epoch != epoch_before)
    take(consensus::hand_over{proof, position.authors});
}

/// From a whole state, what is proven by events alone stays unproven: receipts of the present Fast
/// committee say so.
void gateway_state::hear(const peer& from, const v1::snapshot_piece& piece) {
  const auto open = heavy_.take(from, piece);
  if (open.empty())
    return;
  for (const auto& x : heavy_.passed())
    take(x);
  const auto& now = heavy_.view();
  if (committees_.take(now.fast_authors, now.fast_began))
    committee_is_known(chain_kind::fast);
  for (const auto& block : open)
    for (const auto& what : block.events) {
      settled_.hear(what);
      committees_.take(block.height, what);
    }
  for (const auto& [id, session] : now.sessions)
    sessions_of_[session.user].insert(id);
}

/// Missing blocks are asked for once. Is a block above them the first of all that the author still
/// has? What it had sent before it heard the question goes on upwards; its answer begins lower again.
bool gateway_state::is_rest(chain_kind x, const peer& from, std::uint64_t height) {
  auto& follow = follow_of(x);
  const auto known = models_.of(x).height();
  const auto now = config_.context.net->now().monotonic_ms;
  const bool asked_here = from == author(x);  // authors that were left go on telling
  if (follow.gap_asked != known) {
    follow.gap_asked = known;
    follow.gap_asked_ms = now;
    follow.gap_seen = asked_here ? height : 0;
    ask_for_blocks(x);
    return false;
  }
  if (!asked_here)
    return false;
  const auto answered = height <= follow.gap_seen;
  follow.gap_seen = std::max(follow.gap_seen, height);
  return answered || now >= follow.gap_asked_ms + config_.query_timeout_ms;
}

void gateway_state::hear(const peer& from, const v1::block_news& news) {
  if (from.kind != role::heavy_author && from.kind != role::fast_author)
    return;
  const auto x = from.kind == role::heavy_author ? chain_kind::heavy : chain_kind::fast;
  auto& follow = follow_of(x);
  const auto now = config_.context.net->now().monotonic_ms;
  if (from == author(x))
    follow.heard_ms = now;
  if (models_.of(x).starts_over(news))
    cut(x, news.height);
  if (news.height > models_.of(x).height() + 1 && !is_rest(x, from, news.height))
    return;
  const auto change = models_.take(x, news);
  if (!change.block)
    return;
  health_of(x).block(news.timestamp_ms, news.authors, now);
  if (x == chain_kind::fast)
    proofs_.take(news);
  if (config_.archive)
    gathered_->commits.push_back({.chain = chain_number(x),
                                  .height = news.height,
                                  .id = news.block,
                                  .block = encode(news),
                                  .state_root = news.state_root,
                                  .time_ms = news.timestamp_ms});
  announce(x, change);
}

void gateway_state::announce(chain_kind x, const web::read_models::change& what) {
  const auto& news = what.block->news;
  publish(to_string(x), "block", block_item(x, news, models_));
  for (const auto* audit : what.audits)
    publish("audits", "audit", audit_item(*audit));
  for (const auto& id : what.jobs)
    job_changed(id);
}

void gateway_state::publish(const char* topic, const char* type, web::json::object fields) {
  if (!config_.events)
    return;
  fields["type"] = type;
  config_.events->publish(topic, next_sequence_++, web::json::serialize(fields));
}

void gateway_state::job_changed(const job_id& id) {
  const auto* job = models_.jobs.find(id);
  if (!job)
    return;
  publish("jobs", "job", job_item(*job));
  for (auto it = waits_.begin(); it != waits_.end();) {
    if (it->second.job != id || it->second.seen == to_string(job->state)) {
      ++it;
      continue;
    }
    it->second.ask->answer(web::json_answer(job_detail(*job)));
    deadlines_.erase(it->first);
    it = waits_.erase(it);
  }
}

void gateway_state::hear(const v1::block_certified& news) {
  const auto& statement = news.proof.statement;
  const auto x = chain_certified_by(news.proof);
  auto& index = models_.of(x);
  const auto* members = committees_.find(x, statement.epoch);
  if (!members) {
    early_.push_back(news.proof);
    if (early_.size() > config_.early_certificates_max)
      early_.pop_front();
    return;
  }
  if (statement.height <= index.certified_height() ||
      statement.epoch != committees_.epoch_at(x, statement.height) ||
      check(news.proof, *members, *config_.context.signatures) != consensus::certificate_check::ok)
    return;
  switch (index.certify(news.proof)) {
    case web::chain_index::certified::unknown: return;
    case web::chain_index::certified::diverged: ++diverged_; return;
    case web::chain_index::certified::yes: break;
  }
  if (config_.archive)
    gathered_->certificates.push_back({chain_number(x), statement.height, encode(news.proof)});
  const auto now = config_.context.net->now().unix_ms;
  const auto then = index.at(statement.height)->news.timestamp_ms;
  if (x == chain_kind::fast) {
    models_.finality_ms.add(now > then ? now - then : 0);
    place_leaves(news.proof);
    for (const auto& id : models_.jobs.certify(statement.height, now))
      job_changed(id);
  }
  publish(to_string(x), "certified",
          {{"height", statement.height}, {"digest", web::form(statement.block)}});
}

// Time, authors and the archive --------------------------------------------------------------------------

std::uint64_t gateway_state::after(std::uint64_t ms, std::function<void()> what) {
  const auto number = next_number_++;
  deadlines_.emplace(number, std::move(what));
  self_->delayed_send(self_, std::chrono::milliseconds{ms}, v1::alarm{deadline, number});
  return number;
}

void gateway_state::query(v1::state_kind kind, bytes key,
                          std::function<void(const v1::state_reply*)> then) {
  const auto number = after(config_.query_timeout_ms, [this, request = next_number_] {
    if (auto node = queries_.extract(request))
      node.mapped()(nullptr);
  });
  queries_.emplace(number, std::move(then));
  config_.context.net->send(config_.self, author(chain_kind::heavy),
                            v1::state_query{number, kind, std::move(key)});
}

void gateway_state::hear(const v1::state_reply& reply) {
  deadlines_.erase(reply.request);
  if (auto node = queries_.extract(reply.request))
    node.mapped()(&reply);
}

void gateway_state::refresh_records() {
  const auto height = models_.heavy.height();
  if (height == records_height_ || !queries_.empty())
    return;
  records_height_ = height;
  query(v1::state_kind::validators, {}, [this](const v1::state_reply* reply) {
    using records = std::map<validator_id, ledger::validator_record>;
    if (!reply || !reply->record)
      return;
    if (auto decoded = decode<records>(*reply->record))
      models_.records.validators = std::move(*decoded);
  });
  query(v1::state_kind::supply, {}, [this](const v1::state_reply* reply) {
    if (reply && reply->record)
      if (auto decoded = decode<ledger::supply>(*reply->record))
        models_.records.supply = *decoded;
  });
}

void gateway_state::flush() {
  if (!config_.archive || gathered_->empty())
    return;
  gathered_->records.push_back(
    {std::string{web::totals_records}, {}, encode(models_.counts)});
  gathered_->expire_blobs_at_ms = config_.context.net->now().unix_ms;
  self_
    ->request(config_.archive, std::chrono::seconds{30},
              v1::archive_write{std::exchange(gathered_, std::make_shared<storage::write_batch>())})
    .then([this](const v1::archive_written& x) { archive_failures_ += x.code == ec::ok ? 0 : 1; },
          [this](const caf::error&) { ++archive_failures_; });
}

void gateway_state::wake(const v1::alarm& alarm) {
  if (alarm.what == deadline) {
    if (auto node = deadlines_.extract(alarm.subject))
      node.mapped()();
    return;
  }
  heavy_.wake();
  for (const auto x : {chain_kind::heavy, chain_kind::fast}) {
    check_silence(x);
    ask_the_silent(x);
  }
  if (++ticks_ % 2 == 0)
    watch_jobs();
  if (ticks_ % 4 == 0) {
    refresh_records();
    flush();
  }
  self_->delayed_send(self_, std::chrono::milliseconds{tick_ms}, v1::alarm{tick, 0});
}

gateway_actor::behavior_type gateway(gateway_actor::stateful_pointer<gateway_state> self,
                                     gateway_config config) {
  auto& state = self->state;
  state.start(std::move(config));
  return {
    [&state](const v1::web_request& x) { state.serve(x); },
    [&state](const peer&, const v1::heavy_news& x) { state.hear(x); },
    [&state](const peer& from, const v1::snapshot_piece& x) { state.hear(from, x); },
    [&state](const peer& from, const v1::block_news& x) { state.hear(from, x); },
    [&state](const peer&, const v1::block_certified& x) { state.hear(x); },
    [&state](const peer& from, const v1::block_answer& x) { state.hear(from, x); },
    [&state](const peer&, const v1::echo_reply& x) { state.hear(x); },
    [&state](const peer&, const v1::job_reply& x) { state.hear(x); },
    [&state](const peer&, const v1::job_refused& x) { state.hear(x); },
    [&state](const peer&, const v1::job_working& x) { state.hear(x); },
    [&state](const peer&, const v1::transaction_done& x) { state.hear(x); },
    [&state](const peer&, const v1::state_reply& x) { state.hear(x); },
    [&state](const peer& from, const v1::leaf_place& x) {
      if (from.kind == role::fast_author)
        state.hear(x);
    },
    [&state](const peer& from, const v1::result_sealed& x) {
      if (from.kind == role::fast_author)
        state.hear(x);
    },
    [&state](const v1::alarm& x) { state.wake(x); },
  };
}

}  // namespace datagen

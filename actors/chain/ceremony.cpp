#include "actors/chain/ceremony.hpp"

#include "actors/storage/rows.hpp"

#include "protocol/ledger/ceremonies.hpp"

namespace datagen {

using namespace protocol;
namespace happened = ledger::happened;

namespace {

constexpr std::uint32_t secrets_kept = 3;  ///< Epochs: before, present, next.

std::shared_ptr<storage::write_batch> record(const char* kind, bytes key, bytes value) {
  auto batch = std::make_shared<storage::write_batch>();
  batch->records.push_back({kind, std::move(key), std::move(value)});
  return batch;
}

}  // namespace

bytes ceremony_key_statement(const digest& name, const box_public& key) {
  return encode("ceremony-key", name, key);
}

digest name_of(const dkg::ceremony& x) { return hash("ceremony", x); }

bool ceremony::election::has_counted(std::uint16_t dealer) const {
  return std::any_of(counted.begin(), counted.end(),
                     [&](const dkg::dealing& x) { return x.dealer == dealer; });
}

std::optional<coin_scalar> ceremony::secret_of(std::uint32_t epoch) const {
  const auto it = memory_.secrets.find(epoch);
  return it == memory_.secrets.end() ? std::nullopt : std::optional{it->second};
}

// What Heavy says
// ----------------------------------------------------------------------------------

void ceremony::hear(const ledger::event& what) {
  std::visit([this](const auto& x) { hear(x); }, what);
}

void ceremony::hear(const happened::committee_elected& x) {
  if (x.next.chain != config_.chain)
    return;
  now_.reset();
  const auto own = x.next.index_of(config_.self.index);
  if (!own || x.next.authors[*own] != config_.key.identity)
    return;
  auto& e = now_.emplace();
  e.next = x.next;
  e.what = ledger::ceremony_of(x.next);
  e.name = name_of(e.what);
  e.own = *own;
}

void ceremony::hear(const happened::coin_dealt& x) {
  if (now_ && x.chain == config_.chain && x.epoch == now_->next.epoch)
    now_->counted.push_back(x.content);
}

void ceremony::hear(const happened::committee_ready& x) {
  if (!now_ || x.next.chain != config_.chain || x.next.epoch != now_->next.epoch)
    return;
  const auto e = std::move(*now_);
  now_.reset();
  if (memory_.secrets.count(x.next.epoch) != 0)
    return;  // of an earlier run
  std::vector<coin_scalar> shares;
  for (const auto& dealing : e.counted) {
    const auto kept = memory_.shares.find({e.name, dealing.dealer});
    if (kept != memory_.shares.end() && kept->second.commitments == dealing.commitments)
      shares.push_back(kept->second.share);
    else if (const auto shown = dkg::revealed_share(dealing, e.own))
      shares.push_back(*shown);
    else
      return;  // acknowledged and lost with the disk: this member watches the epoch
  }
  keep_secret(e, dkg::secret_of(shares));
}

/// Notes the secret, and forgets what it was made of and what is too old.
void ceremony::keep_secret(const election& e, const coin_scalar& secret) {
  const auto epoch = e.next.epoch;
  memory_.secrets[epoch] = secret;
  auto batch = record(ceremony_record::secret, encode(config_.chain, epoch), encode(secret));
  const auto forget = [&](const char* kind, bytes key) {
    batch->records.push_back({kind, std::move(key), std::nullopt});
  };
  forget(ceremony_record::seed, encode(config_.chain, e.name));
  forget(ceremony_record::post, encode(config_.chain, e.name));
  memory_.seeds.erase(e.name);
  memory_.posts.erase(e.name);
  for (std::uint16_t dealer = 0; dealer < e.what.size(); ++dealer) {
    forget(ceremony_record::share, encode(config_.chain, e.name, dealer));
    memory_.shares.erase({e.name, dealer});
  }
  while (memory_.secrets.begin()->first + secrets_kept <= epoch) {
    forget(ceremony_record::secret, encode(config_.chain, memory_.secrets.begin()->first));
    memory_.secrets.erase(memory_.secrets.begin());
  }
  config_.durable(std::move(batch), [] {});
}

// Dealing
// ------------------------------------------------------------------------------------------

void ceremony::deal() {
  auto& e = *now_;
  e.box = box_key_pair::from_secret({config_.context.entropy().value});
  const auto known = memory_.seeds.find(e.name);
  const auto seed = known != memory_.seeds.end() ? known->second : config_.context.entropy();
  memory_.seeds[e.name] = seed;
  e.dealt = dkg::deal(group(), e.what, seed);
  const ceremony_memory::kept_share own{e.dealt->commitments, e.dealt->shares[e.own]};
  memory_.shares[{e.name, e.own}] = own;
  auto batch = record(ceremony_record::seed, encode(config_.chain, e.name), encode(seed));
  batch->records.push_back(
    {ceremony_record::share, encode(config_.chain, e.name, e.own), encode(own)});
  config_.durable(std::move(batch), [this, name = e.name] {
    if (!now_ || now_->name != name)
      return;
    now_->dealing = true;
    now_->acks[now_->own] = sign(
      config_.key, dkg::ack_statement(now_->what, now_->own, now_->dealt->commitments, now_->own));
    for (const auto& [to, key] : now_->keys)
      send_share(to);
  });
}

template <class Message>
void ceremony::send(std::uint16_t to, Message&& x) {
  config_.context.net->send(config_.self, {config_.self.kind, now_->next.ids[to]},
                            std::forward<Message>(x));
}

void ceremony::send_share(std::uint16_t to) {
  auto& e = *now_;
  const auto key = e.keys.find(to);
  if (!e.dealing || key == e.keys.end() || e.acks.count(to) != 0)
    return;
  auto sealed =
    seal(e.box, key->second, dkg::share_context(e.what, e.own, e.dealt->commitments, to),
         e.dealt->shares[to].view());
  if (sealed)
    send(to,
         v1::ceremony_share{config_.chain, e.next.epoch, e.dealt->commitments, std::move(*sealed)});
}

void ceremony::wake() {
  if (!now_)
    return;
  auto& e = *now_;
  if (!e.dealt)
    deal();
  const auto now = config_.context.net->now().monotonic_ms;
  if (now >= e.resend_at_ms) {
    e.resend_at_ms = now + config_.resend_ms;
    const auto by = sign(config_.key, ceremony_key_statement(e.name, e.box.published));
    for (std::uint16_t i = 0; i < e.what.size(); ++i) {
      if (i == e.own)
        continue;
      if (memory_.shares.count({e.name, i}) == 0 && !e.has_counted(i))
        send(i, v1::ceremony_key{config_.chain, e.next.epoch, e.box.published, by});
      if (!e.posting)
        send_share(i);
    }
  }
  post_when_due(now);
}

// With n - f acks the dealing is good. A member that acknowledges a little late keeps its share
// secret, so those get a moment; and the dealing is fixed on disk before anybody reads it, since a
// second one with other silent members would reveal more shares than secrecy allows.
void ceremony::post_when_due(std::uint64_t now_ms) {
  auto& e = *now_;
  if (e.has_counted(e.own))
    return;
  if (const auto known = memory_.posts.find(e.name); known != memory_.posts.end()) {
    e.posting = true;
    if (now_ms < e.post_at_ms)
      return;
    e.post_at_ms = now_ms + config_.post_again_ms;
    return config_.to_heavy(known->second);
  }
  if (e.posting || e.acks.size() < e.what.quorum())
    return;
  if (!e.enough_since_ms)
    e.enough_since_ms = now_ms;
  if (e.acks.size() < e.what.size() && now_ms < *e.enough_since_ms + config_.late_ack_ms)
    return;
  e.posting = true;
  dkg::dealing content{.dealer = e.own, .commitments = e.dealt->commitments};
  content.acks.assign(e.acks.begin(), e.acks.end());
  for (std::uint16_t i = 0; i < e.what.size(); ++i)
    if (e.acks.count(i) == 0)
      content.revealed.emplace_back(i, e.dealt->shares[i]);
  auto transaction = ledger::make_transaction(
    heavy_chain_id(*config_.context.chain), config_.key, 0,
    ledger::tx::coin_dealing{config_.chain, e.next.epoch, std::move(content)});
  config_.durable(record(ceremony_record::post, encode(config_.chain, e.name), encode(transaction)),
                  [this, name = e.name, transaction] {
                    memory_.posts[name] = transaction;
                    if (now_ && now_->name == name)
                      post_when_due(config_.context.net->now().monotonic_ms);
                  });
}

// What the others say
// ------------------------------------------------------------------------------

std::optional<std::uint16_t> ceremony::member(const peer& from, const chain_id& chain,
                                              std::uint32_t epoch) const {
  if (!now_ || from.kind != config_.self.kind || chain != config_.chain ||
      epoch != now_->next.epoch)
    return std::nullopt;
  return now_->next.index_of(from.index);
}

void ceremony::take(const peer& from, const v1::ceremony_key& x) {
  const auto sender = member(from, x.chain, x.epoch);
  if (!sender || *sender == now_->own ||
      !config_.context.signatures->check(now_->next.authors[*sender],
                                         ceremony_key_statement(now_->name, x.key), x.by))
    return;
  now_->keys[*sender] = x.key;
  if (!now_->posting)
    send_share(*sender);
}

void ceremony::take(const peer& from, const v1::ceremony_share& x) {
  const auto dealer = member(from, x.chain, x.epoch);
  if (!dealer || *dealer == now_->own || !now_->dealt)
    return;
  auto& e = *now_;
  if (const auto kept = memory_.shares.find({e.name, *dealer}); kept != memory_.shares.end()) {
    if (kept->second.commitments == x.commitments)
      send_ack(*dealer, x.commitments);
    return;  // never for two polynomials of one dealer
  }
  const auto key = e.keys.find(*dealer);
  if (key == e.keys.end() || x.commitments.size() != e.what.threshold ||
      e.storing.count(*dealer) != 0)
    return;
  const auto clear =
    open(e.box, key->second, dkg::share_context(e.what, *dealer, x.commitments, e.own), x.sealed);
  const auto share = clear ? decode<coin_scalar>(*clear) : std::nullopt;
  if (!share || !dkg::share_fits(group(), x.commitments, e.own, *share))
    return;
  e.storing.insert(*dealer);
  const ceremony_memory::kept_share kept{x.commitments, *share};
  config_.durable(
    record(ceremony_record::share, encode(config_.chain, e.name, *dealer), encode(kept)),
    [this, name = e.name, dealer = *dealer, kept] {
      memory_.shares[{name, dealer}] = kept;
      if (now_ && now_->name == name)
        send_ack(dealer, kept.commitments);
    });
}

void ceremony::send_ack(std::uint16_t dealer, const std::vector<coin_point>& commitments) {
  const auto& e = *now_;
  send(dealer,
       v1::ceremony_ack{config_.chain, e.next.epoch,
                        sign(config_.key, dkg::ack_statement(e.what, dealer, commitments, e.own))});
}

void ceremony::take(const peer& from, const v1::ceremony_ack& x) {
  const auto sender = member(from, x.chain, x.epoch);
  if (!sender || !now_->dealing || now_->posting || now_->acks.count(*sender) != 0)
    return;
  auto& e = *now_;
  if (!config_.context.signatures->check(
        e.next.authors[*sender], dkg::ack_statement(e.what, e.own, e.dealt->commitments, *sender),
        x.by))
    return;
  e.acks[*sender] = x.by;
  post_when_due(config_.context.net->now().monotonic_ms);
}

}  // namespace datagen

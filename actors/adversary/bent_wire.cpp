#include "actors/adversary/bent_wire.hpp"

#include "actors/adversary/straight_wire.hpp"

#include "messages/audit.hpp"
#include "messages/chain.hpp"
#include "messages/work.hpp"

#include "protocol/consensus/vertex.hpp"

#include <caf/actor_clock.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/send.hpp>

#include <atomic>

namespace datagen {

using namespace protocol;

namespace {

class skewed_clock : public straight_wire {
public:
  using straight_wire::straight_wire;
  consensus::instant now() const override {
    auto x = net()->now();
    if (conduct_of().active(x.monotonic_ms))
      x.unix_ms = static_cast<std::uint64_t>(static_cast<std::int64_t>(x.unix_ms) + conduct_of().by_ms);
    return x;
  }
};

class dropper : public straight_wire {
public:
  using straight_wire::straight_wire;
  void bent(const peer& from, const peer& to, caf::message content) override {
    const bool meant = conduct_of().to && conduct_of().to(to) && next_happens();
    if (!meant)
      pass(from, to, std::move(content));
  }
};

/// Says things after a while, by the actor system's own clock.
class late_wire : public straight_wire {
public:
  late_wire(caf::actor_system& system, std::shared_ptr<transport> net, const insider& who,
            const behaviour& x)
      : straight_wire(std::move(net), who, x),
        clock_(system.clock()),
        postman_(system.spawn([net = this->net()](caf::event_based_actor*) {
          return caf::behavior{[net](const peer& from, const peer& to, const caf::message& content) {
            net->deliver(from, to, content);
          }};
        })) {}
  ~late_wire() override { caf::anon_send_exit(postman_, caf::exit_reason::user_shutdown); }

protected:
  void later(std::uint64_t ms, const peer& from, const peer& to, const caf::message& content) {
    clock_.schedule_message(
      clock_.now() + std::chrono::milliseconds{ms}, caf::actor_cast<caf::strong_actor_ptr>(postman_),
      caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, from, to, content));
  }

private:
  caf::actor_clock& clock_;
  caf::actor postman_;
};

class delayer : public late_wire {
public:
  using late_wire::late_wire;
  void bent(const peer& from, const peer& to, caf::message content) override {
    if (next_happens())
      later(static_cast<std::uint64_t>(conduct_of().by_ms), from, to, content);
    else
      pass(from, to, std::move(content));
  }
};

/// At growing distances, so that some come when all is settled long since.
class replayer : public late_wire {
public:
  using late_wire::late_wire;
  void bent(const peer& from, const peer& to, caf::message content) override {
    if (next_happens())
      later(100U << (turn_++ % 9), from, to, content);
    pass(from, to, std::move(content));
  }

private:
  std::atomic<std::uint32_t> turn_ = 0;
};

/// Where a message holds signed bytes, some of them.
class garbler : public straight_wire {
public:
  using straight_wire::straight_wire;
  void bent(const peer& from, const peer& to, caf::message content) override {
    if (const auto* x = as<v1::submit_transaction>(content); x && next_happens())
      return net()->send(from, to, v1::submit_transaction{spoil(x->transaction), x->tell});
    if (const auto* x = as<v1::vertex_gossip>(content); x && next_happens())
      return net()->send(from, to, v1::vertex_gossip{blob{spoil(x->vertex.view())}});
    if (const auto* x = as<v1::snapshot_piece>(content); x && next_happens()) {
      auto piece = *x;
      piece.data = spoil(piece.data);
      return net()->send(from, to, std::move(piece));
    }
    pass(from, to, std::move(content));
  }

private:
  /// Cuts, stretches or changes: a third of the time each.
  bytes spoil(byte_view x) {
    const auto dice = hash("spoil", std::uint64_t{++spoilt_});
    bytes result{x.begin(), x.end()};
    if (result.empty() || dice.value[0] % 3 == 0)
      result.insert(result.end(), dice.value.begin(), dice.value.end());
    else if (dice.value[0] % 3 == 1)
      result.resize(result.size() / 2);
    else
      result[(dice.value[1] * 256U + dice.value[2]) % result.size()] ^= 1 | dice.value[3];
    return result;
  }
  std::atomic<std::uint64_t> spoilt_ = 0;
};

class double_voter : public straight_wire {
public:
  using straight_wire::straight_wire;
  void bent(const peer& from, const peer& to, caf::message content) override {
    const auto* x = as<v1::vertex_gossip>(content);
    const auto vertex = x && to.index % 2 == 1 ? consensus::decode_vertex(x->vertex.view()) : nullptr;
    if (!vertex || !happens(conduct_of(), std::to_string(vertex->body.round)))
      return pass(from, to, std::move(content));
    did(hash("round", vertex->body.epoch, vertex->body.round));
    auto other = vertex->body;
    ++other.timestamp_ms;
    net()->send(from, to,
                v1::vertex_gossip{blob{encode_vertex(*consensus::sign_vertex(other, who().key))}});
  }
};

class equivocator : public straight_wire {
public:
  using straight_wire::straight_wire;
  void bent(const peer& from, const peer& to, caf::message content) override {
    const auto* x = as<v1::submit_transaction>(content);
    const bool leaf = x && from.kind == role::validator && to.kind == role::fast_author;
    const auto said = leaf ? decode<fast::transaction>(x->transaction) : std::nullopt;
    const auto* told = said ? std::get_if<fast::tx::submit_leaf>(&*said) : nullptr;
    if (!told || !happens(conduct_of(), std::to_string(told->content.content.sequence)))
      return pass(from, to, std::move(content));
    did(told->content.content.input);
    auto other = told->content;
    other.content.commitment = hash("another", other.content.commitment);
    other.validator = sign(who().key, receipt_statement(other.order.content, other.content,
                                                        other.deadline_ms));
    net()->send(from, to,
                v1::submit_transaction{encode(fast::transaction{fast::tx::submit_leaf{other}}),
                                       x->tell});
  }
};

class withholder : public straight_wire {
public:
  using straight_wire::straight_wire;
  void bent(const peer& from, const peer& to, caf::message content) override {
    if (!as<v1::content_reply>(content) && !as<v1::input_offer>(content) && !opens(content))
      pass(from, to, std::move(content));
  }

private:
  bool opens(const caf::message& content) const {
    const auto* x = as<v1::submit_transaction>(content);
    const auto said = x ? decode<ledger::transaction>(x->transaction) : std::nullopt;
    const auto* opening = said ? std::get_if<ledger::tx::open_commitment>(&said->body) : nullptr;
    if (opening)
      did(opening->job);
    return opening != nullptr;
  }
};

}  // namespace

std::shared_ptr<transport> bend(caf::actor_system& system, std::shared_ptr<transport> net,
                                const insider& who, const behaviour& x) {
  switch (x.what) {
    case conduct::delay:
      return std::make_shared<delayer>(system, std::move(net), who, x);
    case conduct::replay:
      return std::make_shared<replayer>(system, std::move(net), who, x);
    case conduct::drop_to:
      return std::make_shared<dropper>(std::move(net), who, x);
    case conduct::garbage_bytes:
      return std::make_shared<garbler>(std::move(net), who, x);
    case conduct::clock_skew:
      return std::make_shared<skewed_clock>(std::move(net), who, x);
    case conduct::double_vote:
      return std::make_shared<double_voter>(std::move(net), who, x);
    case conduct::equivocate:
      return std::make_shared<equivocator>(std::move(net), who, x);
    case conduct::withhold:
      return std::make_shared<withholder>(std::move(net), who, x);
    case conduct::forge_user_hash:
    case conduct::bad_input:
    case conduct::self_deal:
      return bend_user(std::move(net), who, x);
    case conduct::lie_on_result:
    case conduct::collude:
    case conduct::lazy_copy:
    case conduct::echo_cheat:
    case conduct::err_on_check:
      return net;  // its devices'
    case conduct::keep_shares:
      return net;  // its coin's
    case conduct::twin:
      return net;  // its host's
  }
  return net;
}

}  // namespace datagen

#pragma once
// A Heavy author of a virtual cluster that a test runs itself: on a database of its own in memory,
// and with a hand on every message that comes to it.

#include "tests/actors/chain/support.hpp"

#include "actors/archive.hpp"
#include "actors/chain/heavy_service.hpp"
#include "actors/node/memory.hpp"

#include "protocol/chain/committees.hpp"

#include <caf/mailbox_element.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace datagen::tests {

class lone_author {
public:
  /// Changes a piece of a state on its way here; called for each.
  using tamper = std::function<void(const peer& from, v1::snapshot_piece& x)>;

  /// Heavy author `index`, which the cluster hosts no more.
  lone_author(virtual_cluster& net, std::uint32_t index, tamper change = {}) : sim_(net.sim) {
    const auto& context = net.net_cluster->context();
    const peer self{role::heavy_author, index};
    auto opened = storage::store::open({.path = ":memory:"});
    REQUIRE(opened);
    auto store = std::make_shared<storage::store>(std::move(*opened));
    service =
      std::make_shared<heavy_service>(self, context,
                                      std::make_shared<protocol::ledger::ledger_machine>(
                                        *context.chain, *context.signatures, context.coins));
    const auto members = protocol::heavy_committee(*context.chain);
    const auto pacing = context.chain->params.heavy;
    auto memory = load_author(*store, 0, *service, {members, 1}, pacing.gc_depth_rounds);
    REQUIRE(memory);
    disk_ = sim_.system().spawn(archive, store, std::chrono::microseconds{0});
    actor = sim_.system().spawn(
      block_author,
      block_author_config{
        .self = self,
        .context = context,
        .key = protocol::development_key(protocol::development_kind::author, index),
        .engine = [](std::size_t size) { return protocol::consensus::heavy_params(size); },
        .genesis_secret = protocol::development_coin("heavy", members.size()).secrets.at(index),
        .service = service,
        .archive = disk_,
        .memory = std::make_shared<author_memory>(std::move(*memory)),
        .retain_blocks = pacing.retain_commits});
    door_ =
      sim_.system().spawn(guard, caf::actor_cast<caf::strong_actor_ptr>(actor), std::move(change));
    net.net->attach(self, door_);
  }
  ~lone_author() {
    for (const auto& x :
         {door_, caf::actor_cast<caf::actor>(actor), caf::actor_cast<caf::actor>(disk_)}) {
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
      sim_.settle();
    }
  }
  lone_author(const lone_author&) = delete;
  lone_author& operator=(const lone_author&) = delete;

  std::shared_ptr<heavy_service> service;
  block_author_actor actor;

private:
  static caf::behavior guard(caf::event_based_actor* self, const caf::strong_actor_ptr& to,
                             const tamper& change) {
    const auto pass = [to](caf::message content) {
      to->enqueue(
        caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(content)),
        nullptr);
    };
    self->set_default_handler(
      [pass](caf::scheduled_actor*, caf::message_view& x) -> caf::result<caf::message> {
        pass(x.move_content_to_message());
        return caf::message{};
      });
    return {[pass, change](const peer& from, v1::snapshot_piece& x) {
      if (change)
        change(from, x);
      pass(caf::make_message(from, x));
    }};
  }

  deterministic_system& sim_;
  archive_actor disk_;
  caf::actor door_;
};

}  // namespace datagen::tests

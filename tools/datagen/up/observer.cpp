#include "tools/datagen/up/observer.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

namespace datagen::tools {

using namespace protocol;
namespace happened = ledger::happened;

observer::observer(caf::actor_system& system, cluster& net, std::shared_ptr<local_transport> seam,
                   std::uint32_t index)
    : self_{role::gateway, index}, seam_(std::move(seam)) {
  actor_ = system.spawn([this](caf::event_based_actor* self) -> caf::behavior {
    self->delayed_send(self, std::chrono::seconds{1}, v1::alarm{});
    return {
      [this](const peer&, const v1::heavy_news& x) { hear(x); },
      [this](const peer&, const v1::block_news& x) { hear(x); },
      [this](const peer&, const v1::state_reply& x) {
        std::lock_guard lock{mutex_};
        answers_[x.request] = x.record;
        changed_.notify_all();
      },
      [this, self](const v1::alarm&) {
        std::lock_guard lock{mutex_};
        follower_.wake();
        self->delayed_send(self, std::chrono::seconds{1}, v1::alarm{});
      },
    };
  });
  seam_->attach(self_, actor_);
  {
    std::lock_guard lock{mutex_};
    follower_ = heavy_follower{self_, net.context()};
  }
  seam_->send(self_, {role::fast_author, 0}, v1::follow_blocks{});
}

observer::~observer() {
  seam_->detach(self_);
  caf::scoped_actor self{actor_.home_system()};
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
  self->wait_for(actor_);
}

void observer::listen(std::function<void(std::uint64_t, const ledger::event&)> listener) {
  std::lock_guard lock{mutex_};
  listener_ = std::move(listener);
}

void observer::hear(const v1::heavy_news& news) {
  std::lock_guard lock{mutex_};
  for (const auto& block : follower_.take(news))
    for (const auto& what : block.events) {
      if (const auto settled = std::get_if<happened::checkpoint_settled>(&what))
        for (const auto& id : by_checkpoint_[settled->content.sequence]) {
          jobs_[id].heavy_height = block.height;
          jobs_[id].settled_ms = seam_->now().unix_ms;
        }
      if (const auto verdict = std::get_if<happened::audit_settled>(&what))
        jobs_[verdict->job].outcome = verdict->outcome;
      if (listener_)
        listener_(block.height, what);
    }
  changed_.notify_all();
}

void observer::hear(const v1::block_news& news) {
  std::lock_guard lock{mutex_};
  for (const auto& raw : news.events) {
    const auto what = decode<fast::event>(raw);
    const auto ordered = what ? std::get_if<fast::happened::leaf_ordered>(&*what) : nullptr;
    if (!ordered)
      continue;
    auto& job = jobs_[ordered->content.job];
    job.fast_height = news.height;
    job.ordered_ms = seam_->now().unix_ms;
    job.checkpoint = ordered->checkpoint;
    by_checkpoint_[ordered->checkpoint].push_back(ordered->content.job);
  }
  changed_.notify_all();
}

job_sighting observer::job(const job_id& id) const {
  std::lock_guard lock{mutex_};
  const auto it = jobs_.find(id);
  return it == jobs_.end() ? job_sighting{} : it->second;
}

bool observer::wait(const std::function<bool()>& done, std::chrono::milliseconds limit) const {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, limit, done);
}

bool observer::wait_settled(const job_id& id, std::chrono::milliseconds limit) const {
  return wait(
    [&] {
      const auto it = jobs_.find(id);
      return it != jobs_.end() && it->second.heavy_height != 0;
    },
    limit);
}

std::optional<bytes> observer::ask_raw(v1::state_kind kind, bytes key) {
  std::unique_lock lock{mutex_};
  const auto request = next_request_++;
  seam_->send(self_, {role::heavy_author, 0}, v1::state_query{request, kind, std::move(key)});
  changed_.wait_for(lock, std::chrono::seconds{2}, [&] { return answers_.count(request) != 0; });
  auto node = answers_.extract(request);
  return node ? std::move(node.mapped()) : std::nullopt;
}

}  // namespace datagen::tools

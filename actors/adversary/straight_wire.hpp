#pragma once
// A party's way to the others, as it is; each behaviour overrides what it bends.

#include "actors/adversary/bent_wire.hpp"

#include "protocol/crypto/hash.hpp"

#include <atomic>

namespace datagen {

/// Passes everything on as it is; what follows overrides what it bends.
class straight_wire : public transport {
public:
  straight_wire(std::shared_ptr<transport> net, const insider& who, const behaviour& x)
      : net_(std::move(net)), who_(who), conduct_(x) {}

  void deliver(const peer& from, const peer& to, caf::message content) final {
    if (conduct_.active(net_->now().monotonic_ms))
      bent(from, to, std::move(content));
    else
      pass(from, to, std::move(content));
  }
  bool reachable(const peer& to) const override { return net_->reachable(to); }
  std::vector<std::uint32_t> known(role kind) const override { return net_->known(kind); }
  protocol::consensus::instant now() const override { return net_->now(); }
  std::uint64_t now_us() const override { return net_->now_us(); }

protected:
  virtual void bent(const peer& from, const peer& to, caf::message content) {
    pass(from, to, std::move(content));
  }
  void pass(const peer& from, const peer& to, caf::message content) {
    net_->deliver(from, to, std::move(content));
  }
  /// Is the next occasion, which has no name of its own, one of the share? Notes it where it is.
  bool next_happens() {
    const auto name = to_string(who_.party) + std::to_string(++count_);
    const bool result = happens(conduct_, name);
    if (result)
      did(protocol::hash("occasion", name));
    return result;
  }
  void did(const protocol::digest& what) const { note(conduct_, who_.party, what); }
  const behaviour& conduct_of() const { return conduct_; }
  const insider& who() const { return who_; }
  const std::shared_ptr<transport>& net() const { return net_; }

private:
  const std::shared_ptr<transport> net_;
  const insider who_;
  const behaviour conduct_;
  std::atomic<std::uint64_t> count_ = 0;  ///< Roles of one party run on several threads.
};

template <class Message>
const Message* as(const caf::message& content) {
  return content.match_elements<peer, Message>() ? &content.get_as<Message>(1) : nullptr;
}

/// Whom user behaviours bend; @pre `x` is one of a user's own
std::shared_ptr<transport> bend_user(std::shared_ptr<transport> net, const insider& who,
                                     const behaviour& x);

}  // namespace datagen

#pragma once
// A committee member's part in making its epoch's coin (consensus.md 3.3, stage 2): deals a share
// to every other member, keeps the shares it is dealt, brings its dealing to Heavy, and sums up its
// secret when the coin is ready. Survives a restart at any point; never waits for anybody.

#include "messages/chain.hpp"

#include "actors/transport.hpp"

namespace datagen::storage {
struct write_batch;
}

namespace datagen {

/// What a member must find again, as records of its archive.
struct ceremony_memory {
  struct kept_share {
    std::vector<protocol::coin_point> commitments;
    protocol::coin_scalar share;
  };
  std::map<protocol::digest, protocol::digest> seeds;  ///< Ceremony -> seed of the own polynomial.
  std::map<protocol::digest, protocol::bytes>
    posts;  ///< Ceremony -> the transaction brought to Heavy.
  std::map<std::pair<protocol::digest, std::uint16_t>, kept_share> shares;  ///< (ceremony, dealer)
  std::map<std::uint32_t, protocol::coin_scalar> secrets;                   ///< By epoch.
};
template <class Archive>
void describe(Archive& ar, ceremony_memory::kept_share& x) {
  ar(x.commitments, x.share);
}

/// Kinds of those records; each key begins with the chain.
namespace ceremony_record {
inline constexpr const char* seed = "ceremony-seed";
inline constexpr const char* post = "ceremony-post";
inline constexpr const char* share = "ceremony-share";
inline constexpr const char* secret = "coin-secret";
}  // namespace ceremony_record

struct ceremony_config {
  peer self;  ///< Index = id in the chain's registry.
  role_context context;
  protocol::key_pair key;
  protocol::chain_id chain;
  /// Makes a batch durable and then calls back.
  std::function<void(std::shared_ptr<storage::write_batch>, std::function<void()>)> durable;
  std::function<void(protocol::bytes)> to_heavy;  ///< A transaction; may get lost.
  std::uint64_t resend_ms = 1'000;
  std::uint64_t post_again_ms = 4'000;
  std::uint64_t late_ack_ms = 500;  ///< After n - f acks: fewer shares are revealed.
};

/// Signed by a member about its ceremony key.
protocol::bytes ceremony_key_statement(const protocol::digest& ceremony,
                                       const protocol::box_public& key);
/// Names a ceremony in records and statements.
protocol::digest name_of(const protocol::dkg::ceremony& x);

class ceremony {
public:
  ceremony() = default;
  ceremony(ceremony_config config, ceremony_memory memory)
      : config_(std::move(config)), memory_(std::move(memory)) {}

  /// What Heavy decided, in order and from the beginning.
  void hear(const protocol::ledger::event& what);
  void take(const peer& from, const v1::ceremony_key& x);
  void take(const peer& from, const v1::ceremony_share& x);
  void take(const peer& from, const v1::ceremony_ack& x);
  /// A few times a second.
  void wake();

  /// This member's secret of the coin of `epoch`, if it has part in it.
  std::optional<protocol::coin_scalar> secret_of(std::uint32_t epoch) const;

private:
  /// The election that is under way, while its coin is not made.
  struct election {
    protocol::consensus::roster next;
    protocol::dkg::ceremony what;
    protocol::digest name;
    std::uint16_t own = 0;
    protocol::box_key_pair box;
    std::map<std::uint16_t, protocol::box_public> keys;
    std::optional<protocol::dkg::secret_dealing> dealt;
    bool dealing = false;  ///< `dealt` is durable: shares may go out.
    std::map<std::uint16_t, protocol::signature> acks;
    std::set<std::uint16_t> storing;  ///< Dealers whose share is on its way to the disk.
    std::optional<std::uint64_t> enough_since_ms;
    bool posting = false;
    std::vector<protocol::dkg::dealing> counted;  ///< On Heavy, in order.
    std::uint64_t resend_at_ms = 0;
    std::uint64_t post_at_ms = 0;
    bool has_counted(std::uint16_t dealer) const;
  };

  void hear(const protocol::ledger::happened::committee_elected& x);
  void hear(const protocol::ledger::happened::coin_dealt& x);
  void hear(const protocol::ledger::happened::committee_ready& x);
  template <class Other>
  void hear(const Other&) {}

  /// The member that sent a message of the election under way; nothing for anybody else.
  std::optional<std::uint16_t> member(const peer& from, const protocol::chain_id& chain,
                                      std::uint32_t epoch) const;
  void deal();
  void send_share(std::uint16_t to);
  void send_ack(std::uint16_t dealer, const std::vector<protocol::coin_point>& commitments);
  void post_when_due(std::uint64_t now_ms);
  void keep_secret(const election& e, const protocol::coin_scalar& secret);
  const protocol::coin_group& group() const { return config_.context.coins->group(); }
  template <class Message>
  void send(std::uint16_t to, Message&& x);

  ceremony_config config_;
  ceremony_memory memory_;
  std::optional<election> now_;
};

}  // namespace datagen

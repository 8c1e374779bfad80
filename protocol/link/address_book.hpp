#pragma once
// What a node knows of others' addresses, and what of a peer's records it takes over.

#include "protocol/link/address_record.hpp"

#include <functional>

namespace datagen::protocol::link {

inline constexpr std::size_t exchange_records_max = 64;  ///< In one frame.

/// What became of one record.
enum class merge_result : std::uint8_t {
  taken = 0,     ///< New, or later than the one that was known.
  known = 1,     ///< No later than the one that is known.
  unwanted = 2,  ///< Its own, or of a key that is not registered: nobody else fills the book.
  invalid = 3,   ///< `check` refuses it for what time and network decide.
  forged = 4,    ///< Its key did not sign it: the sender's offence.
};

class address_book {
public:
  /// @param registered who may stand in the book; so their number bounds it
  address_book(const digest& genesis, const public_key& own,
               std::function<bool(const public_key&)> registered)
      : genesis_(genesis), own_(own), registered_(std::move(registered)) {}

  merge_result merge(const address_record& x, std::uint64_t now_ms);
  /// Forgets what has expired.
  void expire(std::uint64_t now_ms);
  const address_record* find(const public_key& key) const;
  /// Up to `exchange_records_max` records for a peer, those that live longest first.
  std::vector<address_record> to_share(const public_key& peer) const;
  std::size_t size() const { return records_.size(); }
  friend bool operator==(const address_book& a, const address_book& b) {
    return a.records_ == b.records_;
  }

private:
  digest genesis_;
  public_key own_;
  std::function<bool(const public_key&)> registered_;
  std::map<public_key, address_record> records_;
};

}  // namespace datagen::protocol::link

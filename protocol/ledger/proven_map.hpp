#pragma once
// A map whose every entry can be proven: it reads like std::map, and whoever asks for an entry to
// change it makes its leaf be hashed again (protocol.md section 5: a state root in every block).

#include "protocol/crypto/hash.hpp"
#include "protocol/crypto/merkle_trie.hpp"

namespace datagen::protocol::ledger {

/// Where an entry lies in its trie, and what its leaf commits to.
template <class Key>
digest entry_place(const Key& key) {
  return hash("entry", key);
}
template <class Key, class Value>
digest entry_leaf(const Key& key, const Value& value) {
  return merkle_leaf(encode(key, value));
}

template <class Key, class Value>
class proven_map {
  using entries = std::map<Key, Value>;

public:
  using key_type = Key;
  using mapped_type = Value;
  using const_iterator = typename entries::const_iterator;

  proven_map() = default;
  proven_map(proven_map&&) noexcept = default;
  proven_map& operator=(proven_map&&) noexcept = default;
  proven_map(const proven_map& x) : entries_(x.entries_) { touch_all(); }
  proven_map& operator=(const proven_map& x) { return *this = proven_map(x); }

  const_iterator begin() const { return entries_.begin(); }
  const_iterator end() const { return entries_.end(); }
  const_iterator find(const Key& key) const { return entries_.find(key); }
  bool contains(const Key& key) const { return entries_.contains(key); }
  const Value& at(const Key& key) const { return entries_.at(key); }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

  /// To change it: the reference must not be kept until the root is asked for.
  Value& at(const Key& key) {
    touched_.insert(key);
    return entries_.at(key);
  }
  Value& operator[](const Key& key) {
    touched_.insert(key);
    return entries_[key];
  }
  /// @returns false, unchanged, when there is an entry of that key
  bool emplace(const Key& key, Value value) {
    touched_.insert(key);
    return entries_.emplace(key, std::move(value)).second;
  }
  void erase(const Key& key) {
    touched_.insert(key);
    entries_.erase(key);
  }

  digest root() const {
    hash_again();
    return trie_.root();
  }
  /// Siblings from the root down to the entry. @returns nothing when there is none
  std::optional<std::vector<digest>> path(const Key& key) const {
    hash_again();
    return trie_.path(entry_place(key));
  }

  friend void describe(encoder& ar, proven_map& x) { ar(x.entries_); }
  friend void describe(decoder& ar, proven_map& x) {
    ar(x.entries_);
    x.touch_all();
  }

private:
  void touch_all() {
    trie_ = {};
    touched_.clear();
    for (const auto& [key, value] : entries_)
      touched_.insert(touched_.end(), key);
  }
  void hash_again() const {
    for (const auto& key : std::exchange(touched_, {})) {
      if (const auto found = entries_.find(key); found != entries_.end())
        trie_.set(entry_place(key), entry_leaf(key, found->second));
      else
        trie_.erase(entry_place(key));
    }
  }

  entries entries_;
  mutable std::set<Key> touched_;  ///< Their leaves may be out of date.
  mutable merkle_trie trie_;
};

}  // namespace datagen::protocol::ledger

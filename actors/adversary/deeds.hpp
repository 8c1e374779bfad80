#pragma once
// What dishonest parties have done so far: what the chain found of it is held against this.

#include "messages/peer.hpp"

#include <map>
#include <mutex>
#include <set>

namespace datagen {

class deeds {
public:
  /// Names a deed: the input's digest or the id of the job that it was done to, where there is one.
  using name = protocol::digest;

  /// Done again to the same job it stays one deed.
  void add(const peer& who, const name& what);
  std::map<peer, std::set<name>> all() const;

private:
  mutable std::mutex mutex_;
  std::map<peer, std::set<name>> done_;
};

}  // namespace datagen

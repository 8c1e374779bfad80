#pragma once
// What this machine remembers of its sessions, so that no sequence number is ever used twice: two
// tickets for one job with different content forfeit the user's bond (protocol.md section 2, 5).
//
//   {"format":"datagen-sessions-1",
//    "sessions":[{"chain":"<hex>","account":"dg1…","session":"7","next_sequence":4}]}
//
// The last entry of an account on a chain is its current session.

#include "protocol/job/job.hpp"

#include <filesystem>

namespace datagen::tools {

/// Whose sessions, on which chain.
struct session_owner {
  protocol::chain_id chain;
  protocol::account_id account;
  friend bool operator==(const session_owner&, const session_owner&) = default;
};

/// Every call reads the file anew under its lock; all throw `failure`.
class session_file {
public:
  /// @param path empty: $XDG_STATE_HOME/datagen/sessions.json or below ~/.local/state
  explicit session_file(const std::string& path);

  std::optional<protocol::session_id> current(const session_owner& owner) const;
  /// The sequence the session's next ticket will have; nothing for one not remembered.
  std::optional<std::uint32_t> next_sequence(const session_owner& owner,
                                             protocol::session_id session) const;
  /// Makes `session` the current one. A sequence counter that is already there never goes back.
  void remember(const session_owner& owner, protocol::session_id session,
                std::uint32_t next_sequence) const;
  /// Takes a sequence number; on disk before this returns. @pre the session is remembered
  std::uint32_t take_sequence(const session_owner& owner, protocol::session_id session) const;
  const std::filesystem::path& path() const { return path_; }

private:
  struct entry {
    session_owner owner;
    protocol::session_id session;
    std::uint32_t next_sequence = 0;
  };
  std::vector<entry> read() const;
  void write(const std::vector<entry>& entries) const;

  std::filesystem::path path_;
};

}  // namespace datagen::tools
